#include "message.hpp"

#include "syntax.hpp"

#include <boost/beast/http/status.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <iterator>

namespace deskbridge::net {
namespace {

std::string_view reason_phrase(int status) noexcept
{
    namespace http = boost::beast::http;
    auto const text = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(status)));
    return {text.data(), text.size()};
}

std::string_view problem_type(int status) noexcept
{
    switch (status) {
    case 404:
        return "/problems/not-found";
    case 413:
        return "/problems/payload-too-large";
    case 503:
        return "/problems/maintenance";
    default:
        return "about:blank";
    }
}

std::string_view problem_detail(int status) noexcept
{
    switch (status) {
    case 404:
        return "there is no such resource";
    case 405:
        return "this resource is not asked that way; Allow says how";
    case 413:
        return "the body is larger than this resource takes";
    case 429:
    case 503:
        return "too much at once; Retry-After says when to come again";
    default:
        return "the server refused the request before it was looked at";
    }
}

/// IMF-fixdate (RFC 9110 5.6.7), made once a second.
std::string const& http_date()
{
    static thread_local std::string text;
    static thread_local std::time_t made_at = 0;
    auto const now = std::time(nullptr);
    if (now != made_at) {
        constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
        constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
        std::tm utc{};
        gmtime_r(&now, &utc);
        text = fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days.at(static_cast<std::size_t>(utc.tm_wday)),
                           utc.tm_mday, months.at(static_cast<std::size_t>(utc.tm_mon)), utc.tm_year + 1900, utc.tm_hour,
                           utc.tm_min, utc.tm_sec);
        made_at = now;
    }
    return text;
}

bool is_framing(std::string_view name) noexcept
{
    constexpr std::array framing{std::string_view{"Content-Length"}, std::string_view{"Transfer-Encoding"},
                                 std::string_view{"Connection"}, std::string_view{"Date"}, std::string_view{"Trailer"}};
    return std::any_of(framing.begin(), framing.end(), [&](auto other) { return same_word(name, other); });
}

} // namespace

HttpResponse problem_response(int status)
{
    HttpResponse out;
    out.status = status;
    out.headers.add("Content-Type", "application/problem+json");
    bool const later = status == 503;
    out.body = fmt::format(R"({{"type":"{}","title":"{}","status":{},"detail":"{}","retryable":{}}})", problem_type(status),
                           reason_phrase(status), status, problem_detail(status), later);
    if (later)
        out.headers.add("Retry-After", "1");
    return out;
}

std::optional<std::string> render_head(HttpResponse const& response, Framing const& framing)
{
    std::string out = fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status, reason_phrase(response.status), http_date());
    for (auto const& [name, value] : response.headers) {
        if (is_framing(name))
            continue;
        if (!is_token(name) || !is_field_value(value))
            return std::nullopt;
        fmt::format_to(std::back_inserter(out), "{}: {}\r\n", name, value);
    }
    if (response.headers.count("Cache-Control") == 0)
        out += "Cache-Control: no-store\r\n";
    if (response.headers.count("X-Content-Type-Options") == 0)
        out += "X-Content-Type-Options: nosniff\r\n";
    if (framing.content_length && has_body(response.status))
        fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", *framing.content_length);
    if (framing.chunked)
        out += "Transfer-Encoding: chunked\r\n";
    if (framing.close)
        out += "Connection: close\r\n";
    out += "\r\n";
    return out;
}

} // namespace deskbridge::net
