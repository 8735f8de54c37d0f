#pragma once

#include "deskbridge/net/http_client.hpp"
#include "watch.hpp"
#include "wire.hpp"

#include <boost/beast/core/flat_buffer.hpp>

#include <optional>
#include <string>

namespace deskbridge::net {

constexpr std::size_t max_answer_body = 8u << 20;
constexpr std::size_t max_answer_header = 32u << 10;
constexpr std::size_t max_error_body = 64u << 10; ///< of an answer without success to a request for a file
constexpr std::size_t max_answer_bytes = 2 * max_answer_body; ///< with chunk framing; a peer may inflate it

/// A request as it goes onto the wire.
struct Rendered {
    std::string head;
    std::string_view body;
    bool head_only{false}; ///< HEAD: the answer has no body
    Upload* upload{nullptr}; ///< what the body goes on with; null: nothing
};

/// nullopt: a method, target or header that would break the framing. `body` refers to the request's.
[[nodiscard]] std::optional<Rendered> render_request(HttpRequest const& request, std::string_view target,
                                                     std::string_view host_line, Upload* upload = nullptr);

/// One request and its answer on one connection. Cancelling the coroutine ends it at once, with the truth about what was
/// written. Threads: the reactor.
class Exchange {
public:
    Exchange(Wire& wire, boost::beast::flat_buffer& buffer) noexcept : wire_{wire}, buffer_{buffer} {}

    [[nodiscard]] boost::asio::awaitable<Answer> run(Rendered const& request, SteadyTime deadline);
    /// `deadline` is the head's; the body of a 2xx may last for ever.
    [[nodiscard]] boost::asio::awaitable<Answer> run(Rendered const& request, SteadyTime deadline, OnData const& on_data);
    /// The body of a 2xx piece by piece, at most `max_body` bytes; `deadline` is for all of it.
    [[nodiscard]] boost::asio::awaitable<Answer> run(Rendered const& request, SteadyTime deadline, OnData const& on_data,
                                                     std::size_t max_body);
    /// The connection can carry another exchange.
    [[nodiscard]] bool clean() const noexcept { return clean_; }

private:
    class Reader;
    boost::asio::awaitable<std::optional<NoAnswer>> write(Rendered const& request, Watch& watch);
    boost::asio::awaitable<std::optional<NoAnswer>> write_upload(Upload& upload, Watch& watch);
    [[nodiscard]] NoAnswer not_taken(boost::system::error_code ec, Watch const& watch) const;
    boost::asio::awaitable<std::string> read_head(Reader& reader, Watch& watch);
    boost::asio::awaitable<std::string> read_body(Reader& reader, Watch& watch, OnData const* on_data);
    boost::asio::awaitable<std::string> fill(Reader& reader, Watch& watch);
    struct Taking {
        OnData const* on_data{nullptr}; ///< null: the body as a whole
        std::size_t max_body{0};        ///< of a body in pieces; 0: it may last for ever
    };
    boost::asio::awaitable<Answer> go(Rendered const& request, SteadyTime deadline, Taking const& taking);
    boost::asio::awaitable<Answer> go_uncancelled(Rendered const& request, SteadyTime deadline, Taking const& taking);

    Wire& wire_;
    boost::beast::flat_buffer& buffer_;
    bool clean_{false};
    bool given_up_{false}; ///< our own upload ended early: the peer waits for it, and will not answer
    NoAnswer::Written written_{NoAnswer::Written::nothing};
};

} // namespace deskbridge::net
