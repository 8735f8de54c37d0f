#include "deskbridge/core/time.hpp"

#include <fmt/format.h>

#include <charconv>

namespace deskbridge {
namespace {

/// Takes `width` digits off the front, or nothing.
std::optional<int> take_digits(std::string_view& text, std::size_t width) noexcept
{
    if (text.size() < width)
        return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < width; ++i) {
        if (text[i] < '0' || text[i] > '9')
            return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(width);
    return value;
}

bool take(std::string_view& text, std::string_view any_of) noexcept
{
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos)
        return false;
    text.remove_prefix(1);
    return true;
}

/// ".120456" as milliseconds; digits beyond the third are cut off.
std::optional<std::chrono::milliseconds> take_fraction(std::string_view& text) noexcept
{
    if (!take(text, "."))
        return std::chrono::milliseconds{0};
    int ms = 0;
    int digits = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1), ++digits)
        if (digits < 3)
            ms = ms * 10 + (text.front() - '0');
    if (digits == 0 || digits > 9)
        return std::nullopt;
    for (; digits < 3; ++digits)
        ms *= 10;
    return std::chrono::milliseconds{ms};
}

std::optional<std::chrono::minutes> take_offset(std::string_view& text) noexcept
{
    if (take(text, "Zz"))
        return std::chrono::minutes{0};
    if (text.empty() || (text.front() != '+' && text.front() != '-'))
        return std::nullopt;
    int const sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    auto const hours = take_digits(text, 2);
    if (!hours || !take(text, ":"))
        return std::nullopt;
    auto const minutes = take_digits(text, 2);
    if (!minutes || *hours > 23 || *minutes > 59)
        return std::nullopt;
    return std::chrono::minutes{sign * (*hours * 60 + *minutes)};
}

} // namespace

std::string render_rfc3339(Timestamp at)
{
    auto const day = std::chrono::floor<std::chrono::days>(at);
    std::chrono::year_month_day const date{day};
    std::chrono::hh_mm_ss const time{at - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                       time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

std::optional<Timestamp> parse_rfc3339(std::string_view text) noexcept
{
    auto const year = take_digits(text, 4);
    if (!year || !take(text, "-"))
        return std::nullopt;
    auto const month = take_digits(text, 2);
    if (!month || !take(text, "-"))
        return std::nullopt;
    auto const day = take_digits(text, 2);
    if (!day || !take(text, "Tt "))
        return std::nullopt;
    auto const hour = take_digits(text, 2);
    if (!hour || !take(text, ":"))
        return std::nullopt;
    auto const minute = take_digits(text, 2);
    if (!minute || !take(text, ":"))
        return std::nullopt;
    auto const second = take_digits(text, 2);
    if (!second || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    std::chrono::year_month_day const date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    auto const fraction = take_fraction(text);
    auto const offset = take_offset(text);
    if (!date.ok() || !fraction || !offset || !text.empty())
        return std::nullopt;
    Timestamp const at{std::chrono::sys_days{date} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
                       std::chrono::seconds{*second} + *fraction - *offset};
    // An offset may lead out of the years that can be written with four digits.
    constexpr Timestamp first{std::chrono::sys_days{std::chrono::year{0} / 1 / 1}};
    constexpr Timestamp end{std::chrono::sys_days{std::chrono::year{10000} / 1 / 1}};
    return at >= first && at < end ? std::optional{at} : std::nullopt;
}

} // namespace deskbridge
