#pragma once

#include "telegram/bot_world.hpp"
#include "telegram/parameters.hpp"

#include "deskbridge/async/bell.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>

namespace deskbridge::simulator::telegram {

/// What happened in the bot's chats, in its order, until the bot has it: fetched by getUpdates, or delivered by `Poster`.
/// Source: core.telegram.org/bots/api#getting-updates (Bot API 10.1, 2026-11).
/// Threads: the reactor.
class Updates {
public:
    explicit Updates(BotWorld& world) : world_{world}, bell_{world.house.io.get_executor()} {}

    /// Leaves it out if the bot does not want that kind.
    void emit(std::string kind, Json node, std::int64_t chat);
    /// It was taken, or will never be.
    void done(std::int64_t id, bool taken);

    /// getUpdates: waits as long as it was asked to. Another one ends it.
    [[nodiscard]] boost::asio::awaitable<Answer> fetch(Parameters const& parameters);
    void stop() { bell_.ring(); }

    std::function<void()> on_emitted{};

private:
    [[nodiscard]] bool wanted(std::string_view kind) const;
    void acknowledge(std::int64_t offset);
    [[nodiscard]] Json first(std::size_t limit) const;

    BotWorld& world_;
    async::Bell bell_;
    std::uint64_t round_{0}; ///< of getUpdates: only the last may wait
};

[[nodiscard]] Json to_json(Update const& update);
/// `allowed_updates` of a call, if it has any that can be read: kept from now on.
void take_allowed(Book& book, Parameters const& parameters);

} // namespace deskbridge::simulator::telegram
