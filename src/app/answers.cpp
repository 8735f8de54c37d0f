#include "answers.hpp"

#include "terminal.hpp"

#include "deskbridge/core/time.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <map>

namespace deskbridge::app {

using nlohmann::ordered_json;

bool for_programs(Globals const& globals)
{
    return globals.json || !on_terminal();
}

namespace {

/// DEL and C1, marks, embeddings, overrides and isolates of direction, separators of lines.
bool steers(std::uint32_t c) noexcept
{
    return (c >= 0x7f && c <= 0x9f) || c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

std::size_t sequence_bytes(unsigned char lead) noexcept
{
    return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/// @param sequence  one character of UTF-8
std::uint32_t code_point(std::string_view sequence) noexcept
{
    auto const lead = static_cast<unsigned char>(sequence.front());
    std::uint32_t code = sequence.size() == 1 ? lead : lead & (0xffU >> (sequence.size() + 1));
    for (char const next : sequence.substr(1))
        code = code << 6 | (static_cast<unsigned char>(next) & 0x3fU);
    return code;
}

} // namespace

std::string render_line(ordered_json const& object)
{
    auto const json = object.dump(-1, ' ', false, ordered_json::error_handler_t::replace); // UTF-8, whatever was in it
    std::string out;
    out.reserve(json.size());
    for (std::size_t at = 0; at < json.size();) {
        auto const sequence = std::string_view{json}.substr(at, sequence_bytes(static_cast<unsigned char>(json[at])));
        auto const code = code_point(sequence);
        if (steers(code))
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", code);
        else
            out += sequence;
        at += sequence.size();
    }
    return out;
}

void print_line(ordered_json const& object)
{
    fmt::print("{}\n", render_line(object));
}

std::string text(ordered_json const& object, char const* key)
{
    auto const found = object.find(key);
    if (found == object.end() || found->is_null())
        return {};
    return found->is_string() ? found->get<std::string>() : found->dump();
}

bool yes(ordered_json const& object, char const* key)
{
    auto const found = object.find(key);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

std::int64_t number(ordered_json const& object, char const* key)
{
    auto const found = object.find(key);
    return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

std::string or_dash(std::string value)
{
    return value.empty() ? "-" : value;
}

std::string counted(std::int64_t count, char const* one, char const* several)
{
    return fmt::format("{} {}", count, count == 1 ? one : several);
}

std::string clock_of(std::string_view rfc3339)
{
    return rfc3339.size() >= 19 ? fmt::format("{} {}", rfc3339.substr(5, 5), rfc3339.substr(11, 8)) : std::string{rfc3339};
}

std::string moment_in_words(std::string_view rfc3339)
{
    return rfc3339.size() >= 19 ? fmt::format("{} {} UTC", rfc3339.substr(0, 10), rfc3339.substr(11, 8)) : std::string{rfc3339};
}

namespace {

/// "2h": how many milliseconds that is.
std::optional<std::chrono::milliseconds> ago(std::string_view word)
{
    static std::map<char, std::int64_t> const seconds{{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
    std::int64_t count = 0;
    auto const [end, failed] = std::from_chars(word.data(), word.data() + word.size(), count);
    if (failed != std::errc{} || end != word.data() + word.size() - 1 || count < 0 || count > 1'000'000)
        return std::nullopt;
    auto const unit = seconds.find(*end);
    return unit == seconds.end() ? std::nullopt : std::optional{std::chrono::milliseconds{count * unit->second * 1000}};
}

} // namespace

std::string moment_of(std::string const& word, char const* option)
{
    if (auto const before = ago(word))
        return render_rfc3339(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) - *before);
    auto spelled = word;
    if (spelled.size() > 10 && spelled[10] == ' ')
        spelled[10] = 'T';
    for (auto const* rest : {"", "Z", ":00Z", "T00:00:00Z"})
        if (auto const at = parse_rfc3339(spelled + rest))
            return render_rfc3339(*at);
    throw WrongUsage(fmt::format("{}: \"{}\" is no moment\nfix:   write 2026-11-21T14:03:09Z, \"2026-11-21 14:03\" (UTC), 2026-11-21, or how "
                                 "long ago: 90s, 30m, 2h, 3d", option, safe(word)));
}

std::string paused_in_words(std::string const& account, ordered_json const& paused)
{
    if (!paused.is_object())
        return {};
    return fmt::format("account {} is paused since {}: {}", safe(account), moment_in_words(text(paused, "at")), safe(text(paused, "reason")));
}

} // namespace deskbridge::app
