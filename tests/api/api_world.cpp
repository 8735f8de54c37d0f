#include "api_world.hpp"

#include "document.hpp"

#include "api/peer.hpp"
#include "async/run.hpp"
#include "net/router.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace deskbridge::test {
namespace {

std::string user_of(Peer peer)
{
    return api::unix_user_name(static_cast<std::uint32_t>(peer)).value();
}

} // namespace

ApiWorld::ApiWorld()
    : desk{desk::Desk::Parts{*scene.store, scene.clock, scene.accounts, [n = std::uint64_t{0}]() mutable { return n += 7919; },
                             [] {}, [](store::Tx&, store::OutboxEffect const&, Timestamp) {},
                             [this](store::ReplayWish const& wish) { return replay(wish); }, {}, &pool}},
      api{api::Api::Parts{io, *scene.store, scene.clock, desk, log, pool, &media, &pool, 1u << 20, [this] { return room; }}}
{
    REQUIRE(media.prepare().has_value());
    scene.store.write([&](store::Tx& tx) {
        for (auto const& [agent, peer] : {std::pair{scene.ana, Peer::ana}, std::pair{scene.ben, Peer::ben}}) {
            auto q = tx.prepare("UPDATE agent SET unix_user = ?1 WHERE agent_id = ?2");
            auto const user = user_of(peer);
            q.bind(1, user);
            q.bind(2, agent.agent);
            q.run();
        }
    });
}

boost::asio::awaitable<Result<store::Replayed>> ApiWorld::replay(store::ReplayWish const& wish)
{
    wishes.push_back(wish);
    store::Replayed replayed;
    replayed.applied = 3;
    replayed.shelf_before = 1;
    replayed.changes.emplace_back().type = "ticket.opened";
    replayed.changes.back().data = "{}";
    co_return replayed;
}

std::optional<HttpResponse> ApiWorld::receive(net::Route const& route, net::Request& request)
{
    auto found = run_task(io, route.receiver(request));
    if (auto* const refusal = std::get_if<HttpResponse>(&found))
        return std::move(*refusal);
    request.sink = std::get<std::shared_ptr<net::BodySink>>(found);
    for (std::string_view rest = request.http.body; !rest.empty(); rest.remove_prefix(std::min<std::size_t>(rest.size(), 1000)))
        request.sink->take(rest.substr(0, 1000));
    request.http.body.clear();
    return std::nullopt;
}

ApiWorld::Said ApiWorld::perform(net::Request request)
{
    net::Router const router{api.routes()};
    auto found = router.find(request.http.method, path_of(request.http.target));
    auto* const match = std::get_if<net::Router::Match>(&found);
    if (match == nullptr)
        return {std::get<net::Router::Miss>(found).status, {}, {}};
    request.parameters = std::move(match->parameters);
    auto refusal = match->route->receiver ? receive(*match->route, request) : std::nullopt;
    auto const reply = refusal ? net::Reply{std::move(*refusal)} : run_task(io, match->route->handler(request));
    auto const& head = reply.head;
    Said said{head.status, nlohmann::json::parse(head.body, nullptr, false), std::string{head.headers.find("Content-Type").value_or("")}};
    if (!said.json.is_discarded()) {
        INFO(request.http.method << " " << request.http.target);
        CHECK(Document::of_this_tree().differences(match->route->pattern, request.http, said.status, said.json) == std::vector<std::string>{});
    }
    return said;
}

ApiWorld::Said ApiWorld::call(Call const& call)
{
    net::Request request;
    request.http.method = call.method;
    request.http.target = call.target;
    request.http.headers = call.headers;
    if (!call.body.is_null())
        request.http.body = call.body.dump();
    if (call.peer)
        request.peer_uid = static_cast<std::uint32_t>(*call.peer);
    return perform(std::move(request));
}

ApiWorld::Said ApiWorld::call_raw(std::string method, std::string target, std::string body, Headers headers)
{
    net::Request request;
    request.http.method = std::move(method);
    request.http.target = std::move(target);
    request.http.body = std::move(body);
    request.http.headers = std::move(headers);
    request.peer_uid = static_cast<std::uint32_t>(Peer::ana);
    return perform(std::move(request));
}

} // namespace deskbridge::test
