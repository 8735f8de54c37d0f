#include "template_places.hpp"

#include "deskbridge/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace deskbridge::whatsapp {
namespace {

constexpr std::size_t longest_shown = 60;

template <class List>
bool contains(List const& list, std::string const& word)
{
    return std::find(list.begin(), list.end(), word) != list.end();
}

std::string shown(std::string_view key)
{
    return shorten(clean_text(key), longest_shown);
}

std::string trimmed(std::string_view word)
{
    auto const first = word.find_first_not_of(" \t\n");
    return first == std::string_view::npos ? std::string{} : std::string{word.substr(first, word.find_last_not_of(" \t\n") - first + 1)};
}

/// The next place from `from` on; begin npos: none.
struct Place {
    std::size_t begin{std::string_view::npos};
    std::size_t end{0}; ///< behind the braces
    std::string name{};
};

Place next_place(std::string_view text, std::size_t from)
{
    auto const open = text.find("{{", from);
    auto const close = open == std::string_view::npos ? open : text.find("}}", open);
    if (close == std::string_view::npos)
        return {};
    return {open, close + 2, trimmed(text.substr(open + 2, close - open - 2))};
}

} // namespace

std::vector<std::string> placeholders_of(std::string_view text)
{
    std::vector<std::string> names;
    for (auto place = next_place(text, 0); place.begin != std::string_view::npos; place = next_place(text, place.end))
        if (!place.name.empty() && !contains(names, place.name))
            names.push_back(place.name);
    return names;
}

std::string fill_places(std::string_view text, TemplateValues const& values)
{
    std::string out;
    std::size_t done = 0;
    for (auto place = next_place(text, 0); place.begin != std::string_view::npos; place = next_place(text, place.end)) {
        auto const value = std::find_if(values.begin(), values.end(), [&](auto const& pair) { return pair.first == place.name; });
        out += text.substr(done, place.begin - done);
        out += value == values.end() ? std::string{text.substr(place.begin, place.end - place.begin)} : value->second;
        done = place.end;
    }
    return out.append(text.substr(done));
}

std::string const* Places::find(channel::TemplatePlace place)
{
    auto const pair = std::find_if(values_.begin(), values_.end(), [&](auto const& one) { return one.first == place.key; });
    asked_.push_back(std::move(place));
    return pair == values_.end() ? nullptr : &pair->second;
}

void Places::check_form(std::string const& key, std::string const& value)
{
    if (is_blank(value))
        refuse(fmt::format("The value for \"{}\" is empty, and WhatsApp takes no empty ones.", key));
    else if (value.find_first_of("\n\r\t") != std::string::npos)
        refuse(fmt::format("The value for \"{}\" has a line break or a tab, which WhatsApp does not take: write it in one line.", key));
    else if (value.find("     ") != std::string::npos)
        refuse(fmt::format("The value for \"{}\" has more than four spaces in a row, which WhatsApp does not take.", key));
}

std::string Places::checked(channel::TemplatePlace const& place)
{
    auto const* value = find(place);
    if (value == nullptr) {
        refuse(fmt::format("The value for \"{}\" is missing.", place.key));
        return {};
    }
    check_form(place.key, *value);
    return clean_text(*value);
}

std::string Places::required(std::string const& key)
{
    return checked({key});
}

std::string Places::of_body(std::string const& key)
{
    return checked({.key = key, .body = true});
}

std::optional<std::string> Places::optional(std::string const& key)
{
    auto const* value = find({.key = key, .required = false});
    if (value == nullptr)
        return std::nullopt;
    check_form(key, *value);
    return clean_text(*value);
}

double Places::required_number(std::string const& key, double bound)
{
    auto const text = required(key);
    double number = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    bool const whole = failed == std::errc{} && end == text.data() + text.size();
    if (!text.empty() && !(whole && std::isfinite(number) && std::abs(number) <= bound))
        refuse(fmt::format("The value for \"{}\" must be a number from -{} to {}.", key, bound, bound));
    return number;
}

void Places::check_length(std::string_view what, std::string const& text, std::size_t max_units)
{
    if (auto const units = utf16_units(text); units > max_units)
        refuse(fmt::format("With these values the {} has {} characters; WhatsApp takes {}.", what, units, max_units));
}

void Places::refuse(std::string sentence)
{
    mistakes_.push_back(std::move(sentence));
}

std::string Places::finish()
{
    std::string places;
    std::vector<std::string> keys;
    for (auto const& place : asked_) {
        places += (places.empty() ? "" : ", ") + place.key;
        keys.push_back(place.key);
    }
    auto const has = places.empty() ? std::string{": it takes no values"} : "; it has: " + places;
    std::vector<std::string> seen;
    for (auto const& [key, value] : values_) {
        if (!contains(keys, key))
            refuse(fmt::format("The template has no place for \"{}\"{}.", shown(key), has));
        else if (contains(seen, key))
            refuse(fmt::format("The value for \"{}\" is given twice.", key));
        seen.push_back(key);
    }
    std::string all;
    for (auto const& mistake : mistakes_)
        all += (all.empty() ? "" : " ") + mistake;
    return all;
}

} // namespace deskbridge::whatsapp
