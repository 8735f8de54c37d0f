#include "deskbridge/channel/url.hpp"

#include "deskbridge/core/time.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace deskbridge::channel {
namespace {

constexpr std::chrono::seconds longest_wait{3600};

bool is_unreserved(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
           c == '~';
}

std::optional<std::int64_t> number(std::string_view digits) noexcept
{
    std::int64_t value = 0;
    auto const* end = digits.data() + digits.size();
    auto const [stopped, error] = std::from_chars(digits.data(), end, value);
    if (digits.empty() || digits.front() == '-' || error != std::errc{} || stopped != end)
        return std::nullopt;
    return value;
}

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 5.6.7; the obsolete forms are not read).
std::optional<Timestamp> http_date(std::string_view text)
{
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT")
        return std::nullopt;
    auto const month = std::find(months.begin(), months.end(), text.substr(8, 3));
    if (month == months.end())
        return std::nullopt;
    std::string iso{text.substr(12, 4)};
    auto const index = static_cast<int>(month - months.begin()) + 1;
    iso.append(index < 10 ? "-0" : "-").append(std::to_string(index)).append("-").append(text.substr(5, 2));
    iso.append("T").append(text.substr(17, 8)).append("Z");
    return parse_rfc3339(iso);
}

} // namespace

std::string escape_url(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (char const c : text) {
        if (is_unreserved(c)) {
            out += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 0x0FU];
    }
    return out;
}

std::string join_url(std::string_view base, std::initializer_list<std::string_view> segments)
{
    while (base.ends_with('/'))
        base.remove_suffix(1);
    std::string url{base};
    for (auto const segment : segments)
        url.append("/").append(escape_url(segment));
    return url;
}

std::string with_query(std::string url, std::initializer_list<std::pair<std::string_view, std::string_view>> parameters)
{
    char separator = url.find('?') == std::string::npos ? '?' : '&';
    for (auto const& [name, value] : parameters) {
        url += separator;
        url.append(escape_url(name)).append("=").append(escape_url(value));
        separator = '&';
    }
    return url;
}

std::optional<std::chrono::seconds> retry_after(HttpResponse const& response)
{
    auto const asked = response.headers.find("Retry-After");
    if (!asked)
        return std::nullopt;
    if (auto const seconds = number(*asked))
        return std::chrono::seconds{std::min<std::int64_t>(*seconds, longest_wait.count())};
    auto const until = http_date(*asked);
    auto const now = http_date(response.headers.find("Date").value_or(""));
    if (!until || !now || *until < *now)
        return std::nullopt;
    return std::min(std::chrono::duration_cast<std::chrono::seconds>(*until - *now), longest_wait);
}

std::string loopback_host(std::string_view url)
{
    for (std::string_view const host : {"127.0.0.1", "localhost", "[::1]"})
        for (std::string_view const scheme : {"http://", "https://"})
            if (url.starts_with(scheme) && url.substr(scheme.size()).starts_with(host)) {
                auto const rest = url.substr(scheme.size() + host.size());
                if (rest.empty() || rest.front() == ':' || rest.front() == '/')
                    return std::string{host == "[::1]" ? host.substr(1, 3) : host};
            }
    return {};
}

} // namespace deskbridge::channel
