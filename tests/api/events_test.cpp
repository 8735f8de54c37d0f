#include "api_world.hpp"

#include "api/event_stream.hpp"
#include "api/peer.hpp"
#include "async/run.hpp"
#include "deskbridge/net/http_client.hpp"
#include "deskbridge/net/http_server.hpp"

#include <catch2/catch.hpp>

#include <boost/asio/co_spawn.hpp>

#include <unistd.h>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

/// Whatever happens to it then is not `ticket.seen`.
TicketId seen_ticket(Scene& scene, std::string const& subject)
{
    auto const id = scene.open_ticket(subject);
    CHECK(scene.perform(desk::MarkSeen{hash(id)}).has_value());
    return id;
}

std::string types(nlohmann::json const& page)
{
    std::string out;
    for (auto const& event : page.at("data"))
        out += (out.empty() ? "" : " ") + event.at("type").get<std::string>();
    return out;
}

/// The API behind a real server on a Unix socket, read as an EventSource does.
struct Live : ApiWorld {
    ScratchFolder folder;
    Metrics metrics;
    net::HttpServer server{io, api.routes(), {}, log, metrics};
    net::HttpClient client{io, {}, log};
    std::string seen;
    bool ended{false};
    std::size_t enough{1};

    Live()
    {
        net::Listen where;
        where.unix_path = folder.path() / "s";
        REQUIRE(server.listen(where).has_value());
        // Whoever runs the tests is an agent.
        if (::getuid() == 0)
            return;
        scene.store.write([](store::Tx& tx) {
            auto q = tx.prepare("UPDATE agent SET unix_user = ?1 WHERE name = 'Ana Prado'");
            auto const me = api::unix_user_name(::getuid()).value_or(std::to_string(::getuid()));
            q.bind(1, me);
            q.run();
        });
    }
    ~Live()
    {
        bool stopped = false;
        boost::asio::co_spawn(io, server.stop(std::chrono::milliseconds{0}), [&](std::exception_ptr) { stopped = true; });
        run_until([&] { return stopped; });
    }
    template <class Done>
    void run_until(Done done)
    {
        auto const limit = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        while (!done() && std::chrono::steady_clock::now() < limit) {
            io.restart();
            io.run_one_for(std::chrono::milliseconds{20});
        }
        CHECK(done());
    }
    boost::asio::awaitable<void> follow(std::string target, Headers headers)
    {
        HttpRequest request{"GET", std::move(target), std::move(headers), {}};
        std::function<bool(std::string_view)> const keep = [this](std::string_view piece) {
            seen += piece;
            return count("\nid: ") + (seen.starts_with("id: ") ? 1 : 0) < enough;
        };
        auto const answer = co_await client.stream(folder.path() / "s", request, keep);
        CHECK(std::holds_alternative<HttpResponse>(answer));
        ended = true;
    }
    void start(std::string target, Headers headers = {{"Accept", "text/event-stream"}})
    {
        boost::asio::co_spawn(io, follow(std::move(target), std::move(headers)), [](std::exception_ptr) {});
        run_until([&] { return seen.find("event: hello") != std::string::npos; });
    }
    [[nodiscard]] std::size_t count(std::string_view part) const
    {
        std::size_t n = 0;
        for (auto at = seen.find(part); at != std::string::npos; at = seen.find(part, at + 1))
            ++n;
        return n;
    }
};

/// The stream that this peer gets, outside of any server.
net::NextChunk stream_of(ApiWorld& world, Peer peer, std::string target)
{
    net::Request request;
    request.http = {"GET", std::move(target), {{"Accept", "text/event-stream"}}, {}};
    request.peer_uid = static_cast<std::uint32_t>(peer);
    std::optional<net::Reply> reply;
    for (auto const& route : world.api.routes())
        if (route.pattern == "/v1/events")
            reply = test::run_task(world.io, route.handler(request));
    REQUIRE(reply.has_value());
    REQUIRE(reply->next);
    return std::move(reply->next);
}

std::optional<std::string> piece_of(ApiWorld& world, net::NextChunk const& next)
{
    return test::run_task(world.io, next());
}

} // namespace

