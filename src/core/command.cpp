#include "deskbridge/core/command.hpp"

#include "deskbridge/core/text.hpp"
#include "utf8.hpp"

#include <array>
#include <vector>

namespace deskbridge {
namespace {

/// Longer messages are never a command or a closer, and need not be folded.
constexpr std::size_t longest_command_bytes = 300;

struct Name {
    Command command;
    std::string_view word;
};

constexpr std::array<Name, 8> names{{{Command::status, "status"},
                                     {Command::new_, "new"},
                                     {Command::agent, "agent"},
                                     {Command::close, "close"},
                                     {Command::help, "help"},
                                     {Command::stop, "stop"},
                                     {Command::start, "start"},
                                     {Command::language, "language"}}};

bool is_emoji(UChar32 value) noexcept
{
    constexpr UChar32 first = 0xA9; // the copyright sign
    if (value < first)
        return false;
    return u_hasBinaryProperty(value, UCHAR_EXTENDED_PICTOGRAPHIC) != 0 || u_hasBinaryProperty(value, UCHAR_EMOJI_PRESENTATION) != 0;
}

/// The emoji whatever its skin tone and variation selector.
std::string plain_emoji(std::string_view grapheme)
{
    constexpr UChar32 emoji_style = 0xFE0F;
    std::string plain;
    for_each_code_point(grapheme, [&](CodePoint const& point) {
        if (point.value != emoji_style && u_hasBinaryProperty(point.value, UCHAR_EMOJI_MODIFIER) == 0)
            append_utf8(plain, point.value);
    });
    return plain;
}

/// A message as closers see it.
struct ClosingText {
    std::string words; ///< folded
    std::vector<std::string> emoji;
    bool asks{false};
};

ClosingText read_closing(std::string_view message)
{
    if (is_ascii(message)) // no emoji: nothing to take apart
        return {fold_for_match(message), {}, message.find('?') != std::string_view::npos};
    ClosingText read;
    std::string rest;
    for (auto const grapheme : graphemes(message)) {
        auto const first = code_point_at(grapheme, 0).value;
        if (is_emoji(first)) {
            read.emoji.push_back(plain_emoji(grapheme));
            rest += ' ';
            continue;
        }
        constexpr UChar32 arabic_question = 0x061F;
        constexpr UChar32 fullwidth_question = 0xFF1F;
        read.asks |= first == '?' || first == arabic_question || first == fullwidth_question;
        rest += grapheme;
    }
    read.words = fold_for_match(rest);
    return read;
}

/// Can the words be read as closers one after another: "ok" + "thank you" + "so much"?
bool made_of(std::set<std::string, std::less<>> const& phrases, std::string_view words)
{
    std::vector<bool> reached(words.size() + 2, false);
    reached[0] = true;
    for (std::size_t begin = 0; begin < words.size(); ++begin) {
        if (!reached[begin])
            continue;
        for (auto end = words.find(' ', begin);; end = words.find(' ', end + 1)) {
            auto const stop = std::min(end, words.size());
            if (phrases.contains(words.substr(begin, stop - begin)))
                reached[stop == words.size() ? stop : stop + 1] = true;
            if (stop == words.size())
                break;
        }
    }
    return reached[words.size()];
}

} // namespace

std::string_view render_command(Command command) noexcept
{
    for (auto const& name : names)
        if (name.command == command)
            return name.word;
    return {};
}

std::optional<Command> parse_command(std::string_view word) noexcept
{
    for (auto const& name : names)
        if (name.word == word)
            return name.command;
    return std::nullopt;
}

bool CommandWords::add(std::string_view word, Command command, std::string_view language)
{
    auto folded = fold_for_match(word);
    if (folded.empty() || closers_.contains(folded))
        return false;
    Meaning meaning{command, std::string{language}};
    auto const [at, fresh] = words_.try_emplace(std::move(folded), meaning);
    return fresh || at->second == meaning;
}

bool CommandWords::add_closer(std::string_view phrase)
{
    auto const read = read_closing(phrase);
    if (read.words.empty()) {
        closing_emoji_.insert(read.emoji.begin(), read.emoji.end());
        return !read.emoji.empty();
    }
    if (words_.contains(read.words))
        return false;
    closers_.insert(read.words);
    return true;
}

std::optional<CommandMatch> CommandWords::find(std::string_view message, std::string_view prefix) const
{
    if (message.size() > longest_command_bytes)
        return std::nullopt;
    auto const meaning = words_.find(fold_for_match(message));
    if (meaning != words_.end())
        return CommandMatch{meaning->second.command, meaning->second.language, std::nullopt};
    for (auto& candidate : find_marked_references(message, prefix)) {
        std::string rest{message.substr(0, candidate.begin)};
        rest.append(" ").append(message.substr(candidate.end));
        auto const about = words_.find(fold_for_match(rest));
        if (about != words_.end() && about->second.command != Command::language)
            return CommandMatch{about->second.command, {}, std::move(candidate)};
    }
    return std::nullopt;
}

bool CommandWords::is_closer(std::string_view message) const
{
    if (message.size() > longest_command_bytes)
        return false;
    auto const read = read_closing(message);
    if (read.asks || (read.words.empty() && read.emoji.empty()))
        return false;
    for (auto const& emoji : read.emoji)
        if (!closing_emoji_.contains(emoji))
            return false;
    return made_of(closers_, read.words);
}

} // namespace deskbridge
