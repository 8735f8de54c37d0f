#pragma once

#include "deskbridge/core/log.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/net/http_client.hpp"
#include "deskbridge/net/http_server.hpp"

#include "support/scratch_folder.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <exception>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace deskbridge::test {

/// Keeps the names of the events written to it.
class KeptLog final : public Log {
public:
    void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) override;
    [[nodiscard]] std::size_t count(std::string_view event) const;
    std::vector<std::string> lines;
};

/// Runs one coroutine to its end on `io`; throws if that takes longer than real tests do.
template <class T>
T drive(boost::asio::io_context& io, boost::asio::awaitable<T> work)
{
    std::optional<T> answer;
    std::exception_ptr failure;
    boost::asio::co_spawn(io, std::move(work), [&](std::exception_ptr e, T value) {
        failure = e;
        answer.emplace(std::move(value));
    });
    auto const until = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    io.restart();
    while (!answer && std::chrono::steady_clock::now() < until)
        io.run_one_for(std::chrono::milliseconds{100});
    if (!answer)
        throw std::runtime_error{"the coroutine did not end"};
    if (failure)
        std::rethrow_exception(failure);
    return std::move(*answer);
}
void drive(boost::asio::io_context& io, boost::asio::awaitable<void> work);

/// One end of a connection that sends exactly the bytes it is told to.
class RawClient {
public:
    RawClient(boost::asio::io_context& io, std::uint16_t port, std::string const& from = {});
    RawClient(boost::asio::io_context& io, std::filesystem::path const& path);
    explicit RawClient(boost::asio::generic::stream_protocol::socket socket) : socket_{std::move(socket)} {}

    [[nodiscard]] boost::asio::awaitable<void> send(std::string bytes);
    /// Everything until the server closes, or `limit` has passed ("…" is appended then).
    [[nodiscard]] boost::asio::awaitable<std::string> read_all(std::chrono::milliseconds limit = std::chrono::seconds{10});
    /// Until the text read so far contains `end`; what was read stays for the next call.
    [[nodiscard]] boost::asio::awaitable<std::string> read_until(std::string end);
    void close() { socket_.close(); }
    void finish() { socket_.shutdown(boost::asio::socket_base::shutdown_send); }
    /// Resets instead of closing in order.
    void reset();

private:
    boost::asio::generic::stream_protocol::socket socket_;
    std::string read_;
    bool broken_{false};
};

/// Accepts connections that a test then plays by hand.
class RawServer {
public:
    explicit RawServer(boost::asio::io_context& io);
    [[nodiscard]] boost::asio::awaitable<RawClient> accept();
    [[nodiscard]] std::string url(std::string_view target, std::string_view scheme = "http") const;
    void close() { acceptor_.close(); }

private:
    boost::asio::ip::tcp::acceptor acceptor_;
    std::uint16_t port_;
};

/// One reactor, with a server on a free port of the loopback.
struct NetWorld {
    boost::asio::io_context io{1};
    KeptLog log;
    Metrics metrics;
    std::optional<net::HttpServer> server;
    std::uint16_t port{0};

    NetWorld() = default;
    ~NetWorld();
    NetWorld(NetWorld const&) = delete;
    NetWorld& operator=(NetWorld const&) = delete;

    void serve(std::vector<net::Route> routes, net::ServerLimits limits = {}, net::Listen where = {"127.0.0.1:0"});
    [[nodiscard]] std::string url(std::string_view target, std::string_view scheme = "http") const;
    [[nodiscard]] std::uint64_t refused(std::string_view reason);
    [[nodiscard]] std::uint64_t answered(int status);

    /// What a fresh connection gets for these bytes, up to the server's closing.
    [[nodiscard]] std::string raw(std::string bytes);
};

/// Answers "<method> <target> <body>"; for /echo/{name} the parameters instead.
[[nodiscard]] std::vector<net::Route> echo_routes();
[[nodiscard]] HttpResponse text_response(int status, std::string body);
/// How many answers of this status a transcript holds.
[[nodiscard]] std::size_t count_of(std::string_view transcript, std::string_view part);

inline std::string const get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
[[nodiscard]] boost::asio::awaitable<void> pause(std::chrono::milliseconds how_long);

} // namespace deskbridge::test