TEST_CASE("events: polled by cursor")
{
    ApiWorld world;
    auto const id = seen_ticket(world.scene, "parcel");
    auto const other = seen_ticket(world.scene, "invoice");
    auto const begin = world.scene.now_in_log().value;
    for (auto const ticket : {id, other})
        CHECK(world.call({"POST", "/v1/tickets/" + std::to_string(ticket.value) + "/notes", {{"text", "n"}}}).status == 201);
    auto const all = world.call({"GET", "/v1/events?after=" + std::to_string(begin)});
    REQUIRE(all.status == 200);
    CHECK(types(all.json) == "message.noted message.noted");
    CHECK(all.json.at("data").at(0).at("ticket") == id.value);
    CHECK(all.json.at("data").at(0).at("actor").at("id") == world.scene.ana.agent.value);
    CHECK(all.json.dump().find("parcel") == std::string::npos);
    auto const head = all.json.at("head").get<std::int64_t>();
    CHECK(head == world.scene.now_in_log().value);
    auto const rest = world.call({"GET", "/v1/events?after=" + std::to_string(head)});
    CHECK(rest.json == nlohmann::json{{"data", nlohmann::json::array()}, {"head", head}});
    auto const one = world.call({"GET", "/v1/events?limit=1&after=" + std::to_string(begin)});
    CHECK(one.json.at("data").size() == 1);
    auto const mine = world.call(
        {"GET", "/v1/events?after=" + std::to_string(begin) + "&tickets=" + std::to_string(other.value)});
    CHECK(types(mine.json) == "message.noted");
    CHECK(world.call({"GET", "/v1/events"}).json.at("head") == head);
}

TEST_CASE("events: nobody goes on where the log has not come to")
{
    ApiWorld world;
    (void)world.scene.open_ticket("parcel");
    auto const head = world.scene.now_in_log().value;
    auto const beyond = std::to_string(head + 1);
    for (auto const& headers : {Headers{}, Headers{{"Accept", "text/event-stream"}}}) {
        auto const said = world.call({"GET", "/v1/events?after=" + beyond, {}, Peer::ana, headers});
        CHECK(said.status == 409);
        CHECK(said.type == "application/problem+json");
        CHECK(said.json.at("type") == "/problems/events-reset");
        CHECK(said.json.at("head") == head);
        CHECK_THAT(said.json.at("detail").get<std::string>(), Catch::Contains(beyond) && Catch::Contains(std::to_string(head)));
    }
    auto const resumed = world.call({"GET", "/v1/events", {}, Peer::ana, {{"Last-Event-ID", beyond}}});
    CHECK(resumed.status == 409);
    CHECK(world.call({"GET", "/v1/events?after=" + std::to_string(head)}).status == 200);
}

TEST_CASE("events: a stream may end after the Api")
{
    Scene scene;
    boost::asio::io_context io{1};
    auto streams = std::make_shared<api::Api::Streams>();
    auto piece = api::stream_events({io, *scene.store, scene.clock}, streams, {}, {});
    CHECK(streams->bells.size() == 1);
    std::weak_ptr<api::Api::Streams> const watched = streams;
    streams.reset();
    CHECK_FALSE(watched.expired());
    piece = nullptr;
    CHECK(watched.expired());
}

TEST_CASE("events: a stream says hello, then what happens, as it happens")
{
    Live world;
    auto const id = seen_ticket(world.scene, "parcel");
    world.start("/v1/events");
    CHECK_FALSE(world.ended);
    CHECK(world.scene.perform(desk::Note{std::to_string(id.value), "secret words", {}}).has_value());
    world.api.on_events();
    world.run_until([&] { return world.ended; });
    auto const seq = std::to_string(world.scene.now_in_log().value);
    CHECK(world.seen.find("id: " + seq + "\nevent: message.noted\ndata: {\"seq\":" + seq + ",") != std::string::npos);
    CHECK(world.seen.ends_with("}\n\n"));
    CHECK(world.seen.find("secret") == std::string::npos);
}

