#include "world.hpp"

#include "deskbridge/store/account_health.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;
using Written = net::NoAnswer::Written;

TEST_CASE("pump: what an answer, or none, does to a message")
{
    struct Case {
        std::string label;
        MessageClass message_class;
        std::string text;
        std::deque<ScriptedTransport::Line> script;
        std::string state;
        std::size_t asked;
        std::string logged;
    };
    constexpr auto agent = MessageClass::agent;
    auto const slow = [](int status) {
        auto answer = response(status);
        answer.headers.add("Retry-After", "30");
        return answer;
    };
    auto const c = GENERATE_COPY(values<Case>({
        {"accepted", agent, "hi", {accepts("m1")}, "accepted", 1u, "send_accepted"},
        {"2xx without an id", agent, "hi", {response(200, "{}")}, "unknown", 1u, "send_unknown"},
        {"5xx", agent, "hi", {response(503)}, "unknown", 1u, "send_unknown"},
        {"an answer to a command, 5xx: final", MessageClass::answer, "hi", {response(503)}, "unknown", 1u, "send_unknown"},
        {"refused", agent, "hi", {response(400)}, "refused", 1u, "send_refused"},
        {"window closed, no template", agent, "hi", {response(470)}, "refused", 1u, "send_refused"},
        {"throttled", agent, "hi", {slow(429)}, "retry_wait", 1u, "send_not_sent"},
        {"recipient throttled", agent, "hi", {slow(428)}, "retry_wait", 1u, "send_not_sent"},
        {"the answer is lost", agent, "hi", {lost(Written::all)}, "unknown", 1u, "send_unknown"},
        {"lost half-way", agent, "hi", {lost(Written::part)}, "retry_wait", 0u, "send_not_sent"},
        {"a dead connection from the pool: another one", agent, "hi", {lost(Written::nothing), accepts("m1")}, "accepted", 1u, "send_accepted"},
        {"twice dead", agent, "hi", {lost(Written::nothing), lost(Written::nothing)}, "retry_wait", 0u, "send_not_sent"},
        {"no connection", agent, "hi", {ScriptedTransport::NoConnection{}}, "retry_wait", 0u, "send_postponed"},
        {"upload, then send", agent, "file:a", {response(200), accepts("m1")}, "accepted", 2u, "send_accepted"},
        {"a lost upload is harmless", agent, "file:a", {lost(Written::all)}, "retry_wait", 1u, "send_not_sent"},
        {"a lost send after an upload is not", agent, "file:a", {response(200), lost(Written::all)}, "unknown", 2u, "send_unknown"},
        {"credentials", agent, "hi", {response(401)}, "queued", 1u, "account_paused"},
    }));
    INFO(c.label);
    World world;
    auto const id = world.queue(world.customer("491"), c.text, c.message_class);
    world.transport.script = c.script;
    (void)world.pump();
    CHECK(world.state(id) == c.state);
    CHECK(world.transport.asked.size() == c.asked);
    CHECK(world.log.count(c.logged) == 1);
    CHECK(world.process->in_flight() == 0);
}

TEST_CASE("pump: no connection burns no attempt; the journal comes before the bytes")
{
    World world;
    auto const id = world.queue(world.customer("491"), "hi");
    world.transport.script = {ScriptedTransport::NoConnection{}};
    (void)world.pump();
    CHECK(world.row(id).attempts == 0);
    std::string at_exchange;
    world.transport.script = {accepts("m1")};
    world.step = [&](char const* where) {
        if (std::string_view{where} == "exchange")
            at_exchange = world.state(id);
    };
    world.clock.advance(1min);
    (void)world.pump();
    CHECK(at_exchange == "claimed");
    CHECK(world.row(id).attempts == 1);
}

TEST_CASE("pump: Retry-After is kept, then it goes")
{
    World world;
    auto const id = world.queue(world.customer("491"), "hi");
    auto throttled = response(429);
    throttled.headers.add("Retry-After", "30");
    world.transport.script = {throttled, accepts("m1")};
    auto const look_again = world.pump();
    CHECK(look_again == noon + 30s);
    CHECK(world.log.has("account_rests account=acme100 reason=throttled seconds=30 code=0"));
    CHECK(world.store.metrics.counter("deskbridge_account_rests_total", R"(reason="throttled")").value() == 1);
    world.clock.set(noon + 29s);
    (void)world.pump();
    CHECK(world.state(id) == "retry_wait");
    world.clock.set(look_again);
    (void)world.pump();
    CHECK(world.state(id) == "accepted");
}

