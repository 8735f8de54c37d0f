#include "message.hpp"
#include "session.hpp"

#include "deskbridge/core/thrown.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include <fmt/format.h>

#include <array>
#include <limits>
#include <utility>

namespace deskbridge::net {
namespace {

namespace asio = boost::asio;
constexpr std::size_t max_lingering = 16u << 20;
constexpr std::size_t max_unasked = 64u << 10;

asio::awaitable<Reply> call(Handler const& handler, Request& request)
{
    co_return co_await handler(request);
}

asio::awaitable<std::variant<HttpResponse, std::shared_ptr<BodySink>>> receive(Receiver const& receiver, Request const& request)
{
    co_return co_await receiver(request);
}

asio::awaitable<std::optional<std::string>> call(NextChunk const& next)
{
    co_return co_await next();
}

} // namespace

asio::awaitable<bool> Session::answer_miss(Head const& head, Router::Miss const& miss)
{
    Refusal const refusal{miss.status, miss.status == 404   ? "not_found"
                                       : miss.status == 405 ? "method_not_allowed"
                                                            : "parameter"};
    core_->refused(refusal, {});
    auto response = problem_response(miss.status);
    if (!miss.allow.empty())
        response.headers.add("Allow", miss.allow);
    if (head.content_length > 0 || head.chunked)
        close_ = lingers_ = true;
    co_return co_await respond(response);
}

asio::awaitable<bool> Session::refuse(Refusal const& refusal, std::string_view route)
{
    core_->refused(refusal, route);
    close_ = lingers_ = true;
    auto const response = problem_response(refusal.status);
    co_return co_await respond(response);
}

Reply Session::refused_reply(Refusal const& refusal, std::string_view route)
{
    core_->refused(refusal, route);
    close_ = true;
    return problem_response(refusal.status);
}

asio::awaitable<Reply> Session::ask(Route const& route, std::shared_ptr<Request> request)
{
    watch_.rest();
    auto ended = [core = core_, request] { core->child_ended(); };
    core_->child_started();
    auto const executor = co_await asio::this_coro::executor;
    auto const child = Child<Reply>::start(executor, call(route.handler, *request), std::move(ended));
    child_ = child;
    co_await child->wait(now() + core_->limits.handle);
    if (!child->done()) {
        child->cancel();
        core_->unheard(route, *request);
        Refusal const slow{503, "handler_timeout"};
        co_return refused_reply(slow, route.pattern);
    }
    if (child->failure()) {
        core_->log.error("http_handler_failed", {{"route", route.pattern}, {"reason", type_of(child->failure())}});
        core_->unheard(route, *request);
        Refusal const failed{500, "handler_failed"};
        co_return refused_reply(failed, route.pattern);
    }
    co_return std::move(child->value());
}

asio::awaitable<std::optional<HttpResponse>> Session::find_sink(Route const& route, std::shared_ptr<HeldRequest> held)
{
    using Found = std::variant<HttpResponse, std::shared_ptr<BodySink>>;
    watch_.rest();
    auto ended = [core = core_, held] { core->child_ended(); };
    core_->child_started();
    auto const executor = co_await asio::this_coro::executor;
    auto const child = Child<Found>::start(executor, receive(route.receiver, held->request), std::move(ended));
    child_ = child;
    co_await child->wait(now() + core_->limits.handle);
    if (!child->done()) {
        child->cancel();
        core_->refused({503, "handler_timeout"}, route.pattern);
        co_return problem_response(503);
    }
    if (child->failure()) {
        core_->log.error("http_handler_failed", {{"route", route.pattern}, {"reason", type_of(child->failure())}});
        core_->refused({500, "handler_failed"}, route.pattern);
        co_return problem_response(500);
    }
    if (auto* const refusal = std::get_if<HttpResponse>(&child->value())) {
        core_->refused({refusal->status, "receiver"}, route.pattern);
        co_return std::move(*refusal);
    }
    held->request.sink = std::move(std::get<std::shared_ptr<BodySink>>(child->value()));
    co_return std::nullopt;
}

asio::awaitable<bool> Session::respond(HttpResponse const& response)
{
    Framing const framing{response.body.size(), false, close_ || core_->stopping};
    close_ = framing.close;
    bool const with_body = has_body(response.status) && !head_only_;
    bool const sent = co_await send_head(response, framing, with_body ? response.body : std::string_view{});
    co_return sent && !close_;
}

asio::awaitable<bool> Session::send_head(HttpResponse const& response, Framing const& framing, std::string_view body)
{
    auto head = render_head(response, framing);
    int status = response.status;
    if (!head) {
        core_->log.error("http_reply_invalid", {{"status", status}});
        status = 500;
        close_ = gone_ = true;
        head = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        body = {};
    }
    core_->answered(status);
    watch_.set(now() + core_->limits.respond);
    co_return co_await write(*head, body);
}

asio::awaitable<bool> Session::respond_in_pieces(std::shared_ptr<Reply> reply)
{
    close_ = streaming_ = true;
    chunks_ = chunks_ && !reply->size;
    Framing const framing{reply->size, chunks_, true};
    bool const begun = co_await send_head(reply->head, framing, {});
    if (!begun || head_only_ || gone_)
        co_return false;
    auto noticed = [core = core_](std::exception_ptr) { core->tell_empty(); };
    asio::co_spawn(co_await asio::this_coro::executor, notice_leaving(self_.lock()), std::move(noticed));
    if (!reply->head.body.empty() && !co_await send_piece(reply->head.body))
        co_return false;
    co_await pump(reply);
    co_return false;
}

asio::awaitable<void> Session::pump(std::shared_ptr<Reply> reply)
{
    auto const executor = co_await asio::this_coro::executor;
    auto left = reply->size.value_or(std::numeric_limits<std::uint64_t>::max());
    while (!gone_ && !core_->stopping) {
        watch_.rest();
        auto ended = [core = core_, reply] { core->child_ended(); };
        core_->child_started();
        auto const child = Child<std::optional<std::string>>::start(executor, call(reply->next), std::move(ended));
        child_ = child;
        co_await child->wait(SteadyTime::max());
        if (!child->done()) {
            child->cancel();
            break;
        }
        if (child->failure()) {
            core_->log.error("http_handler_failed", {{"route", "stream"}, {"reason", type_of(child->failure())}});
            co_return;
        }
        if (!child->value() || child->value()->size() > left)
            break;
        left -= child->value()->size();
        if (!child->value()->empty() && !co_await send_piece(*child->value()))
            co_return;
    }
    if (chunks_ && !gone_) {
        watch_.set(now() + core_->limits.respond);
        co_await write("0\r\n\r\n", {});
    }
}

asio::awaitable<bool> Session::send_piece(std::string_view piece)
{
    watch_.set(now() + core_->limits.respond);
    if (!chunks_)
        co_return co_await write(piece, {});
    auto const chunk = fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
    co_return co_await write(chunk, {});
}

asio::awaitable<bool> Session::write(std::string_view first, std::string_view second)
{
    if (broken_ || watch_.expired())
        co_return false;
    Pieces const pieces{asio::buffer(first), asio::buffer(second)};
    wait_begins(&Waiters::slow);
    auto const [ec, n] = co_await wire_->write(pieces);
    wait_ends();
    broken_ = ec.failed();
    if (broken_ && watch_.expired())
        core_->refused({0, "respond_timeout"}, {});
    co_return !broken_;
}

asio::awaitable<void> Session::notice_leaving(std::shared_ptr<Session> self)
{
    std::array<char, 512> sink{};
    std::size_t unasked = 0;
    while (unasked < max_unasked) {
        auto const [ec, n] = co_await self->wire_->read_some(asio::buffer(sink));
        if (ec)
            break;
        unasked += n;
    }
    self->gone_ = true;
    if (auto const child = self->child_.lock())
        child->give_up();
}

// Closing while bytes of the client are unread resets the connection, and the reset may overtake the answer.
asio::awaitable<void> Session::part()
{
    if (!close_ || broken_ || streaming_ || !wire_->socket().is_open())
        co_return;
    watch_.set(now() + core_->limits.linger);
    wait_begins(&Waiters::slow);
    co_await wire_->say_goodbye();
    std::array<char, 16u << 10> sink{};
    std::size_t drained = 0;
    while (lingers_ && drained < max_lingering && !watch_.expired()) {
        auto const [ec, n] = co_await wire_->read_some(asio::buffer(sink));
        if (ec)
            break;
        drained += n;
    }
    wait_ends();
}

} // namespace deskbridge::net