TEST_CASE("events: a stream that was interrupted goes on where its EventSource stopped")
{
    Live world;
    auto const id = seen_ticket(world.scene, "parcel");
    auto const begin = world.scene.now_in_log();
    for (int i = 0; i < 3; ++i)
        CHECK(world.scene.perform(desk::Note{std::to_string(id.value), "n", {}}).has_value());
    world.enough = 2;
    world.start("/v1/events?after=0", {{"Accept", "text/event-stream"}, {"Last-Event-ID", std::to_string(begin.value + 1)}});
    world.run_until([&] { return world.ended; });
    CHECK(world.count("event: message.noted") == 2);
    CHECK(world.seen.find("id: " + std::to_string(begin.value + 1) + "\n") == std::string::npos);
    auto const bad = world.call({"GET", "/v1/events", {}, Peer::ana, {{"Last-Event-ID", "x"}}});
    CHECK(bad.status == 422);
}

TEST_CASE("events: a stream of one ticket is silent about others")
{
    Live world;
    auto const id = seen_ticket(world.scene, "parcel");
    auto const other = seen_ticket(world.scene, "invoice");
    world.start("/v1/events?tickets=" + std::to_string(id.value));
    for (auto const ticket : {other, id})
        CHECK(world.scene.perform(desk::Note{std::to_string(ticket.value), "n", {}}).has_value());
    world.api.on_events();
    world.run_until([&] { return world.ended; });
    CHECK(world.count("event: message.noted") == 1);
    CHECK(world.seen.find("\"ticket\":" + std::to_string(id.value)) != std::string::npos);
}

TEST_CASE("events: a stream of one ticket says that it is alive, however busy the others are")
{
    ApiWorld world;
    auto const id = seen_ticket(world.scene, "parcel");
    auto const other = std::to_string(seen_ticket(world.scene, "invoice").value);
    auto const next = stream_of(world, Peer::ana, "/v1/events?tickets=" + std::to_string(id.value));
    CHECK(piece_of(world, next).value_or("").find("event: hello") != std::string::npos);
    std::optional<std::string> piece;
    boost::asio::co_spawn(world.io, next(), [&](std::exception_ptr, std::optional<std::string> got) { piece = std::move(got); });
    for (int seconds = 0; seconds < 200 && !piece; ++seconds) {
        REQUIRE(world.scene.perform(desk::Note{other, "n", {}}).has_value());
        world.scene.clock.advance(std::chrono::seconds{1});
        world.api.on_events();
        world.io.restart();
        world.io.run_one_for(std::chrono::milliseconds{20});
        world.io.run_one_for(std::chrono::milliseconds{20});
    }
    CHECK(piece == ": still here\n\n");
}

TEST_CASE("events: whoever may not follow any more sees nothing further, wherever their stream stands")
{
    struct Case {
        std::string label;
        bool far_behind; ///< more to read than one piece holds
        bool greeted;    ///< else the agent is gone before the first piece
    };
    auto const c = GENERATE(values<Case>({{"up to date", false, true}, {"far behind", true, true}, {"not begun", false, false}}));
    INFO(c.label);
    ApiWorld world;
    auto const id = seen_ticket(world.scene, "parcel");
    for (int i = 0; c.far_behind && i < 450; ++i)
        REQUIRE(world.scene.perform(desk::Note{std::to_string(id.value), "n", {}}).has_value());
    auto const next = stream_of(world, Peer::ben, c.far_behind ? "/v1/events?after=0" : "/v1/events");
    if (c.greeted)
        CHECK(piece_of(world, next).value_or("").find("event: hello") != std::string::npos);
    if (c.far_behind)
        CHECK(piece_of(world, next).value_or("").find("event: message.noted") != std::string::npos);
    CHECK(world.scene.perform(desk::Note{std::to_string(id.value), "n", {}}).has_value());
    if (c.greeted && !c.far_behind)
        CHECK(piece_of(world, next).value_or("").find("event: message.noted") != std::string::npos);
    CHECK(world.call({"POST", "/v1/agents/" + std::to_string(world.scene.ben.agent.value) + "/disable"}).status == 200);
    CHECK(piece_of(world, next) == std::nullopt);
}

TEST_CASE("events: a change among the agents ends nobody else's stream")
{
    ApiWorld world;
    auto const next = stream_of(world, Peer::ana, "/v1/events");
    CHECK(piece_of(world, next).value_or("").find("event: hello") != std::string::npos);
    CHECK(world.call({"POST", "/v1/agents/" + std::to_string(world.scene.ben.agent.value) + "/disable"}).status == 200);
    CHECK(piece_of(world, next).value_or("").find("event: agent.disabled") != std::string::npos);
}
