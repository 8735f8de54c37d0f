#pragma once

#include "deskbridge/core/http.hpp"
#include "deskbridge/core/log.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/core/result.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace deskbridge::net {

/// Takes a body as it comes, so that it is never in memory as a whole. Threads: the reactor.
class BodySink {
public:
    virtual ~BodySink() = default;
    /// Every piece in its order, also those after one that was of no use: the handler says what was wrong.
    virtual void take(std::string_view bytes) = 0;
};

/// A request that passed the guard, as a route sees it.
struct Request {
    HttpRequest http;                      ///< origin-form target
    std::vector<std::string> parameters;   ///< what the pattern's {…} matched, percent-decoded, in order
    std::string remote;                    ///< peer's address (through a trusted proxy: the client's), or "unix"
    std::optional<std::uint32_t> peer_uid; ///< on a Unix socket: who is at the other end
    bool tls{false};
    std::vector<std::string> client_names{}; ///< of the client's certificate, if it leads to `Listen::client_ca`
    std::shared_ptr<BodySink> sink{};      ///< of a route with a `receiver`: what took the body; `http.body` is empty
};

/// A stream's next piece of body; nullopt ends it. Asked for again only when the last piece has been handed to the
/// kernel, so a slow reader costs one piece of memory; one that does not take a piece within `respond` is dropped.
/// Cancelled (terminal) when the client goes away or the server stops.
using NextChunk = std::function<boost::asio::awaitable<std::optional<std::string>>()>;

/// Has the connection for itself and writes what it likes, HTTP or not; the connection is closed when it ends. Not under TLS, which is
/// asserted; the server's deadlines do not hold. Its operations fail when the server stops; a wait that is none of the socket's must end
/// then by itself.
using TakeOver = std::function<boost::asio::awaitable<void>(boost::asio::generic::stream_protocol::socket&)>;

/// What a handler answers. The server adds Content-Length or chunked framing, Connection and Date, and where the handler
/// is silent Cache-Control: no-store and X-Content-Type-Options: nosniff. A stream ends its connection.
struct Reply {
    HttpResponse head;   ///< with `next`: the body here is sent first
    NextChunk next{};    ///< if set, the body goes on until it answers nullopt: chunked, or of `size` bytes
    std::optional<std::uint64_t> size{}; ///< of all that `next` brings: whoever gets fewer knows that it is not the whole
    bool drop{false};    ///< the connection is reset without a byte of an answer: how the simulator plays a dying server
    TakeOver take_over{}; ///< if set, it answers instead: how the simulator plays a server that does not keep to HTTP
    Reply() = default;
    Reply(HttpResponse response) : head{std::move(response)} {} // NOLINT: a plain response is a reply
    Reply(HttpResponse response, NextChunk more) : head{std::move(response)}, next{std::move(more)} {}
    Reply(HttpResponse response, NextChunk more, std::uint64_t bytes) : head{std::move(response)}, next{std::move(more)}, size{bytes} {}
};

/// Cancelled (terminal) when it takes longer than `ServerLimits::handle`; `Request` lives until it ends all the same.
using Handler = std::function<boost::asio::awaitable<Reply>(Request&)>;
/// Decides from the header block alone, before a byte of the body is read; an answer refuses and closes.
using HeadCheck = std::function<std::optional<HttpResponse>(Request const&)>;

/// Decides, from the header block too, into what a body goes; or refuses before a byte of it is read. Within `ServerLimits::handle`.
using Receiver = std::function<boost::asio::awaitable<std::variant<HttpResponse, std::shared_ptr<BodySink>>>(Request const&)>;

/// Told when somebody was refused or cut off before the handler answered who may have wanted this route: with the request once
/// `head_check` has let it pass, with null if he was turned away earlier. Requests that no retry would help (unknown routes,
/// what the guard or `head_check` refuses) are not told, nor is silence.
using Unheard = std::function<void(Request const*)>;

/// Patterns match whole segments, literals before parameters before rests. Parameters are percent-decoded, the rest of
/// the path is compared as it came. A request body is accepted only with a Content-Length of at most `max_body` (see `chunked_bodies`).
struct Route {
    std::string method;  ///< "GET", "POST", …; HEAD is answered from GET
    std::string pattern; ///< "/hooks/{name}", "/v1/tickets/{ticket}/messages", "/files/{path*}" (rest of the path)
    Handler handler;
    std::size_t max_body{0};
    HeadCheck head_check{};
    Unheard unheard{};
    Receiver receiver{};                       ///< the body goes there instead of into `Request::http`
    std::chrono::milliseconds body_limit{0};   ///< how long the body may take; 0: `ServerLimits::body`
};

