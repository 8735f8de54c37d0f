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

SteadyTime now() noexcept
{
    return std::chrono::steady_clock::now();
}

std::string_view view(boost::beast::flat_buffer const& buffer) noexcept
{
    auto const bytes = buffer.data();
    return {static_cast<char const*>(bytes.data()), bytes.size()};
}

} // namespace

Session::Session(std::shared_ptr<ServerCore> core, std::shared_ptr<Site const> site, std::unique_ptr<Wire> wire)
    : core_{std::move(core)}, site_{std::move(site)}, wire_{std::move(wire)}, remote_{peer_address(wire_->socket())},
      uid_{peer_uid(wire_->socket())}, buffer_{core_->limits.max_header + body_read_size},
      watch_{wire_->socket().get_executor(), [this] { wire_->cancel(); }},
      seat_{core_->sessions.insert(core_->sessions.end(), this)}
{
}

Session::~Session()
{
    wait_ends();
    core_->sessions.erase(*seat_);
}

void Session::wait_begins()
{
    wait_ends();
    turn_ = core_->waiting.insert(core_->waiting.end(), this);
}

void Session::wait_ends()
{
    if (turn_)
        core_->waiting.erase(*turn_);
    turn_.reset();
}

void Session::evict()
{
    wait_ends();
    core_->refused({0, "evicted"}, {});
    wire_->close();
}

void Session::stop_gently()
{
    close_ = true;
    if (turn_ && buffer_.size() == 0)
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
    wait_begins();
    watch_.set(now() + core_->limits.handshake);
    auto const [ec] = co_await wire_->shake_hands();
    wait_ends();
    if (ec)
        core_->refused({0, "handshake"}, {});
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
    co_return !ec && !watch_.expired();
}

asio::awaitable<Session::ReadHead> Session::read_head()
{
    HeadScanner scanner{core_->guard};
    body_.reset();
    bool const idle = served_ && buffer_.size() == 0;
    watch_.set(now() + (idle ? core_->limits.idle : core_->limits.header));
    wait_begins();
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
            if (watch_.expired() && buffer_.size() > 0)
                co_return Refusal{408, "header_timeout"};
            co_return Gone{};
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
    body_.emplace(core_->limits.max_header + body_read_size, head.content_length);
    if (!body_->take_head(block))
        return Refusal{400, "parser"};
    buffer_.consume(length);
    return std::move(head);
}

SteadyTime Session::body_deadline(SteadyTime began, std::size_t received) const
{
    auto const& limits = core_->limits;
    auto const last = began + limits.body;
    if (limits.body_rate == 0)
        return last;
    auto const earned = std::chrono::milliseconds{static_cast<std::int64_t>(received * 1000 / limits.body_rate)};
    return std::min(last, began + limits.body_grace + earned);
}

asio::awaitable<std::optional<Refusal>> Session::read_body(Head const& head, Request& request)
{
    constexpr Refusal gone{0, "gone"};
    if (head.content_length == 0)
        co_return std::nullopt;
    watch_.set(now() + core_->limits.respond);
    if (head.expects_continue && buffer_.size() == 0 && !co_await write("HTTP/1.1 100 Continue\r\n\r\n", {}))
        co_return gone;
    auto const began = now();
    std::size_t received = 0;
    while (!body_->done()) {
        watch_.set(body_deadline(began, received));
        if (buffer_.size() == 0 && !co_await fill())
            co_return watch_.expired() ? Refusal{408, "body_timeout"} : gone;
        auto const taken = body_->take_body(view(buffer_));
        if (taken == 0)
            co_return Refusal{400, "parser"};
        buffer_.consume(taken);
        received += taken;
    }
    request.http.body = std::move(*body_).body();
    co_return std::nullopt;
}

asio::awaitable<bool> Session::serve_one()
{
    if (core_->stopping)
        co_return false;
    auto read = co_await read_head();
    if (auto const* refusal = std::get_if<Refusal>(&read))
        co_return co_await refuse(*refusal, {});
    auto* const head = std::get_if<Head>(&read);
    if (head == nullptr)
        co_return false;
    head_only_ = head->method == "HEAD";
    chunks_ = head->http11;
    close_ = !head->keep_alive || core_->stopping;
    auto found = core_->router.find(head->method, path_of(head->target));
    if (auto* const match = std::get_if<Router::Match>(&found))
        co_return co_await serve(*head, *match);
    co_return co_await answer_miss(*head, std::get<Router::Miss>(found));
}

namespace {

struct HeldRequest {
    explicit HeldRequest(std::shared_ptr<ServerCore> core, std::size_t bytes) : share{std::move(core), bytes} {}
    Request request;
    BodyShare share; ///< lives as long as the handler has the request
};

void take_over(Head& head, Router::Match& match, Request& request)
{
    request.http.method = std::move(head.method);
    request.http.target = std::move(head.target);
    request.http.headers = std::move(head.headers);
    request.parameters = std::move(match.parameters);
}

} // namespace

asio::awaitable<bool> Session::serve(Head& head, Router::Match& match)
{
    auto const& route = *match.route;
    bool const crowded = core_->body_bytes > 0 && core_->body_bytes + head.content_length > core_->limits.max_bodies;
    auto const wanted = crowded || head.content_length > route.max_body ? 0 : head.content_length;
    auto const held = std::make_shared<HeldRequest>(core_, wanted);
    std::shared_ptr<Request> const request{held, &held->request};
    take_over(head, match, *request);
    request->remote = remote_;
    request->peer_uid = uid_;
    request->tls = wire_->sealed();
    if (route.head_check) {
        if (auto const refused = route.head_check(*request)) {
            core_->refused({refused->status, "head_check"}, route.pattern);
            close_ = lingers_ = true;
            co_return co_await respond(*refused);
        }
    }
    if (head.content_length > route.max_body) {
        Refusal const too_large{413, "body_too_large"};
        co_return co_await refuse(too_large, route.pattern);
    }
    if (crowded && head.content_length > 0) {
        Refusal const later{503, "bodies_in_work"};
        co_return co_await refuse(later, route.pattern);
    }
    if (auto const refusal = co_await read_body(head, *request)) {
        if (refusal->status == 0)
            co_return false;
        co_return co_await refuse(*refusal, route.pattern);
    }
    auto const reply = std::make_shared<Reply>(co_await ask(route, request));
    if (reply->drop) {
        boost::system::error_code ignored;
        wire_->socket().set_option(boost::asio::socket_base::linger{true, 0}, ignored);
        wire_->close();
        co_return false;
    }
    if (reply->next && has_body(reply->head.status))
        co_return co_await respond_in_pieces(reply);
    co_return co_await respond(reply->head);
}

} // namespace deskbridge::net
