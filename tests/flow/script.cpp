#include "script.hpp"

#include <charconv>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace deskbridge::test {
namespace {

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

std::vector<std::string> split(std::string_view text)
{
    std::istringstream in{std::string{text}};
    std::vector<std::string> words;
    for (std::string word; in >> word;)
        words.push_back(word);
    return words;
}

/// "\n" in a text is a line break.
std::string unescaped(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == 'n') {
            out += '\n';
            ++i;
        } else {
            out += text[i];
        }
    return out;
}

void take_options(std::string_view& rest, Line& line)
{
    auto const bars = rest.find(" ||");
    if (bars == std::string_view::npos)
        return;
    std::istringstream in{std::string{rest.substr(bars + 3)}};
    for (std::string part; std::getline(in, part, ',');) {
        auto const option = trimmed(part);
        auto const space = option.find(' ');
        line.options[std::string{option.substr(0, space)}] =
            space == std::string_view::npos ? std::string{} : std::string{trimmed(option.substr(space))};
    }
    rest = trimmed(rest.substr(0, bars));
}

/// The colon that ends the words: the first one that is followed by a space or the end.
std::size_t colon_of(std::string_view text)
{
    for (auto at = text.find(':'); at != std::string_view::npos; at = text.find(':', at + 1))
        if (at + 1 == text.size() || text[at + 1] == ' ')
            return at;
    return std::string_view::npos;
}

Line parse(std::string_view rest, int number)
{
    Line line;
    line.number = number;
    line.whole = rest;
    if (rest.starts_with('+')) {
        auto const end = rest.find(' ');
        line.after = parse_duration(rest.substr(1, end == std::string_view::npos ? end : end - 1));
        rest = end == std::string_view::npos ? std::string_view{} : trimmed(rest.substr(end));
    }
    take_options(rest, line);
    if (rest.starts_with('[')) {
        auto const end = rest.find(']');
        if (end == std::string_view::npos)
            throw std::runtime_error{"a label without ]"};
        line.label = rest.substr(1, end - 1);
        rest = trimmed(rest.substr(end + 1));
    }
    auto const colon = colon_of(rest);
    line.words = split(rest.substr(0, colon));
    if (colon != std::string_view::npos) {
        line.has_text = true;
        line.text = unescaped(trimmed(rest.substr(colon + 1)));
    }
    return line;
}

} // namespace

std::string const& Line::word(std::size_t index) const
{
    if (index >= words.size())
        throw std::runtime_error{"something is missing"};
    return words[index];
}

bool Line::is(std::size_t index, std::string_view word) const
{
    return index < words.size() && words[index] == word;
}

std::optional<std::string> Line::option(std::string_view name) const
{
    auto const found = options.find(name);
    return found == options.end() ? std::nullopt : std::optional{found->second};
}

std::chrono::milliseconds parse_duration(std::string_view text)
{
    std::int64_t number = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    std::string_view const unit{end, static_cast<std::size_t>(text.data() + text.size() - end)};
    if (ec == std::errc{}) {
        if (unit == "ms")
            return std::chrono::milliseconds{number};
        if (unit == "s")
            return std::chrono::seconds{number};
        if (unit == "m")
            return std::chrono::minutes{number};
        if (unit == "h")
            return std::chrono::hours{number};
        if (unit == "d")
            return std::chrono::hours{24 * number};
    }
    throw std::runtime_error{"not a duration: " + std::string{text}};
}

std::vector<Line> read_script(std::filesystem::path const& file)
{
    std::ifstream in{file};
    if (!in)
        throw std::runtime_error{"cannot read " + file.string()};
    std::vector<Line> lines;
    int number = 0;
    for (std::string raw; std::getline(in, raw);) {
        ++number;
        auto const text = trimmed(raw);
        if (text.empty() || text.starts_with('#'))
            continue;
        try {
            lines.push_back(parse(text, number));
        } catch (std::exception const& error) {
            throw std::runtime_error{file.filename().string() + ":" + std::to_string(number) + ": " + error.what()};
        }
    }
    return lines;
}

} // namespace deskbridge::test
