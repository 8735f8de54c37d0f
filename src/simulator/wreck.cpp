#include "wreck.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace deskbridge::simulator {
namespace {

namespace asio = boost::asio;
using asio::experimental::awaitable_operators::operator||;
using Connection = asio::generic::stream_protocol::socket;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t huge = 100'000'000;

std::string head_of(HttpResponse const& answer, std::size_t length, std::string_view connection)
{
    auto head = "HTTP/1.1 " + std::to_string(answer.status) + " X\r\n";
    for (auto const& [name, value] : answer.headers)
        head.append(name).append(": ").append(value).append("\r\n");
    return head + "Content-Length: " + std::to_string(length) + "\r\nConnection: " + std::string{connection} + "\r\n\r\n";
}

asio::awaitable<bool> put(Connection& connection, std::string bytes)
{
    auto const [failed, n] = co_await asio::async_write(connection, asio::buffer(bytes), quietly);
    co_return !failed;
}

/// Until the client sends something, goes away, or the simulator ends.
asio::awaitable<void> wait_for_client(World& world, Connection& connection)
{
    co_await (connection.async_wait(Connection::wait_read, quietly) || world.closing.async_wait(quietly));
}

asio::awaitable<void> leave(Connection&)
{
    co_return;
}

asio::awaitable<void> half_close(World& world, Connection& connection)
{
    boost::system::error_code ignored;
    connection.shutdown(Connection::shutdown_send, ignored);
    co_await wait_for_client(world, connection);
}

asio::awaitable<void> say(Connection& connection, std::string bytes)
{
    co_await put(connection, std::move(bytes));
}

asio::awaitable<void> trickle(World& world, Connection& connection, std::string bytes, std::chrono::milliseconds delay)
{
    for (char const byte : bytes) {
        bool const gone = world.stopping || !co_await put(connection, std::string(1, byte));
        if (gone)
            co_return;
        co_await world.clock.sleep_until(world.clock.now() + delay);
    }
}

/// `beginning`, then `piece` over and over, `rest` bytes of it.
asio::awaitable<void> flood(World& world, Connection& connection, std::string beginning, std::string piece, std::size_t rest)
{
    bool taken = co_await put(connection, std::move(beginning));
    while (taken && rest > 0 && !world.stopping) {
        auto const next = std::min(rest, piece.size());
        taken = co_await put(connection, piece.substr(0, next));
        rest -= next;
    }
}

/// The answer is as always. Bytes that are unread when the connection is closed make a reset of it.
asio::awaitable<void> answer_once(World& world, Connection& connection, std::string bytes)
{
    bool const taken = co_await put(connection, std::move(bytes));
    if (taken)
        co_await wait_for_client(world, connection);
}

constexpr auto interim_answers = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
                                 "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n";

} // namespace

net::TakeOver wreck(World& world, Mishap const& mishap, HttpResponse const& answer)
{
    using Kind = Mishap::Kind;
    auto const closing = head_of(answer, answer.body.size(), "close");
    auto const half = answer.body.substr(0, answer.body.size() / 2);
    if (mishap.kind == Kind::close)
        return [](Connection& c) { return leave(c); };
    if (mishap.kind == Kind::half_close)
        return [&world](Connection& c) { return half_close(world, c); };
    if (mishap.kind == Kind::short_200)
        return [bytes = closing + half](Connection& c) { return say(c, bytes); };
    if (mishap.kind == Kind::interim)
        return [bytes = interim_answers + closing + answer.body](Connection& c) { return say(c, bytes); };
    if (mishap.kind == Kind::stale)
        return [&world, bytes = head_of(answer, answer.body.size(), "keep-alive") + answer.body](Connection& c) { return answer_once(world, c, bytes); };
    if (mishap.kind == Kind::trickle)
        return [&world, bytes = closing + answer.body, delay = mishap.delay](Connection& c) { return trickle(world, c, bytes, delay); };
    if (mishap.kind == Kind::huge_200) {
        auto const beginning = head_of(answer, huge, "close") + R"({"messages":[{"text":")";
        return [&world, beginning](Connection& c) { return flood(world, c, beginning, std::string(64U << 10U, 'a'), huge); };
    }
    if (mishap.kind == Kind::endless_head) {
        auto const field = "X-Padding: " + std::string(80, 'a') + "\r\n";
        return [&world, field](Connection& c) { return flood(world, c, "HTTP/1.1 200 OK\r\n", field, SIZE_MAX); };
    }
    return {};
}

} // namespace deskbridge::simulator
