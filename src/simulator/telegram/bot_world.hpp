#pragma once

#include "limits.hpp"
#include "telegram/book.hpp"
#include "telegram/bot_fault.hpp"
#include "world.hpp"

namespace deskbridge::simulator::telegram {

/// What the parts of the Telegram half share. Its chats, its ledger and its clock are its own.
/// Threads: the reactor.
struct BotWorld {
    explicit BotWorld(World& simulator);

    /// Errors: storage.
    [[nodiscard]] Result<void> open();
    [[nodiscard]] bool healthy() const noexcept { return book.healthy() && ledger.healthy(); }
    /// Telegram's own time: the clock and what the control API has added to it.
    [[nodiscard]] Timestamp now() const { return house.clock.now() + book.clock_offset(); }
    [[nodiscard]] std::int64_t now_s() const { return to_ms(now()) / 1000; }
    /// The bot's `User` object, as others see it.
    [[nodiscard]] Json bot() const;
    [[nodiscard]] std::string const& token() const noexcept { return house.options.telegram_token; }

    [[nodiscard]] std::filesystem::path folder() const { return house.options.state_dir / "telegram"; }
    /// Keeps a file in the form in which `kind` ("photo", "document", …) has it. Errors: storage.
    [[nodiscard]] Result<File> keep_file(std::string_view kind, std::string mime_type, std::string name, std::string_view bytes);
    [[nodiscard]] std::optional<std::string> bytes_of(File const& file) const;

    /// How long that chat has to wait before another message; 0: not at all, and one was taken.
    [[nodiscard]] int pace(std::int64_t chat);

    World& house;
    Ledger ledger;
    Book book;
    BotFaults faults;

private:
    Bucket pace_of_bot_;
    std::map<std::int64_t, Bucket> pace_of_chats_;
};

/// The digits before the colon of a token; 0: it is none.
[[nodiscard]] std::int64_t bot_id_of(std::string_view token);

} // namespace deskbridge::simulator::telegram