TEST_CASE("pump: while customers complain templates rest as long as the provider wants, and its health is asked for once")
{
    World world;
    auto const anna = world.customer("491");
    auto const bert = world.customer("492");
    auto const reply = world.queue(anna, "hi");
    auto const wanted = [&] {
        auto const check = world.store.read([&](store::Reading& r) { return store::find_account_check(r, world.accounts[0]->id); });
        return check ? std::optional{check->next_at} : std::nullopt;
    };
    auto complaints = response(430);
    complaints.headers.add("Retry-After", "600");
    world.transport.script = {complaints};
    CHECK_FALSE(wanted().has_value());
    CHECK(world.pump() == noon + 60s);
    CHECK(world.row(reply).next_at == noon + 60s);
    CHECK(world.log.has("account_rests account=acme100 reason=complaints seconds=600 code=430"));
    CHECK(world.log.has("send_not_sent account=acme100 intent=1 message=1 conversation=1 state=retry_wait reason=not_sent code=430 trace=Aq1"));
    auto const rests = world.process->rests(noon + 1s);
    REQUIRE(rests.size() == 1);
    CHECK(rests[0].reason == RestReason::complaints);
    CHECK(rests[0].until == noon + 600s);
    CHECK(wanted() == noon);
    world.store.write([&](store::Tx& tx) { return store::begin_check(tx, world.accounts[0]->id, noon + 24h); });

    auto out = outgoing(bert, "", noon);
    out.shown.template_call = TemplateCall{"news", "en", {}};
    out.parts = {out.shown};
    auto const news = world.queue(out);
    world.clock.set(noon + 60s);
    world.transport.script = {complaints}; // the reply once more
    (void)world.pump();
    CHECK(wanted() == noon + 24h);
    CHECK(world.state(news) == "queued");
    CHECK(world.process->rests(noon + 61s).front().until == noon + 660s);
    world.clock.set(noon + 659s);
    world.transport.otherwise = [&](HttpRequest const&) { return net::Answer{accepts("m" + std::to_string(world.transport.asked.size() + 1))}; };
    (void)world.pump();
    CHECK(world.state(reply) == "accepted");
    CHECK(world.state(news) == "queued");
    world.clock.set(noon + 660s);
    (void)world.pump();
    CHECK(world.state(news) == "accepted");
    CHECK(world.process->rests(noon + 661s).empty());
}

TEST_CASE("pump: an account paused for its credentials tries again at the next start")
{
    World world;
    auto const id = world.queue(world.customer("491"), "hi");
    world.transport.script = {response(401), accepts("m1")};
    (void)world.pump();
    CHECK(world.state(id) == "queued");
    (void)world.pump();
    CHECK(world.transport.asked.size() == 1);
    REQUIRE(world.live().has_value());
    CHECK(world.state(id) == "accepted");
}

TEST_CASE("pump: read marks go once, and leave no trace in the journal")
{
    World world;
    world.start();
    world.transport.script = {response(200)};
    world.process->mark_read(world.accounts[0]->id, {"in1"}, true);
    (void)world.pump();
    REQUIRE(world.transport.asked.size() == 1);
    CHECK(world.transport.asked[0].body == "in1+typing");
    world.transport.script = {ScriptedTransport::NoConnection{}};
    world.process->mark_read(world.accounts[0]->id, {"in2"}, false);
    (void)world.pump();
    world.clock.advance(1h);
    (void)world.pump();
    CHECK(world.transport.asked.size() == 1);
}

TEST_CASE("pump: stopping lets a send finish, and calls unknown what does not")
{
    bool const finishes = GENERATE(true, false);
    World world;
    if (finishes)
        world.settings.finish = 60s; // waits for the result to be written, however slow the disk
    auto const id = world.queue(world.customer("491"), "hi");
    world.start();
    world.transport.script = {finishes ? ScriptedTransport::Line{accepts("m1")} : ScriptedTransport::Line{lost(Written::all)}};
    world.transport.before_answer = [&]() -> boost::asio::awaitable<void> {
        // A slow answer, or one that ends only when it is cancelled.
        boost::asio::steady_timer slow{*world.io, finishes ? 10ms : 60'000ms};
        co_await slow.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    };
    async::TaskGroup group{*world.io, world.log};
    group.spawn("outbox", world.process->run());
    auto stop = [&]() -> boost::asio::awaitable<void> {
        while (world.process->in_flight() == 0 || world.transport.asked.empty()) {
            boost::asio::steady_timer wait{*world.io, 1ms};
            co_await wait.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        }
        group.cancel();
        co_await group.join();
    };
    boost::asio::co_spawn(*world.io, stop(), [](std::exception_ptr crash) { REQUIRE(crash == nullptr); });
    world.io->run();
    CHECK(world.state(id) == (finishes ? "accepted" : "unknown"));
    CHECK(world.log.count("sends_interrupted") == (finishes ? 0u : 1u));
}

TEST_CASE("pump: what is stopped while it connects has not begun")
{
    World world;
    auto const id = world.queue(world.customer("491"), "hi");
    world.start();
    async::TaskGroup group{*world.io, world.log};
    world.transport.before_connected = [&]() -> boost::asio::awaitable<void> {
        group.cancel();
        boost::asio::steady_timer slow{*world.io, 20ms};
        co_await slow.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    };
    group.spawn("outbox", world.process->run());
    world.io->run();
    CHECK(world.state(id) == "queued");
    CHECK(world.transport.connected.size() == 1);
    CHECK(world.transport.asked.empty());
}

TEST_CASE("pump: figures tell what became of sends")
{
    World world;
    (void)world.queue(world.customer("491"), "one");
    (void)world.queue(world.customer("492"), "two");
    (void)world.queue(world.customer("493"), "three");
    world.transport.script = {lost(Written::all), accepts("m2"), ScriptedTransport::NoConnection{}};
    world.settings.in_flight = 1; // one after the other, as scripted
    (void)world.pump();
    auto const sends = [&](std::string const& outcome) {
        return world.store.metrics.counter("deskbridge_sends_total", "outcome=\"" + outcome + "\"").value();
    };
    CHECK(sends("unknown") == 1);
    CHECK(sends("accepted") == 1);
    CHECK(sends("no_connection") == 1);
    CHECK(sends("refused") == 0);
    CHECK(world.store.metrics.histogram("deskbridge_send_seconds").count() == 2);
}
