#include "graph_api.hpp"

#include "signing.hpp"
#include "wreck.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <ctime>

namespace deskbridge::simulator {
namespace {

namespace asio = boost::asio;
using Kind = Mishap::Kind;

HttpResponse page(int status)
{
    HttpResponse response;
    response.status = status;
    response.headers.add("Content-Type", "text/html; charset=utf-8");
    response.body = "<!DOCTYPE html><html><head><title>Error</title></head><body>Sorry, something went wrong.</body></html>";
    return response;
}

std::string http_date(Timestamp at)
{
    auto const seconds = std::chrono::system_clock::to_time_t(at);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 40> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

HttpResponse throttled(Mishap const& mishap, Timestamp now)
{
    auto response = json_response(429, error_body({mishap.code, "Too many requests."}, "A" + random_hex(11)));
    if (mishap.retry_date)
        response.headers.add("Retry-After", http_date(now + *mishap.retry_date));
    else if (!mishap.retry_after.empty())
        response.headers.add("Retry-After", mishap.retry_after);
    return response;
}

HttpResponse number_gone()
{
    auto body = error_body({100, "The number does not exist."}, "A" + random_hex(11));
    body["error"]["error_subcode"] = 33;
    return json_response(404, body);
}

HttpResponse redirect(Mishap const& mishap)
{
    HttpResponse response;
    response.status = 302;
    response.headers.add("Location", mishap.location);
    return response;
}

/// The length is right, the JSON is not whole.
HttpResponse cut(HttpResponse answer)
{
    answer.body.resize(answer.body.size() / 2);
    return answer;
}

/// What a client would be told if its message had been taken: it must not matter that it was not.
HttpResponse empty_promise()
{
    return json_response(200, Json{{"messaging_product", "whatsapp"}, {"messages", Json::array({Json{{"id", "wamid." + random_hex(20)}}})}});
}

/// What kinds answer that need nothing but an answer.
HttpResponse plain_answer(Mishap const& mishap, HttpResponse const& promised, Timestamp now)
{
    switch (mishap.kind) {
    case Kind::html_500: return page(500);
    case Kind::html_502: return page(502);
    case Kind::html_503: return page(503);
    case Kind::html_504: return page(504);
    case Kind::html_200: return page(200);
    case Kind::empty_200: return {};
    case Kind::cut_200: return cut(promised);
    case Kind::wrong_200: return json_response(200, Json::array({Json{{"messages", 7}, {"contacts", "none"}}}));
    case Kind::throttle_429: return throttled(mishap, now);
    case Kind::token: return error_response({190, ""});
    case Kind::number_gone: return number_gone();
    case Kind::redirect: return redirect(mishap);
    case Kind::error: return error_response({mishap.code, "Set through the control API."});
    case Kind::hang:
    case Kind::reset:
    case Kind::close:
    case Kind::half_close:
    case Kind::short_200:
    case Kind::huge_200:
    case Kind::trickle:
    case Kind::endless_head:
    case Kind::slow:
    case Kind::interim:
    case Kind::stale: break;
    }
    return promised;
}

} // namespace

asio::awaitable<net::Reply> GraphApi::strike(Mishap const& mishap, HttpResponse otherwise)
{
    net::Reply reply;
    auto const promised = mishap.takes() ? std::move(otherwise) : empty_promise();
    if (mishap.kind == Kind::hang)
        co_await world_.closing.async_wait(asio::as_tuple(asio::use_awaitable));
    if (mishap.kind == Kind::slow)
        co_await world_.clock.sleep_until(world_.clock.now() + mishap.delay);
    reply.drop = mishap.kind == Kind::hang || mishap.kind == Kind::reset;
    reply.take_over = wreck(world_, mishap, promised);
    reply.head = plain_answer(mishap, promised, world_.clock.now());
    co_return reply;
}

} // namespace deskbridge::simulator
