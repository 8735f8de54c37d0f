#pragma once

#include "deskbridge/core/reference.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace deskbridge {

/// What a customer can order with one word.
enum class Command { status, new_, agent, close, help, stop, start, language };

/// "status", "new", …, "language": the words in SQL (message.command) and in catalogues.
[[nodiscard]] std::string_view render_command(Command command) noexcept;
[[nodiscard]] std::optional<Command> parse_command(std::string_view word) noexcept;

/// While an agent's question is unanswered, the other words may be its answer.
[[nodiscard]] constexpr bool counts_while_agent_waits(Command command) noexcept
{
    return command == Command::status || command == Command::stop || command == Command::start;
}

/// A whole message understood as a command.
struct CommandMatch {
    Command command{Command::status};
    std::string language; ///< for `language`: the one asked for; else empty
    std::optional<ReferenceCandidate> reference; ///< "status #4821-9376"; check `valid`
    friend bool operator==(CommandMatch const&, CommandMatch const&) = default;
};

/// Command words and closers of the enabled languages. Comes with a `Catalogue`. Threads: const is safe.
class CommandWords {
public:
    /// False if the word folds to nothing or already means something else: nothing is changed then.
    [[nodiscard]] bool add(std::string_view word, Command command, std::string_view language = {});
    /// A phrase, or one emoji, that closes a chat: "thanks", "that's all", "👍". False if it is a command.
    [[nodiscard]] bool add_closer(std::string_view phrase);

    /// The command that the *whole* message is, give or take case, accents, punctuation, emoji and one reference.
    [[nodiscard]] std::optional<CommandMatch> find(std::string_view message, std::string_view prefix = "#") const;

    /// Is the *whole* message made of closers: "Ok, thank you so much! 🙏", "👍🏽"? (A sticker is the caller's matter.)
    [[nodiscard]] bool is_closer(std::string_view message) const;

private:
    struct Meaning {
        Command command;
        std::string language;
        friend bool operator==(Meaning const&, Meaning const&) = default;
    };
    std::map<std::string, Meaning, std::less<>> words_;   // folded
    std::set<std::string, std::less<>> closers_;          // folded
    std::set<std::string, std::less<>> closing_emoji_;    // without skin tone and variation selector
};

} // namespace deskbridge
