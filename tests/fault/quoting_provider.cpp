#include "quoting_provider.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fault {
namespace {

/// What stands behind "Bearer " in a request's head.
std::string credential_of(std::string_view request)
{
    constexpr std::string_view scheme = "Bearer ";
    auto const at = request.find(scheme);
    if (at == std::string_view::npos)
        return "no credential";
    auto const rest = request.substr(at + scheme.size());
    return std::string{rest.substr(0, rest.find("\r\n"))};
}

std::string answered(std::string_view status, std::string_view headers, std::string_view body)
{
    return fmt::format("HTTP/1.1 {}\r\n{}Content-Length: {}\r\n\r\n{}", status, headers, body.size(), body);
}

/// The message that was refused, and the credential cut short, as error texts quote both.
std::string quoted(std::string_view request, std::string_view credential)
{
    std::string body{request.substr(std::min(request.find("\r\n\r\n"), request.size()))};
    std::replace_if(body.begin(), body.end(), [](char c) { return c == '"' || c == '\\' || c == '\r' || c == '\n'; }, '\'');
    return fmt::format(" {}... in {}", credential.substr(0, credential.size() - 2), body);
}

std::string json_error(int code, std::string_view credential, std::string_view about = {})
{
    return fmt::format(R"({{"error":{{"message":"Malformed access token {0}{2}","type":"OAuthException","code":{1},"error_data":{{"details":"Authorization: Bearer {0}"}},"error_user_msg":"{0}","fbtrace_id":"{0}"}}}})",
                       credential, code, about);
}

std::string quote(std::string_view label, std::string_view request)
{
    auto const credential = credential_of(request);
    if (label == "case-refused")
        return answered("400 Bad Request", "Content-Type: application/json\r\n", json_error(100, credential));
    if (label == "case-throttled")
        return answered("429 Too Many Requests", fmt::format("Retry-After: {}\r\n", credential), json_error(130429, credential));
    if (label == "case-token" || label == "case-file-token")
        return answered("401 Unauthorized", fmt::format("WWW-Authenticate: OAuth \"{}\"\r\n", credential), json_error(190, credential, quoted(request, credential)));
    if (label == "case-page" || label == "case-file-page")
        return answered("502 Bad Gateway", "Content-Type: text/html\r\n", fmt::format("<h1>Bad gateway</h1><pre>{}</pre>", request));
    if (label == "case-empty")
        return answered("200 OK", "Content-Type: application/json\r\n", fmt::format(R"({{"echo":"{0}","messages":[{{"text":"{0}"}}]}})", credential));
    if (label == "case-moved" || label == "case-file-moved")
        return answered("302 Found", fmt::format("Location: http://127.0.0.1:1/{0}?access_token={0}\r\n", credential), credential);
    if (label == "case-header")
        return answered("403 Forbidden", fmt::format("X-Denied: Bearer {0}\r\nVia: {0}\r\n", credential), "");
    return fmt::format("HTTP/1.1 2{0} {0}\r\n{0}\r\n\r\n", credential); // "case-garbage", "case-file-garbage"
}

/// Where a file lies, with the credential in its query.
std::string link_to(std::string_view label, std::string_view request)
{
    auto const at = request.find("Host: ") + 6;
    auto const host = request.substr(at, request.find("\r\n", at) - at);
    auto const url = fmt::format("http://{}/file/{}?access_token={}&ext=1", host, label, credential_of(request));
    return answered("200 OK", "Content-Type: application/json\r\n", fmt::format(R"({{"url":"{}","mime_type":"image/jpeg","file_size":40}})", url));
}

} // namespace

std::vector<QuotingProvider::Case> const& QuotingProvider::sends()
{
    static std::vector<Case> const all{
        {"case-refused", 1, "send_refused"},
        {"case-page", 1, "send_unknown"},
        {"case-empty", 1, "send_unknown"},
        {"case-garbage", 1, "send_unknown"},
        {"case-token", 2, "account_paused", true}, // both tokens of the rotation
        {"case-moved", 1, "account_paused", true},
        {"case-header", 1, "account_paused", true},
        {"case-throttled", 1, "send_not_sent"}, // slows what comes after it
    };
    return all;
}

std::vector<QuotingProvider::Case> const& QuotingProvider::files()
{
    static std::vector<Case> const all{
        {"case-file-token", 2, "media_not_fetched"},
        {"case-file-page", 1, "media_not_fetched"},
        {"case-file-moved", 1, "media_"},
        {"case-file-garbage", 1, "media_not_fetched"},
    };
    return all;
}

bool QuotingProvider::strikes(Case const& what)
{
    std::lock_guard const lock{mutex_};
    return struck_[what.label]++ < what.times;
}

std::string QuotingProvider::answer(std::string_view request)
{
    for (auto const& each : sends())
        if (request.find(fmt::format("\"{}\"", each.label)) != std::string_view::npos)
            return strikes(each) ? quote(each.label, request) : std::string{};
    for (auto const& each : files()) {
        if (request.find(each.label) == std::string_view::npos)
            continue;
        bool const refused_at_once = each.label == "case-file-token";
        bool const asks_for_bytes = request.starts_with("GET /file/");
        return refused_at_once || asks_for_bytes ? quote(each.label, request) : link_to(each.label, request);
    }
    return {};
}

} // namespace fault
