#pragma once

#include "deskbridge/core/http.hpp"
#include "deskbridge/core/log.hpp"
#include "deskbridge/core/result.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace deskbridge::net {

/// Where a connection goes: scheme, host and port of an absolute URL, or a Unix socket.
struct Origin {
    bool tls{true};
    std::string host;
    std::uint16_t port{443};
    std::filesystem::path unix_path{};
    friend auto operator<=>(Origin const&, Origin const&) = default;
};

/// Errors: malformed (not an absolute http/https URL; user info, a fragment, a port outside 1..65535 or a byte that a
/// URL cannot hold). The detail never quotes the URL: it may carry a secret.
[[nodiscard]] Result<Origin> origin_of(std::string_view url);

/// No complete answer came. What it proves about the request decides whether a retry is safe.
struct NoAnswer {
    /// How much of the request was handed to the kernel. `nothing` and `part` prove that no complete request exists.
    enum class Written { nothing, part, all };
    Written written{Written::nothing};
    std::string why;
};

using Answer = std::variant<HttpResponse, NoAnswer>;

/// A part of a request's body that is not in memory: it follows `HttpRequest::body`, and is read while it is sent.
struct Upload {
    std::uint64_t size{0}; ///< bytes that will come; announced in Content-Length
    /// The next piece. Asked for when the one before is with the kernel, so that a body costs one piece of memory.
    /// Empty before `size` bytes have come: there is no more, and the request is given up unfinished.
    std::function<boost::asio::awaitable<std::string>()> next;
};

/// One leased connection. Goes back to the pool when destroyed, if the last exchange left it clean.
class Connection {
public:
    virtual ~Connection() = default;
    /// Sends and reads the answer (body up to 8 MiB), all within `limit`. Never retries, never follows redirects.
    /// Cancelling it (terminal) answers NoAnswer at once, with what had been written.
    [[nodiscard]] virtual boost::asio::awaitable<Answer> exchange(HttpRequest& request, std::chrono::milliseconds limit) = 0;
    /// The same with a body that goes on with `upload`. `limit` is for all of it, however slowly the peer takes it.
    /// NoAnswer::Written::all: its last byte too was handed over.
    [[nodiscard]] virtual boost::asio::awaitable<Answer> exchange(HttpRequest& request, Upload& upload,
                                                                  std::chrono::milliseconds limit) = 0;
};

/// What the outbox needs of a network: a connection first, then the journal, then the bytes.
class Transport {
public:
    virtual ~Transport() = default;
    /// A connection that is ready to be written to: resolved, connected, TLS shaken and host verified; from the pool
    /// if one there is still alive. Errors: unavailable (nothing was sent, safe to retry).
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::unique_ptr<Connection>>>
    connect(Origin const& origin, std::chrono::milliseconds limit) = 0;
};

/// Where a URL may lead that somebody outside wrote: a link to a file in a webhook, or in a provider's answer.
struct OutsideRules {
    /// "cdn.example.org" itself, or ".example.org": every host below it. An address must be listed literally. Empty: none.
    std::vector<std::string> hosts{};
    std::size_t max_body{100u << 20}; ///< bytes of a 2xx; of any other answer at most 64 KiB are read
    /// Loopback addresses and plain http too: for a stand-in of the provider on this machine.
    bool loopback{false};
};

/// Takes a body as it comes; false: enough.
using OnData = std::function<bool(std::string_view)>;

struct ClientSettings {
    std::size_t idle_per_origin{32};
    std::chrono::milliseconds idle{4000}; ///< shorter than servers keep: a reused connection must not die under us
    std::filesystem::path ca_file{};      ///< empty: the system's certificates
    std::filesystem::path certificate{};  ///< PEM, shown to servers that ask for one; empty: none is
    std::filesystem::path key{};          ///< of `certificate`
    bool certificates_at_once{false};     ///< read the system's when it is made: else the first TLS connection waits for it
};

/// HTTP/1.1 client with pooled connections. TLS 1.2+, chain and host name verified, SNI set.
/// Threads: the reactor.
class HttpClient final : public Transport {
public:
    HttpClient(boost::asio::io_context& io, ClientSettings settings, Log& log);
    ~HttpClient() override;
    [[nodiscard]] boost::asio::awaitable<Result<std::unique_ptr<Connection>>>
    connect(Origin const& origin, std::chrono::milliseconds limit) override;

    /// Connect and exchange in one step, for callers that keep no journal (simulator, command line, tests).
    [[nodiscard]] boost::asio::awaitable<Answer> send(HttpRequest& request, std::chrono::milliseconds limit);
    /// The same over a Unix socket, on a connection of its own; `request.target` is origin-form.
    [[nodiscard]] boost::asio::awaitable<Answer> send(std::filesystem::path const& socket, HttpRequest& request,
                                                      std::chrono::milliseconds limit);
    /// The same with a body that goes on with `upload`.
    [[nodiscard]] boost::asio::awaitable<Answer> send(std::filesystem::path const& socket, HttpRequest& request, Upload& upload,
                                                      std::chrono::milliseconds limit);
    /// Fetches from a URL that somebody outside wrote, on a connection of its own: https (port 443) to a listed host, and
    /// only to addresses that are public, judged by what is connected to and not by an earlier look-up. Redirects are
    /// answered, never followed; their Location counts as an outside URL again.
    /// The body of a 2xx goes to `on_data` piece by piece, and the head is answered with an empty body; "enough" gives up
    /// the rest. Any other answer comes whole. All within `limit`. NoAnswer::why begins with "forbidden: " for what the
    /// rules refuse (trying again is useless) and never quotes the URL.
    [[nodiscard]] boost::asio::awaitable<Answer> fetch(HttpRequest& request, OutsideRules const& rules, OnData const& on_data,
                                                       std::chrono::milliseconds limit);
    /// Reads a body as it comes (event stream), piece by piece, until it ends or `on_data` answers false.
    /// Answers the head with an empty body; a non-2xx answer is returned whole without calling `on_data`.
    [[nodiscard]] boost::asio::awaitable<Answer> stream(std::filesystem::path const& socket, HttpRequest& request,
                                                        OnData const& on_data);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace deskbridge::net
