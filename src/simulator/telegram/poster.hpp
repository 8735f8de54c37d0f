#pragma once

#include "telegram/updates.hpp"

#include <functional>
#include <set>

namespace deskbridge::simulator::telegram {

/// How long before an update is posted again, in Telegram's time: 1 s, doubling, at most one to two minutes by chance.
/// @param asked  the answer's Retry-After; it wins, up to an hour.
/// Source: github.com/tdlib/telegram-bot-api, WebhookActor.cpp (2026-11).
[[nodiscard]] std::chrono::milliseconds next_post(int failures, std::optional<std::chrono::seconds> asked, std::uint64_t dice) noexcept;

/// Is there still use in delivering it? Messages for a day, taps for 150 seconds. Source: as above.
[[nodiscard]] bool is_fresh(std::string_view kind, std::chrono::milliseconds age) noexcept;

/// Delivers updates to the webhook, one at a time of each chat, each until it is answered 2xx.
/// Source: core.telegram.org/bots/api#setwebhook, and as above.
/// Threads: the reactor.
class Poster {
public:
    Poster(BotWorld& world, Updates& updates) : world_{world}, updates_{updates}, bell_{world.house.io.get_executor()} {}

    void start();
    void stop() { bell_.ring(); }
    /// There may be something to deliver, or it goes elsewhere from now on.
    void ring() { bell_.ring(); }
    /// What getWebhookInfo tells.
    [[nodiscard]] Json info() const;
    /// What went wrong with another webhook is forgotten.
    void begin_anew();

    /// A call of the API inside the answer to an update.
    std::function<void(Json const& call)> on_call{};

private:
    struct Trouble {
        int failures{0};
        Timestamp due{};
    };
    [[nodiscard]] boost::asio::awaitable<void> pump();
    [[nodiscard]] boost::asio::awaitable<void> post(Update update);
    /// Starts what may be started; answers how long until the next may.
    std::chrono::milliseconds start_due();
    void drop_stale();
    void settle(Update const& update, net::Answer const& answer, std::chrono::milliseconds took);
    void fail(Update const& update, int status, std::string why, std::optional<std::chrono::seconds> asked);
    void act_on(HttpResponse const& response);

    BotWorld& world_;
    Updates& updates_;
    async::Bell bell_;
    std::set<std::int64_t> in_flight_; ///< chats
    std::map<std::int64_t, Trouble> troubles_; ///< by update
    std::int64_t last_error_at_s_{0};
    std::string last_error_;
    std::optional<Timestamp> gone_since_; ///< answered 410 ever since
};

} // namespace deskbridge::simulator::telegram
