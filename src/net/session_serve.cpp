#include "session.hpp"

#include "message.hpp"
#include "proxies.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace deskbridge::net {

namespace asio = boost::asio;

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
    close_ = !head->keep_alive || core_->stopping || is_spent();
    auto found = core_->router.find(head->method, path_of(head->target));
    if (auto* const match = std::get_if<Router::Match>(&found))
        co_return co_await serve(*head, *match);
    co_return co_await answer_miss(*head, std::get<Router::Miss>(found));
}

namespace {

void take_over(Head& head, Router::Match& match, Request& request)
{
    request.http.method = std::move(head.method);
    request.http.target = std::move(head.target);
    request.http.headers = std::move(head.headers);
    request.parameters = std::move(match.parameters);
}

} // namespace

/// A part of the share of whoever asks through a proxy; nullopt: it is used up.
std::optional<Peers::Seat> Session::seat_for(std::string const& client)
{
    if (client.empty())
        return Peers::Seat{};
    auto name = neighbour_of(client);
    auto const* const peer = core_->peers.find(name);
    if (peer != nullptr && peer->seats >= core_->limits.max_per_address)
        return std::nullopt;
    return core_->peers.take(std::move(name));
}

asio::awaitable<bool> Session::serve(Head& head, Router::Match& match)
{
    auto const& route = *match.route;
    auto const client = behind_proxy_ ? site_->proxies.client_of(head.headers) : std::string{};
    auto const held = std::make_shared<HeldRequest>(core_);
    auto& request = held->request;
    take_over(head, match, request);
    request.remote = client.empty() ? remote_ : client;
    request.peer_uid = uid_;
    request.tls = wire_->sealed();
    request.client_names = client_names_;
    if (auto const refused = route.head_check ? route.head_check(request) : std::nullopt) {
        core_->refused({refused->status, "head_check"}, route.pattern);
        close_ = lingers_ = true;
        co_return co_await respond(*refused);
    }
    if (auto const refusal = admit(client, head.content_length, route, *held)) {
        core_->unheard(route, request);
        co_return co_await refuse(*refusal, route.pattern);
    }
    co_return co_await serve_body(head, route, held);
}

std::optional<Refusal> Session::admit(std::string const& client, std::uint64_t announced, Route const& route, HeldRequest& held)
{
    auto seat = seat_for(client);
    if (!seat)
        return Refusal{429, "address_limit"};
    held.client.emplace(std::move(*seat));
    if (announced > route.max_body)
        return Refusal{413, "body_too_large"};
    if (!core_->make_room(held.share, std::min<std::size_t>(announced, BodyReader::first_piece)))
        return Refusal{503, "bodies_in_work"};
    return std::nullopt;
}

asio::awaitable<bool> Session::serve_body(Head const& head, Route const& route, std::shared_ptr<HeldRequest> held)
{
    std::shared_ptr<Request> const request{held, &held->request};
    if (route.receiver) {
        if (auto const refused = co_await find_sink(route, held)) {
            close_ = lingers_ = true;
            co_return co_await respond(*refused);
        }
    }
    if (auto const refusal = co_await read_body(head, route, *held)) {
        core_->unheard(route, *request);
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
    if (reply->take_over) {
        assert(!wire_->sealed());
        co_await reply->take_over(wire_->socket());
        broken_ = true; // nothing of ours has a place behind it
        co_return false;
    }
    if (reply->next && has_body(reply->head.status))
        co_return co_await respond_in_pieces(reply);
    co_return co_await respond(reply->head);
}

} // namespace deskbridge::net
