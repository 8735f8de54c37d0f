#pragma once

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>

#include <sys/types.h>

namespace fault {

/// `deskbridge simulate` as a process of its own, in the place of Telegram's servers, and one person who writes to the bot. Throws if
/// it does not start.
class BotChat {
public:
    /// Writes the bot's token into `folder`. `port`: where it listens.
    BotChat(std::string const& program, std::filesystem::path const& folder, int port);
    ~BotChat();
    BotChat(BotChat const&) = delete;
    BotChat& operator=(BotChat const&) = delete;

    // What the person does. Each answers the number of the message.
    std::int64_t says(std::string const& text) const;
    std::int64_t sends_photo(std::string const& bytes, std::string const& caption) const;
    void edits(std::int64_t message, std::string const& text) const;
    void blocks(bool blocked) const;
    /// Taps the newest button with this title; false: there is none.
    [[nodiscard]] bool taps(std::string const& title) const;

    /// The Bot API's own method, as whoever has the token calls it; the whole answer.
    nlohmann::json call(std::string const& method, nlohmann::json const& parameters) const;
    /// The next calls that send something go wrong in this way.
    void goes_wrong(nlohmann::json const& fault) const;

    /// What the bot has written, oldest first, in the provider's shape.
    [[nodiscard]] nlohmann::json from_bot() const;
    [[nodiscard]] bool shows(std::string const& words) const;
    /// How many messages of the bot have exactly this text, or caption.
    [[nodiscard]] std::size_t copies(std::string const& text) const;
    /// What lies behind a file's id.
    [[nodiscard]] std::string bytes_of(std::string const& file) const;
    /// The ledger's rows of calls of a method, oldest first.
    [[nodiscard]] nlohmann::json calls(std::string const& method) const;
    /// The control API: below /sim/telegram.
    [[nodiscard]] nlohmann::json get(std::string const& path) const;
    nlohmann::json post(std::string const& path, nlohmann::json const& order) const;
    /// The person's number.
    [[nodiscard]] std::int64_t id() const noexcept { return person_; }
    /// Updates that the bot has not taken yet.
    [[nodiscard]] std::size_t waiting() const;

    static constexpr char const* token = "7100200300:AAExampleToken_of-the-loop";

private:
    [[nodiscard]] std::string person(std::string const& verb) const;

    int port_;
    pid_t pid_{-1};
    std::int64_t person_{0};
};

} // namespace fault
