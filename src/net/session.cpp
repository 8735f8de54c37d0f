#include "session.hpp"

#include "listener.hpp"
#include "message.hpp"

#include <algorithm>
#include <utility>

namespace deskbridge::net {
namespace {

namespace asio = boost::asio;
constexpr std::size_t head_read_size = 4u << 10; ///< what an idle connection costs
constexpr std::size_t body_read_size = 16u << 10;

std::string_view view(boost::beast::flat_buffer const& buffer) noexcept
{
    auto const bytes = buffer.data();
    return {static_cast<char const*>(bytes.data()), bytes.size()};
}

} // namespace

Session::Session(std::shared_ptr<ServerCore> core, std::shared_ptr<Site const> site, std::unique_ptr<Wire> wire,
                 std::string remote, Peers::Seat neighbour)
    : core_{std::move(core)}, site_{std::move(site)}, wire_{std::move(wire)}, remote_{std::move(remote)},
      uid_{peer_uid(wire_->socket())}, behind_proxy_{site_->proxies.contains(remote_)}, buffer_{core_->limits.max_header + body_read_size},
      watch_{wire_->socket().get_executor(), [this] { wire_->cancel(); }},
      neighbour_{std::move(neighbour)}, seat_{core_->sessions.insert(core_->sessions.end(), this)}, began_{now()}
{
}

Session::~Session()
{
    wait_ends();
    core_->sessions.erase(seat_);
}

void Session::wait_begins(Row Waiters::*row)
{
    wait_ends();
    waits_ = row;
    auto const join = [row](Waiters& waiters, Row& turn) { (waiters.*row).splice((waiters.*row).end(), turn); };
    join(core_->waiters, turn_);
    if (auto* const peer = neighbour_.peer())
        join(peer->waiters, turn_of_peer_);
}

void Session::wait_ends()
{
    auto* const peer = neighbour_.peer();
    if (waits_ == nullptr)
        return;
    turn_.splice(turn_.end(), core_->waiters.*waits_, place_);
    if (peer != nullptr)
        turn_of_peer_.splice(turn_of_peer_.end(), peer->waiters.*waits_, place_of_peer_);
    waits_ = nullptr;
}

/// A connection has a budget as a whole: whoever goes on for ever must connect again.
bool Session::is_spent() const
{
    return received_ > core_->limits.connection_bytes || now() - began_ > core_->limits.connection_age;
}

void Session::evict()
{
    if (waits_ == &Waiters::idle)
        core_->unheard(view(buffer_));
    wait_ends();
    core_->refused({0, "evicted"}, {});
    gone_ = true;
    if (share_ != nullptr) {
        std::exchange(share_, nullptr)->resize(0);
        body_.reset();
    }
    wire_->close();
}

void Session::stop_gently()
{
    close_ = true;
    if (waits_ == &Waiters::idle && buffer_.size() == 0)
        wire_->close();
    if (auto const child = child_.lock(); child && streaming_)
        child->give_up();
}

void Session::abort()
{
    wire_->close();
    if (auto const child = child_.lock()) {
        child->cancel();
        child->give_up();
    }
}

asio::awaitable<void> Session::run(std::shared_ptr<Session> self)
{
    self->self_ = self;
    // GCC 12 miscompiles a loop whose condition awaits when it is the only statement under another such condition.
    bool goes_on = co_await self->shake_hands();
    while (goes_on) {
        goes_on = co_await self->serve_one();
        self->served_ = true;
    }
    co_await self->part();
    self->wire_->close();
}

asio::awaitable<bool> Session::shake_hands()
{
    if (!wire_->sealed())
        co_return true;
    wait_begins(&Waiters::idle);
    watch_.set(now() + core_->limits.handshake);
    auto const [ec] = co_await wire_->shake_hands();
    wait_ends();
    if (ec)
        core_->refused({0, "handshake"}, {});
    else
        client_names_ = wire_->peer_names();
    co_return !ec && !watch_.expired();
}

asio::awaitable<bool> Session::fill()
{
    auto const wanted = body_ && !body_->done() ? body_read_size : head_read_size;
    auto const room = std::min(buffer_.max_size() - buffer_.size(), wanted);
    if (watch_.expired() || room == 0)
        co_return false;
    auto const [ec, n] = co_await wire_->read_some(buffer_.prepare(room));
    buffer_.commit(n);
    received_ += n;
    co_return !ec && !watch_.expired() && !gone_;
}

asio::awaitable<Session::ReadHead> Session::read_head()
{
    HeadScanner scanner{core_->guard};
    body_.reset();
    bool const idle = served_ && buffer_.size() == 0;
    watch_.set(now() + (idle ? core_->limits.idle : core_->limits.header));
    wait_begins(&Waiters::idle);
    if (buffer_.size() == 0 && buffer_.capacity() > head_read_size)
        buffer_.shrink_to_fit();
    while (true) {
        auto const scanned = scanner.scan(view(buffer_));
        if (auto const* refusal = std::get_if<Refusal>(&scanned))
            co_return *refusal;
        if (auto const length = std::get<std::size_t>(scanned); length > 0) {
            wait_ends();
            co_return take_head(length);
        }
        bool const first = buffer_.size() == 0;
        if (!co_await fill()) {
            wait_ends();
            if (!watch_.expired() || buffer_.size() == 0)
                co_return Gone{};
            core_->unheard(view(buffer_));
            co_return Refusal{408, "header_timeout"};
        }
        if (first && idle)
            watch_.set(now() + core_->limits.header);
    }
}

Session::ReadHead Session::take_head(std::size_t length)
{
    auto const block = view(buffer_).substr(0, length);
    auto inspected = inspect_head(block, core_->guard, site_->where.hosts);
    if (auto const* refusal = std::get_if<Refusal>(&inspected))
        return *refusal;
    auto& head = std::get<Head>(inspected);
    body_.emplace(core_->limits.max_header + body_read_size, head.chunked ? std::nullopt : std::optional{head.content_length});
    if (!body_->take_head(block))
        return Refusal{400, "parser"};
    buffer_.consume(length);
    return std::move(head);
}

SteadyTime Session::body_deadline(Route const& route, SteadyTime began, std::size_t received) const
{
    auto const& limits = core_->limits;
    auto const last = began + (route.body_limit.count() > 0 ? route.body_limit : limits.body);
    if (limits.body_rate == 0)
        return last;
    auto const earned = std::chrono::milliseconds{static_cast<std::int64_t>(received * 1000 / limits.body_rate)};
    return std::min(last, began + limits.body_grace + earned);
}

asio::awaitable<std::optional<Refusal>> Session::read_body(Head const& head, Route const& route, HeldRequest& held)
{
    if (head.content_length == 0 && !head.chunked)
        co_return std::nullopt;
    if (head.chunked)
        body_->limit(route.max_body);
    watch_.set(now() + core_->limits.respond);
    if (head.expects_continue && buffer_.size() == 0 && !co_await write("HTTP/1.1 100 Continue\r\n\r\n", {}))
        co_return Refusal{0, "gone"};
    share_ = &held.share;
    wait_begins(&Waiters::slow);
    auto const refusal = co_await read_pieces(route, held);
    wait_ends();
    share_ = nullptr;
    if (refusal)
        body_.reset(); // what has come of it is not counted any more
    else if (!held.request.sink)
        held.request.http.body = std::move(*body_).body();
    co_return refusal;
}

asio::awaitable<std::optional<Refusal>> Session::read_pieces(Route const& route, HeldRequest& held)
{
    auto const began = now();
    std::size_t received = 0;
    bool starved = buffer_.size() == 0;
    while (!body_->done()) {
        watch_.set(body_deadline(route, began, received));
        if (starved && !co_await fill())
            co_return watch_.expired() ? Refusal{408, "body_timeout"} : Refusal{0, "gone"};
        auto const taken = body_->take_body(view(buffer_));
        if (!taken)
            co_return body_->too_large() ? Refusal{413, "body_too_large"} : Refusal{400, "parser"};
        buffer_.consume(*taken);
        received += *taken;
        starved = *taken == 0 || buffer_.size() == 0;
        if (held.request.sink)
            held.request.sink->take(body_->piece());
        if (!core_->make_room(held.share, body_->memory()))
            co_return Refusal{503, "bodies_in_work"};
    }
    co_return std::nullopt;
}

} // namespace deskbridge::net
