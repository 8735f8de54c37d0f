#include "canary.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fault {
namespace {

constexpr std::size_t part_size = 12;

std::string folded(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

std::string hex(std::string_view bytes)
{
    std::string out;
    for (char const c : bytes)
        out += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return out;
}

/// The characters of a base64 text that these bytes alone decide, when `before` bytes stand in front of them.
std::string base64_core(std::string_view bytes, std::size_t before, std::string_view alphabet)
{
    std::string const whole = std::string(before, '\0') + std::string{bytes};
    std::string out;
    std::size_t const first = (before * 8 + 5) / 6;
    std::size_t const end = whole.size() * 8 / 6;
    for (std::size_t i = first; i < end; ++i) {
        unsigned six = 0;
        for (std::size_t bit = i * 6; bit < i * 6 + 6; ++bit)
            six = six << 1U | (static_cast<unsigned>(static_cast<unsigned char>(whole[bit / 8])) >> (7 - bit % 8) & 1U);
        out += alphabet[six];
    }
    return out;
}

std::string url_encoded(std::string_view text)
{
    std::string out;
    for (char const c : text) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        out += plain ? std::string(1, c) : fmt::format("%{:02x}", static_cast<unsigned char>(c));
    }
    return out;
}

/// \uXXXX for what is not ASCII (two bytes of UTF-8 at most: no canary has more), and a backslash where JSON may want one.
std::string json_escaped(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const c = static_cast<unsigned char>(text[i]);
        if (c >= 0xC0 && i + 1 < text.size())
            out += fmt::format("\\u{:04x}", (c & 0x1FU) << 6U | (static_cast<unsigned char>(text[++i]) & 0x3FU));
        else if (c == '"' || c == '\\' || c == '/')
            out.append("\\").append(1, text[i]);
        else
            out += text[i];
    }
    return out;
}

void add_part(std::vector<Disguise>& out, std::string_view part)
{
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    auto const alphabet = std::string{letters} + "+/";
    auto const safe_alphabet = std::string{letters} + "-_";
    out.push_back({"plain", std::string{part}});
    out.push_back({"hex", hex(part)});
    for (auto const& [name, text] : {std::pair{"URL-encoded", url_encoded(part)}, std::pair{"JSON-escaped", json_escaped(part)}})
        if (text != part)
            out.push_back({name, text});
    for (std::size_t before = 0; before < 3; ++before) {
        auto const usual = base64_core(part, before, alphabet);
        auto const safe = base64_core(part, before, safe_alphabet);
        out.push_back({"base64", usual, false});
        if (safe != usual)
            out.push_back({"base64url", safe, false});
    }
}

/// A part must not begin or end in the middle of a character: as \uXXXX it would not be the same.
bool is_inside(std::string_view value, std::size_t at)
{
    return at < value.size() && (static_cast<unsigned char>(value[at]) & 0xC0U) == 0x80U;
}

} // namespace

std::vector<Disguise> disguises_of(std::string_view value)
{
    std::vector<Disguise> out;
    for (std::size_t at = 0; at < value.size(); at += part_size) {
        auto from = at + part_size <= value.size() ? at : value.size() - std::min(part_size, value.size());
        auto to = std::min(from + part_size, value.size());
        from += is_inside(value, from) ? 1U : 0U;
        to -= is_inside(value, to) ? 1U : 0U;
        add_part(out, value.substr(from, to - from));
    }
    return out;
}

Haystack::Haystack(std::string bytes) : bytes_{std::move(bytes)}, folded_{folded(bytes_)} {}

std::size_t Haystack::find(Disguise const& disguise) const
{
    return disguise.any_case ? folded_.find(folded(disguise.text)) : bytes_.find(disguise.text);
}

bool Haystack::holds(Disguise const& disguise) const
{
    return find(disguise) != std::string::npos;
}

std::string Haystack::sighting(Canary const& canary) const
{
    for (auto const& disguise : disguises_of(canary.value))
        if (auto const at = find(disguise); at != std::string::npos)
            return fmt::format("{} at {}", disguise.name, at);
    return {};
}

} // namespace fault
