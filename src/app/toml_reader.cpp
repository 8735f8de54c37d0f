#include "toml_reader.hpp"

#include "suggest.hpp"
#include "terminal.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <utility>

namespace deskbridge::app {
namespace {

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text)
{
    std::int64_t count = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failed != std::errc{} || count < 0 || count > 1'000'000'000)
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    while (text.starts_with(' '))
        text.remove_prefix(1);
    constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> units{
        {{"ms", 1}, {"s", 1000}, {"min", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
    for (auto const& [unit, factor] : units)
        if (text == unit)
            return std::chrono::milliseconds{count * factor};
    return std::nullopt;
}

/// A long run of letters and digits is shown by its beginning.
std::string without_pasted_secrets(std::string const& text)
{
    constexpr std::size_t longest_word = 20;
    constexpr std::size_t shown_of_it = 4;
    auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
    auto const is_part = [&](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c); };
    std::string out;
    for (auto at = text.begin(); at != text.end();) {
        auto const end = std::find_if_not(at, text.end(), is_part);
        bool const pasted = static_cast<std::size_t>(end - at) > longest_word && std::any_of(at, end, is_digit);
        out.append(at, pasted ? at + shown_of_it : end);
        if (pasted)
            out += "…";
        if ((at = end) != text.end())
            out += *at++;
    }
    return out;
}

} // namespace

std::string shown_find(Problem const& problem)
{
    return without_pasted_secrets(problem.found);
}

std::string render(Problem const& problem)
{
    std::string out = problem.file;
    if (problem.line)
        out += fmt::format(":{}", problem.line);
    if (problem.column)
        out += fmt::format(":{}", problem.column);
    out += ": ";
    if (!problem.key.empty())
        out += problem.key + ": ";
    if (!problem.found.empty())
        out += "found " + shown_find(problem) + "; ";
    out += "expected " + problem.expected;
    return safe(out); // TOML has escapes for line breaks and for what a terminal obeys
}

bool has_errors(Problems const& problems)
{
    return std::any_of(problems.begin(), problems.end(), [](Problem const& p) { return p.severity == Severity::error; });
}

void print(Problems const& problems)
{
    for (auto const& problem : problems) {
        auto const line = fmt::format("{}: {}\n", problem.severity == Severity::error ? "error" : "warning", safe(render(problem)));
        (void)std::fputs(line.c_str(), stderr); // fmt::print would throw when nobody reads it, and a daemon would not start
    }
}

std::string shown(toml::node const& node)
{
    if (auto const* text = node.as_string())
        return fmt::format("\"{}\"", text->get());
    if (auto const* number = node.as_integer())
        return fmt::format("{}", number->get());
    if (auto const* yes = node.as_boolean())
        return yes->get() ? "true" : "false";
    if (auto const* number = node.as_floating_point())
        return fmt::format("{}", number->get());
    if (node.is_array())
        return "an array";
    return node.is_table() ? "a table" : "a date";
}

std::string TomlReader::path_of(std::string_view key) const
{
    return path_.empty() ? std::string{key} : fmt::format("{}.{}", path_, key);
}

void TomlReader::add(Severity severity, std::string_view key, std::string found, std::string expected)
{
    auto const* at = table_.get(key);
    auto const line = at ? at->source().begin.line : table_.source().begin.line;
    problems_.push_back({file_, std::max(line, 1u), path_of(key), std::move(found), std::move(expected), severity}); // 1: no such section
}

void TomlReader::report(std::string_view key, std::string found, std::string expected)
{
    add(Severity::error, key, std::move(found), std::move(expected));
}

void TomlReader::warn(std::string_view key, std::string found, std::string expected)
{
    add(Severity::warning, key, std::move(found), std::move(expected));
}

toml::node const* TomlReader::node(std::string_view key, Need need)
{
    known_.emplace_back(key);
    auto const* found = table_.get(key);
    if (!found && need == Need::required)
        report(key, "nothing", fmt::format("this key in [{}]", path_));
    return found;
}

std::optional<std::string> TomlReader::text(std::string_view key, Need need)
{
    auto const* found = node(key, need);
    if (!found)
        return std::nullopt;
    auto const* text = found->as_string();
    if (!text || (need == Need::required && text->get().empty())) {
        report(key, shown(*found), "a text in quotes, not empty");
        return std::nullopt;
    }
    return text->get();
}

std::optional<bool> TomlReader::boolean(std::string_view key)
{
    auto const* found = node(key);
    if (!found)
        return std::nullopt;
    if (auto const* yes = found->as_boolean())
        return yes->get();
    report(key, shown(*found), "true or false");
    return std::nullopt;
}

std::optional<std::int64_t> TomlReader::integer(std::string_view key, std::int64_t low, std::int64_t high)
{
    auto const* found = node(key);
    if (!found)
        return std::nullopt;
    auto const* number = found->as_integer();
    if (number && number->get() >= low && number->get() <= high)
        return number->get();
    report(key, shown(*found), fmt::format("a whole number from {} to {}", low, high));
    return std::nullopt;
}

std::optional<std::chrono::milliseconds> TomlReader::duration(std::string_view key, bool forever)
{
    auto const* found = node(key);
    if (!found)
        return std::nullopt;
    auto const* text = found->as_string();
    if (text && forever && text->get() == "never")
        return std::chrono::milliseconds::max();
    if (text)
        if (auto const parsed = parse_duration(text->get()))
            return parsed;
    report(key, shown(*found), fmt::format("a duration such as \"30 s\", \"10 min\", \"72 h\" or \"7 d\"{}",
                                           forever ? ", or \"never\" for no end" : ""));
    return std::nullopt;
}

std::optional<std::vector<std::string>> TomlReader::texts(std::string_view key)
{
    auto const* found = node(key);
    if (!found)
        return std::nullopt;
    std::vector<std::string> out;
    auto const* array = found->as_array();
    bool good = array != nullptr;
    if (array) {
        for (auto const& item : *array) {
            if (auto const* text = item.as_string())
                out.push_back(text->get());
            else
                good = false;
        }
    }
    if (good)
        return out;
    report(key, shown(*found), "an array of texts, such as [\"en\", \"de\"]");
    return std::nullopt;
}

std::optional<std::string> TomlReader::word(std::string_view key, std::vector<std::string> const& words, Need need)
{
    auto const found = text(key, need);
    if (!found)
        return std::nullopt;
    if (std::find(words.begin(), words.end(), *found) != words.end())
        return found;
    auto const near = suggest(*found, words);
    report(key, fmt::format("\"{}\"", *found),
           fmt::format("one of {}{}", fmt::join(words, ", "), near.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", near)));
    return std::nullopt;
}

toml::table const* TomlReader::table(std::string_view key)
{
    auto const* found = node(key);
    if (!found)
        return nullptr;
    if (auto const* table = found->as_table())
        return table;
    report(key, shown(*found), fmt::format("a table: [{}]", path_of(key)));
    return nullptr;
}

void TomlReader::finish()
{
    for (auto const& [key, value] : table_) {
        std::string const name{key.str()};
        if (std::find(known_.begin(), known_.end(), name) != known_.end())
            continue;
        auto const near = suggest(name, known_);
        auto expected = near.empty() ? fmt::format("one of {}", fmt::join(known_, ", "))
                                     : fmt::format("a known key (did you mean \"{}\"?)", near);
        problems_.push_back({file_, key.source().begin.line, path_of(name), "an unknown key", std::move(expected)});
    }
}

} // namespace deskbridge::app
