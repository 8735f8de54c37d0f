#include "fuzz/target.hpp"

#include "deskbridge/core/http.hpp"
#include "net/body_reader.hpp"
#include "net/guard.hpp"
#include "net/router.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <iterator>

namespace deskbridge::fuzz {
namespace {

namespace http = boost::beast::http;
using Scanned = std::variant<std::size_t, net::Refusal>;

/// The guard must not depend on where the network cuts the bytes.
Scanned scan(std::string_view bytes, std::size_t first_piece, net::GuardLimits const& limits)
{
    net::HeadScanner at_once{limits};
    auto const whole = at_once.scan(bytes);
    net::HeadScanner scanner{limits};
    auto scanned = scanner.scan(bytes.substr(0, first_piece));
    if (auto const* length = std::get_if<std::size_t>(&scanned); length != nullptr && *length == 0)
        scanned = scanner.scan(bytes);
    must(scanned == whole, "two pieces are scanned otherwise than one");
    return scanned;
}

constexpr std::uint64_t largest_body = 4u << 20; // a parser may reserve what is announced

/// Beast alone, without our guard: the same request, over at the same byte. False: it refuses the request, and so do we.
bool check_second_opinion(std::string_view bytes, std::size_t block, net::Head const& head)
{
    http::request_parser<http::string_body> parser;
    parser.body_limit(boost::none);
    parser.header_limit(1u << 20);
    parser.eager(head.content_length <= largest_body);
    boost::system::error_code ec;
    auto const end = block + static_cast<std::size_t>(head.content_length);
    auto const taken = parser.put(boost::asio::buffer(bytes.substr(0, end)), ec);
    if (ec && ec != http::error::need_more)
        return false;
    must(parser.is_header_done() && !parser.chunked(), "Beast sees other framing than the guard");
    must(parser.content_length().value_or(0) == head.content_length, "Beast sees another length than the guard");
    if (head.content_length <= largest_body)
        must(parser.is_done() == (bytes.size() >= end) && taken == std::min(end, bytes.size()),
             "Beast sees the end of the request elsewhere");
    auto const& message = parser.get();
    must(message.method_string() == head.method && message.target() == head.target, "Beast sees another request line");
    must(message.version() == (head.http11 ? 11u : 10u), "Beast sees another version");
    must(std::distance(message.begin(), message.end()) == std::distance(head.headers.begin(), head.headers.end()),
         "Beast sees other fields");
    for (auto const& [name, value] : head.headers)
        must(message.count(name) == head.headers.count(name), "Beast counts a field otherwise");
    return true;
}

/// What the server's own body reader makes of it.
void check_body(std::string_view bytes, std::size_t block, net::Head const& head, bool acceptable)
{
    net::BodyReader reader{64u << 10, head.content_length};
    bool const taken = reader.take_head(bytes.substr(0, block));
    must(taken == acceptable, "the server and Beast alone judge a request differently");
    if (!taken || head.content_length > largest_body)
        return;
    auto const body = bytes.substr(block, static_cast<std::size_t>(head.content_length));
    if (!body.empty())
        must(reader.take_body(body) == body.size(), "a body is not taken");
    must(reader.done() == (body.size() == head.content_length), "a body ends elsewhere");
    if (reader.done())
        must(std::move(reader).body() == body, "a body is read as another");
}

void check_routing(net::Head const& head)
{
    static net::Router const router{
        {{"POST", "/hooks/{name}", {}, 1}, {"GET", "/v1/tickets/{ticket}/messages", {}}, {"GET", "/files/{path*}", {}}}};
    auto const path = path_of(head.target);
    auto const found = router.find(head.method, path);
    if (auto const* match = std::get_if<net::Router::Match>(&found))
        for (auto const& parameter : match->parameters)
            must(parameter.size() <= path.size() && parameter.find('\0') == std::string::npos, "a parameter grew, or holds NUL");
    for (auto const* name : {"status", "after", "hub.challenge"})
        if (auto const value = query_parameter(head.target, name))
            must(value->size() <= head.target.size(), "a query parameter grew");
}

} // namespace

/// First byte: where the network cuts; then what comes over it. What the guard lets through is one request, and another
/// implementation sees the same one.
void http_request(std::string_view input)
{
    Cut cut{input};
    auto const first_piece = std::size_t{cut.byte()};
    auto const bytes = cut.rest();
    net::GuardLimits const limits{1024, 2048, 20};
    auto const scanned = scan(bytes, first_piece, limits);
    auto const* length = std::get_if<std::size_t>(&scanned);
    if (length == nullptr || *length == 0)
        return;
    must(*length <= limits.max_header && bytes.substr(0, *length).ends_with("\r\n\r\n"), "a header block ends elsewhere");
    auto const inspected = net::inspect_head(bytes.substr(0, *length), limits);
    if (auto const* refusal = std::get_if<net::Refusal>(&inspected)) {
        must(refusal->status >= 400 && refusal->status < 500 && !refusal->reason.empty(), "a refusal without status or reason");
        return;
    }
    auto const& head = std::get<net::Head>(inspected);
    must(!head.host.empty() && head.target.starts_with('/'), "no host, or a target of another form");
    bool const acceptable = check_second_opinion(bytes, *length, head);
    check_body(bytes, *length, head, acceptable);
    check_routing(head);
}

} // namespace deskbridge::fuzz
