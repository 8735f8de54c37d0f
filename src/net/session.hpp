#pragma once

#include "body_reader.hpp"
#include "child.hpp"
#include "server_core.hpp"
#include "watch.hpp"
#include "wire.hpp"

#include <boost/beast/core/flat_buffer.hpp>

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace deskbridge::net {

struct Framing;

/// One connection of the server: requests one after the other, each phase within its deadline.
/// Threads: the reactor.
class Session {
public:
    /// `remote`: the other end's address; `neighbour`: its share of the connections.
    Session(std::shared_ptr<ServerCore> core, std::shared_ptr<Site const> site, std::unique_ptr<Wire> wire, std::string remote,
            Peers::Seat neighbour);
    ~Session();
    Session(Session const&) = delete;
    Session& operator=(Session const&) = delete;

    /// Lasts as long as the connection.
    static boost::asio::awaitable<void> run(std::shared_ptr<Session> self);

    void evict();       ///< makes room for somebody else
    void stop_gently(); ///< no further request; streams end, a request in work is finished
    void abort();       ///< now

    /// The share of the body that is being read; null: none is.
    [[nodiscard]] BodyShare const* arriving() const noexcept { return share_; }

private:
    using Row = std::list<Session*>;
    struct HeldRequest;
    struct Gone {}; ///< the client left, or fell silent before the first byte
    using ReadHead = std::variant<Head, Refusal, Gone>;

    boost::asio::awaitable<bool> shake_hands();
    boost::asio::awaitable<bool> serve_one();
    boost::asio::awaitable<ReadHead> read_head();
    ReadHead take_head(std::size_t length);
    boost::asio::awaitable<bool> fill();
    boost::asio::awaitable<bool> serve(Head& head, Router::Match& match);
    boost::asio::awaitable<bool> serve_body(Head const& head, Route const& route, std::shared_ptr<HeldRequest> held);
    [[nodiscard]] std::optional<Refusal> admit(std::string const& client, std::uint64_t announced, Route const& route, HeldRequest& held);
    [[nodiscard]] std::optional<Peers::Seat> seat_for(std::string const& client);
    boost::asio::awaitable<bool> answer_miss(Head const& head, Router::Miss const& miss);
    boost::asio::awaitable<std::optional<HttpResponse>> find_sink(Route const& route, std::shared_ptr<HeldRequest> held);
    boost::asio::awaitable<std::optional<Refusal>> read_body(Head const& head, Route const& route, HeldRequest& held);
    boost::asio::awaitable<std::optional<Refusal>> read_pieces(Route const& route, HeldRequest& held);
    boost::asio::awaitable<Reply> ask(Route const& route, std::shared_ptr<Request> request);
    Reply refused_reply(Refusal const& refusal, std::string_view route);
    boost::asio::awaitable<bool> refuse(Refusal const& refusal, std::string_view route);
    boost::asio::awaitable<bool> respond(HttpResponse const& response);
    boost::asio::awaitable<bool> respond_in_pieces(std::shared_ptr<Reply> reply);
    boost::asio::awaitable<void> pump(std::shared_ptr<Reply> reply);
    boost::asio::awaitable<bool> send_piece(std::string_view piece);
    boost::asio::awaitable<bool> send_head(HttpResponse const& response, Framing const& framing, std::string_view body);
    boost::asio::awaitable<bool> write(std::string_view first, std::string_view second);
    boost::asio::awaitable<void> part();
    static boost::asio::awaitable<void> notice_leaving(std::shared_ptr<Session> self);
    void wait_begins(Row Waiters::*row);
    void wait_ends();
    [[nodiscard]] bool is_spent() const;
    [[nodiscard]] SteadyTime body_deadline(Route const& route, SteadyTime began, std::size_t received) const;

    std::shared_ptr<ServerCore> core_;
    std::shared_ptr<Site const> site_;
    std::unique_ptr<Wire> wire_;
    std::string remote_;
    std::vector<std::string> client_names_; ///< of its certificate, verified
    std::optional<std::uint32_t> uid_;
    bool behind_proxy_;
    boost::beast::flat_buffer buffer_;
    Watch watch_;
    std::optional<BodyReader> body_;
    BodyShare* share_{nullptr};      ///< of the body that is being read
    std::weak_ptr<Session> self_;
    std::weak_ptr<ChildBase> child_; ///< the handler or the stream's piece that is waited for
    Peers::Seat neighbour_;
    Row::iterator seat_;             ///< among all sessions
    Row turn_{this};                 ///< moved into a row of those that wait for their client, and back
    Row turn_of_peer_{this};         ///< the same among the neighbour's
    Row::iterator place_{turn_.begin()};
    Row::iterator place_of_peer_{turn_of_peer_.begin()};
    Row Waiters::*waits_{nullptr};   ///< the row it is in
    SteadyTime began_;
    std::uint64_t received_{0};      ///< bytes, as they are after TLS
    bool served_{false};             ///< at least one request
    bool head_only_{false};          ///< this request is HEAD
    bool chunks_{true};              ///< this request's client understands chunked framing
    bool close_{false};              ///< after this answer
    bool lingers_{false};            ///< the client may still be sending: read it away before closing
    bool broken_{false};             ///< a write failed; another one would wait for ever
    bool streaming_{false};
    bool gone_{false}; ///< a stream's client has left, or this connection made room
};

/// A request and what it takes of the server, for as long as the handler has it.
struct Session::HeldRequest {
    explicit HeldRequest(std::shared_ptr<ServerCore> core) : share{std::move(core)} {}
    Request request;
    BodyShare share;
    std::optional<Peers::Seat> client{}; ///< behind a proxy: of whoever asks; goes before the server does
};

} // namespace deskbridge::net
