#include "net_world.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace deskbridge::test {

namespace asio = boost::asio;
constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

void KeptLog::write(LogLevel, std::string_view event, std::initializer_list<LogField> fields)
{
    std::string line{event};
    for (auto const& field : fields)
        line += fmt::format(" {}={}", field.key, field.value);
    lines.push_back(std::move(line));
}

std::size_t KeptLog::count(std::string_view event) const
{
    return static_cast<std::size_t>(
        std::count_if(lines.begin(), lines.end(), [&](auto const& line) { return line.substr(0, line.find(' ')) == event; }));
}

void drive(asio::io_context& io, asio::awaitable<void> work)
{
    auto finish = [](asio::awaitable<void> inner) -> asio::awaitable<bool> {
        co_await std::move(inner);
        co_return true;
    };
    drive(io, finish(std::move(work)));
}

RawClient::RawClient(asio::io_context& io, std::uint16_t port, std::string const& from) : socket_{io}
{
    if (!from.empty()) {
        socket_.open(asio::ip::tcp::v4());
        socket_.bind(asio::ip::tcp::endpoint{asio::ip::make_address(from), 0});
    }
    asio::ip::tcp::endpoint const server{asio::ip::address_v4::loopback(), port};
    socket_.connect(server);
    socket_.set_option(asio::ip::tcp::no_delay{true});
}

RawClient::RawClient(asio::io_context& io, std::filesystem::path const& path) : socket_{io}
{
    socket_.connect(asio::local::stream_protocol::endpoint{path.string()});
}

asio::awaitable<void> RawClient::send(std::string bytes)
{
    if (broken_)
        co_return; // Asio waits for ever in a second write after one that failed
    auto const [ec, n] = co_await asio::async_write(socket_, asio::buffer(bytes), no_throw);
    broken_ = ec.failed();
}

asio::awaitable<std::string> RawClient::read_all(std::chrono::milliseconds limit)
{
    auto out = std::move(read_);
    read_.clear();
    asio::steady_timer timer{socket_.get_executor(), limit};
    bool late = false;
    timer.async_wait([&](boost::system::error_code ec) {
        if (!ec) {
            late = true;
            socket_.cancel();
        }
    });
    std::array<char, 4096> piece{};
    while (true) {
        auto const [ec, n] = co_await socket_.async_read_some(asio::buffer(piece), no_throw);
        out.append(piece.data(), n);
        if (ec)
            break;
    }
    timer.cancel();
    co_return late ? out + "…" : out;
}

asio::awaitable<std::string> RawClient::read_until(std::string end)
{
    std::array<char, 4096> piece{};
    while (read_.find(end) == std::string::npos) {
        auto const [ec, n] = co_await socket_.async_read_some(asio::buffer(piece), no_throw);
        read_.append(piece.data(), n);
        if (ec)
            throw std::runtime_error{"closed after: " + read_};
    }
    auto const length = read_.find(end) + end.size();
    auto out = read_.substr(0, length);
    read_.erase(0, length);
    co_return out;
}

void RawClient::reset()
{
    socket_.set_option(asio::socket_base::linger{true, 0});
    socket_.close();
}

RawServer::RawServer(asio::io_context& io)
    : acceptor_{io, asio::ip::tcp::endpoint{asio::ip::address_v4::loopback(), 0}}, port_{acceptor_.local_endpoint().port()}
{
}

asio::awaitable<RawClient> RawServer::accept()
{
    co_return RawClient{co_await acceptor_.async_accept(asio::use_awaitable)};
}

std::string RawServer::url(std::string_view target, std::string_view scheme) const
{
    return fmt::format("{}://127.0.0.1:{}{}", scheme, port_, target);
}

NetWorld::~NetWorld()
{
    if (server)
        drive(io, server->stop(std::chrono::milliseconds{0}));
}

void NetWorld::serve(std::vector<net::Route> routes, net::ServerLimits limits, net::Listen where)
{
    server.emplace(io, std::move(routes), limits, log, metrics);
    auto const bound = server->listen(where);
    if (!bound)
        throw std::runtime_error{bound.error().detail};
    port = *bound;
}

std::string NetWorld::url(std::string_view target, std::string_view scheme) const
{
    return fmt::format("{}://127.0.0.1:{}{}", scheme, port, target);
}

std::uint64_t NetWorld::refused(std::string_view reason)
{
    return metrics.counter("deskbridge_http_refused_total", fmt::format("reason=\"{}\"", reason)).value();
}

std::uint64_t NetWorld::answered(int status)
{
    return metrics.counter("deskbridge_http_requests_total", fmt::format("status=\"{}\"", status)).value();
}

std::string NetWorld::raw(std::string bytes)
{
    RawClient client{io, port};
    auto talk = [&]() -> asio::awaitable<std::string> {
        co_await client.send(bytes);
        co_return co_await client.read_all();
    };
    return drive(io, talk());
}

HttpResponse text_response(int status, std::string body)
{
    HttpResponse out;
    out.status = status;
    out.headers.add("Content-Type", "text/plain");
    out.body = std::move(body);
    return out;
}

std::vector<net::Route> echo_routes()
{
    auto const echo = [](net::Request& request) -> asio::awaitable<net::Reply> {
        co_return text_response(200, fmt::format("{} {} {}", request.http.method, request.http.target, request.http.body));
    };
    auto const parameters = [](net::Request& request) -> asio::awaitable<net::Reply> {
        co_return text_response(200, fmt::format("{}", fmt::join(request.parameters, "|")));
    };
    return {{"GET", "/", echo}, {"POST", "/", echo, 1u << 20}, {"GET", "/echo/{name}", parameters}};
}

std::size_t count_of(std::string_view transcript, std::string_view part)
{
    std::size_t count = 0;
    for (auto at = transcript.find(part); at != std::string_view::npos; at = transcript.find(part, at + part.size()))
        ++count;
    return count;
}

asio::awaitable<void> pause(std::chrono::milliseconds how_long)
{
    asio::steady_timer timer{co_await asio::this_coro::executor, how_long};
    co_await timer.async_wait(asio::use_awaitable);
}

} // namespace deskbridge::test
