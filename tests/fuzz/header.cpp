#include "fuzz/target.hpp"

#include "deskbridge/api/content.hpp"
#include "net/exchange.hpp"
#include "net/guard.hpp"
#include "net/message.hpp"
#include "net/syntax.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>
#include <iterator>

namespace deskbridge::fuzz {
namespace {

namespace http = boost::beast::http;

/// Whatever a customer's device calls a file: it stays inside its quotes, and can be told again.
void check_disposition(std::string_view name)
{
    auto const line = api::render_disposition(name);
    must(net::is_field_value(line) && std::all_of(line.begin(), line.end(), [](char c) { return c >= 0x20 && c < 0x7f; }),
         "a header value that is none");
    must(line.starts_with("attachment") && std::count(line.begin(), line.end(), '"') == (name.empty() ? 0 : 2),
         "a file name left its quotes");
    constexpr std::string_view extended = "filename*=UTF-8''";
    auto const at = line.find(extended);
    must((at == std::string::npos) == name.empty(), "a file without its name");
    if (!name.empty() && name.find('\0') == std::string_view::npos)
        must(net::percent_decoded(std::string_view{line}.substr(at + extended.size())) == name, "a file name is told otherwise");
}

/// What our server writes is one answer with just the fields that it was given.
void check_answer(std::string const& name, std::string const& value)
{
    HttpResponse response{200, {{name, value}}, {}};
    auto const head = net::render_head(response, {5, false, false});
    bool const sound = net::is_token(name) && net::is_field_value(value);
    constexpr std::array ours{"content-length", "transfer-encoding", "connection", "date", "trailer"};
    auto const lower = net::lower_case(name);
    bool const left_out = std::find(ours.begin(), ours.end(), lower) != ours.end();
    must(head.has_value() == (sound || left_out), "a field that would break the framing is written, or a sound one is not");
    if (!head || lower == "proxy-connection") // Beast wants words of it
        return;
    http::response_parser<http::empty_body> parser;
    parser.header_limit(1u << 20);
    boost::system::error_code ec;
    auto const taken = parser.put(boost::asio::buffer(*head), ec);
    must((!ec || ec == http::error::need_more) && taken == head->size() && parser.is_header_done(),
         "our own answer cannot be read");
    must(parser.content_length() == boost::optional<std::uint64_t>{5} && !parser.chunked(), "our own answer is framed otherwise");
    must(left_out || parser.get().count(name) == 1, "a field got lost or doubled");
}

/// What our client writes passes our own guard, as one request.
void check_request(HttpRequest const& request)
{
    auto const rendered = net::render_request(request, request.target, "example.org");
    must(!rendered || (net::is_token(request.method) && request.target.starts_with('/')), "a request that is none is written");
    if (!rendered || request.method.size() > 24 || request.target.find_first_of(" #") != std::string::npos)
        return;
    auto const& block = rendered->head;
    net::GuardLimits const limits{1u << 20, 1u << 20, 100};
    net::HeadScanner scanner{limits};
    auto const scanned = scanner.scan(block);
    must(std::get_if<std::size_t>(&scanned) != nullptr && std::get<std::size_t>(scanned) == block.size(),
         "our own request ends elsewhere");
    auto const inspected = net::inspect_head(block, limits);
    if (auto const* head = std::get_if<net::Head>(&inspected)) {
        must(head->method == request.method && head->target == request.target && head->content_length == request.body.size(),
             "our own request is read otherwise");
        return;
    }
    auto const reason = std::get<net::Refusal>(inspected).reason;
    must(reason == "unexpected_body" || reason == "field_name", "our own guard refuses our own request");
}

} // namespace

/// Lines: a field's name, its value, a method, a target; the rest is a file's name. Whatever is written is what was meant.
void header(std::string_view input)
{
    Cut cut{input};
    std::string const name{cut.line()};
    std::string const value{cut.line()};
    check_answer(name, value);
    HttpRequest request{std::string{cut.line()}, std::string{cut.line()}, {{name, value}}, "12345"};
    check_request(request);
    check_disposition(cut.rest());
}

} // namespace deskbridge::fuzz