/// Deadlines are absolute per phase, not per read.
struct ServerLimits {
    /// Above it a connection that waits for its client is closed: of the address that has the most, the one that has waited
    /// longest, idle ones first, then slow ones. Fewer if the process may not open that many files, so that some are left for
    /// the store and for sending.
    std::size_t max_connections{4096};
    /// The same for the connections of one address (IPv6: one /64), and for the requests in work of one address behind
    /// trusted proxies: there more are 429. Not for Unix sockets, nor for trusted proxies themselves.
    std::size_t max_per_address{256};
    /// What one connection may have as a whole; after that the answer closes it, and its client connects again.
    std::chrono::milliseconds connection_age{3'600'000};
    std::size_t connection_bytes{1u << 30};
    std::size_t max_target{8u << 10};  ///< bytes; more is 414
    std::size_t max_header{16u << 10}; ///< bytes, request line included; more is 431
    std::size_t max_fields{100};       ///< more is 431
    /// Bodies without a Content-Length, in chunks, are taken too. Off where strangers write: two readers of one connection may disagree
    /// about chunks, and no provider needs them. Routes are admitted by what is announced, which is nothing then.
    bool chunked_bodies{false};
    /// Bytes that all bodies in work take up, as far as they have come. Above it one that has held much for long is cut off; 503
    /// if that is the one which grows, or if all others wait for their handlers.
    std::size_t max_bodies{64u << 20};
    std::chrono::milliseconds handshake{5000};
    std::chrono::milliseconds header{10000}; ///< from the first byte (of a new connection: from accepting it)
    std::chrono::milliseconds body{30000};
    std::chrono::milliseconds respond{30000};
    std::chrono::milliseconds idle{60000};
    std::chrono::milliseconds handle{30000};    ///< how long a handler may take before 503
    std::size_t body_rate{500};                 ///< bytes per second that a body must keep up with ...
    std::chrono::milliseconds body_grace{5000}; ///< ... after this long
    std::chrono::milliseconds linger{2000};     ///< after a refusal: how long what still comes is read and thrown away
};

/// Where to listen.
struct Listen {
    std::string address;                ///< "127.0.0.1:8080", "[::1]:0"; or empty and `unix_path` set
    std::filesystem::path unix_path{};  ///< mode 0660; a stale socket is replaced, a live one is an error
    std::string unix_group{};           ///< group that may use the socket; empty: the process's own
    std::filesystem::path certificate{}; ///< PEM chain; with `key`: TLS 1.2+
    std::filesystem::path key{};
    std::filesystem::path client_ca{};   ///< PEM: who signs clients' certificates; empty: nobody is asked for one
    /// Addresses and networks ("10.0.0.0/8") whose X-Forwarded-For is believed; everybody else's is ignored.
    std::vector<std::string> trusted_proxies{};
    std::vector<std::string> hosts{};   ///< allowed Host values (without port); empty: any syntactically valid one
};

/// HTTP/1.1 behind a strict guard: what Beast 1.81 wrongly accepts is answered 400 and the connection is closed.
///
/// The constructor throws std::invalid_argument on a bad pattern and on two routes that match the same requests.
/// Ownership: the server owns its sessions; handlers and what they refer to must outlive it.
/// Threads: the reactor.
/// Metrics: deskbridge_http_requests_total{status}, deskbridge_http_connections, deskbridge_http_refused_total{reason}.
class HttpServer {
public:
    HttpServer(boost::asio::io_context& io, std::vector<Route> routes, ServerLimits limits, Log& log, Metrics& metrics);
    ~HttpServer();
    HttpServer(HttpServer const&) = delete;
    HttpServer& operator=(HttpServer const&) = delete;

    /// Binds and starts accepting. Answers the port bound (0 for a Unix socket).
    /// Errors: conflict (address in use), malformed (address, proxy, certificate, socket path too long), forbidden.
    [[nodiscard]] Result<std::uint16_t> listen(Listen const& where);
    /// Reads certificates again; connections that are open keep theirs. Errors: malformed; the old ones stay in use.
    [[nodiscard]] Result<void> reload_certificates();
    /// Stops accepting, lets requests in work finish, closes idle connections; returns when all are gone or at `limit`.
    [[nodiscard]] boost::asio::awaitable<void> stop(std::chrono::milliseconds limit);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace deskbridge::net
