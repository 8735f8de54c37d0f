#include "world.hpp"

#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/timer.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;
using Written = net::NoAnswer::Written;

TEST_CASE("pump: a receipt that comes before the send's own answer")
{
    World world;
    auto const id = world.queue(world.customer("491"), "hi");
    world.transport.script = {lost(Written::all)};
    world.transport.before_answer = [&]() -> boost::asio::awaitable<void> {
        (void)world.hear(receipt("m1", ReceiptStatus::delivered, world.token(0)));
        co_return;
    };
    (void)world.pump();
    CHECK(world.state(id) == "accepted/delivered");
    CHECK(world.log.count("send_settled") == 1);
    CHECK(world.log.count("send_unknown") == 0);
}

TEST_CASE("pump: what a provider says is stored without the secrets that it quotes, also when others were read meanwhile")
{
    World world;
    world.accounts[0]->account.secrets = {{"token", {"acme-token-one"}}};
    auto const id = world.queue(world.customer("491"), "hi");
    world.transport.script = {response(400, "Malformed token acme-token-one")};
    world.transport.before_answer = [&]() -> boost::asio::awaitable<void> {
        world.accounts[0]->account.secrets = {{"token", {"acme-token-two"}}};
        co_return;
    };
    (void)world.pump();
    CHECK(world.state(id) == "refused");
    CHECK(world.row(id).error_title == "Malformed token [secret]");
}

TEST_CASE("pump: an unknown message goes again only on evidence")
{
    World world;
    auto const anna = world.customer("491");
    auto const ben = world.customer("492");
    auto const id = world.queue(anna, "hi");
    world.transport.script = {lost(Written::all), accepts("m2"), accepts("m3")};
    (void)world.pump();
    CHECK(world.state(id) == "unknown");
    world.clock.set(noon + 3min);
    (void)world.pump();
    CHECK(world.state(id) == "unknown");
    auto const other = world.queue(ben, "hello");
    (void)world.pump();
    REQUIRE(world.state(other) == "accepted");
    (void)world.hear(receipt("m2", ReceiptStatus::sent, world.token(1), world.clock.now()));
    CHECK(world.pump() <= world.clock.now() + 2min);
    CHECK(world.state(id) == "unknown"); // what was held back before may follow
    world.clock.set(world.clock.now() + 2min);
    (void)world.pump();
    CHECK(world.state(id) == "accepted");
    CHECK(world.row(id).attempts == 2);
    CHECK(world.token(0) != world.token(2));
}

TEST_CASE("pump: without evidence a person is asked after a quarter of an hour, and the lane goes on")
{
    World world;
    auto const anna = world.customer("491");
    auto const id = world.queue(anna, "one");
    auto const next = world.queue(anna, "two");
    world.transport.script = {lost(Written::all), accepts("m2")};
    auto const look_again = world.pump();
    CHECK(look_again <= noon + 120s);
    CHECK(world.state(next) == "queued");
    world.clock.set(noon + 15min);
    (void)world.pump();
    CHECK(world.state(id) == "held");
    CHECK(world.state(next) == "accepted");
}

TEST_CASE("pump: a closed window keeps texts and sends one template")
{
    World world;
    world.accounts[0]->policy.window_template = "we_answered";
    world.accounts[0]->policy.window_template_language = "en";
    auto const anna = world.customer("491");
    world.clock.set(noon + 24h - 5min);
    auto const one = world.queue(anna, "one");
    auto const two = world.queue(anna, "two");
    int served = 0;
    world.transport.otherwise = [&](HttpRequest const&) { return net::Answer{accepts("m" + std::to_string(++served))}; };
    (void)world.pump();
    CHECK(world.state(one) == "kept");
    CHECK(world.state(two) == "kept");
    CHECK(served == 1); // the template
    auto const back = world.clock.now() + 1h;
    world.clock.set(back);
    world.store.write([&](store::Tx& tx) {
        store::raise_window(tx, anna.conversation, back);
        return store::release_kept(tx, anna.conversation, back);
    });
    (void)world.pump();
    CHECK(world.sent() == std::vector<std::string>{"", "one", "two"});
    CHECK(world.state(two) == "accepted");
}

TEST_CASE("pump: the provider's late refusal of a closed window is answered with the template too")
{
    World world;
    world.accounts[0]->policy.window_template = "we_answered";
    auto const anna = world.customer("491");
    auto const id = world.queue(anna, "one");
    world.transport.script = {accepts("m1"), accepts("m2")};
    (void)world.pump();
    auto said = receipt("m1", ReceiptStatus::failed);
    said.because = Refused::Because::window_closed;
    (void)world.hear(said);
    (void)world.pump();
    CHECK(world.state(id) == "kept/failed");
    CHECK(world.transport.asked.size() == 2);
}

TEST_CASE("pump: acknowledgement timers fall with an agent's accepted message and rise when it dies")
{
    World world;
    auto const anna = world.customer("491");
    auto const armed = [&] {
        return world.store.read([&](store::Reading& reading) { return store::find_timer(reading, anna.ticket).has_value(); });
    };
    world.store.write([&](store::Tx& tx) { store::arm_timer(tx, {anna.ticket, noon + 8s, noon + 25s, "opened"}); });
    auto const id = world.queue(anna, "hi");
    world.transport.script = {accepts("m1")};
    (void)world.pump();
    REQUIRE(world.state(id) == "accepted");
    CHECK_FALSE(armed());
    auto const refused = world.queue(anna, "hi again");
    world.transport.script = {response(400)};
    (void)world.pump();
    CHECK(world.state(refused) == "refused");
    CHECK_FALSE(armed()); // the first one still stands
    auto const bert = world.customer("492");
    (void)world.queue(bert, "hello");
    world.transport.script = {response(400)};
    (void)world.pump();
    CHECK(world.store.read([&](store::Reading& reading) { return store::find_timer(reading, bert.ticket).has_value(); }));
}

TEST_CASE("pump: other addresses that the answer names are learned, never taken from another")
{
    World world;
    auto const anna = world.customer("491");
    auto const ben = world.customer("492");
    world.store.write([&](store::Tx& tx) { store::attach_identity(tx, ben.contact, "acme", {"alias", "B"}, noon); });
    (void)world.queue(anna, "hi");
    (void)world.queue(anna, "ho");
    world.transport.script = {response(200, R"({"id":"m1","alias":"A"})"), response(200, R"({"id":"m2","alias":"B"})")};
    (void)world.pump();
    auto const holder = [&](std::string const& value) {
        return world.store.read([&](store::Reading& reading) { return store::find_holder(reading, "acme", {"alias", value}); });
    };
    CHECK(holder("A") == anna.contact);
    CHECK(holder("B") == ben.contact);
}


TEST_CASE("pump: a late receipt of a send that the provider gave up does not swallow the next one")
{
    World world;
    world.accounts[0]->policy.window_template = "we_answered";
    auto const anna = world.customer("491");
    auto const id = world.queue(anna, "one");
    world.transport.script = {accepts("m1"), accepts("m2"), accepts("m3")};
    (void)world.pump();
    auto said = receipt("m1", ReceiptStatus::failed);
    said.because = Refused::Because::window_closed;
    (void)world.hear(said);
    (void)world.pump();
    REQUIRE(world.state(id) == "kept/failed");
    world.store.write([&](store::Tx& tx) { return store::release_kept(tx, anna.conversation, world.clock.now()); });
    (void)world.hear(receipt("m1", ReceiptStatus::sent));
    CHECK(world.state(id) == "queued");
    (void)world.pump();
    CHECK(world.state(id) == "accepted");
    CHECK(world.sent() == std::vector<std::string>{"one", "", "one"});
}

TEST_CASE("pump: a text that is refused late goes at once when the customer has written since")
{
    World world;
    world.accounts[0]->policy.window_template = "we_answered";
    auto const anna = world.customer("491");
    auto const id = world.queue(anna, "one");
    world.transport.script = {accepts("m1"), accepts("m2")};
    (void)world.pump();
    world.clock.set(noon + 1min);
    world.writes(anna, "are you there?");
    auto said = receipt("m1", ReceiptStatus::failed, {}, world.clock.now());
    said.because = Refused::Because::window_closed;
    (void)world.hear(said);
    (void)world.pump();
    CHECK(world.state(id) == "accepted");
    CHECK(world.sent() == std::vector<std::string>{"one", "one"}); // and no template into an open window
}

TEST_CASE("pump: a stop is no reason to send again what was refused late", "[said_stop]")
{
    World world;
    world.accounts[0]->policy.window_template = "we_answered";
    auto const anna = world.customer("491");
    auto const id = world.queue(anna, "one");
    world.transport.script = {accepts("m1"), accepts("m2"), accepts("m3")};
    (void)world.pump();
    world.clock.set(noon + 1min);
    world.writes(anna, "stop", "stop");
    auto said = receipt("m1", ReceiptStatus::failed, {}, world.clock.now());
    said.because = Refused::Because::window_closed;
    (void)world.hear(said);
    (void)world.pump();
    CHECK(world.state(id) == "kept/failed");
}

TEST_CASE("pump: a template that came to nothing does not count as having asked")
{
    World world;
    world.accounts[0]->policy.window_template = "we_answered";
    auto const anna = world.customer("491");
    world.clock.set(noon + 24h);
    auto const one = world.queue(anna, "one");
    world.transport.script = {response(400), accepts("m2")};
    (void)world.pump();
    CHECK(world.state(one) == "kept");
    (void)world.pump();
    CHECK(world.transport.asked.size() == 1); // not in a circle
    auto const two = world.queue(anna, "two");
    (void)world.pump();
    CHECK(world.state(two) == "kept");
    CHECK(world.transport.asked.size() == 2);
    (void)world.queue(anna, "three");
    (void)world.pump();
    CHECK(world.transport.asked.size() == 2);
}

TEST_CASE("pump: a text that is refused late stays kept when the window has closed again meanwhile")
{
    World world;
    world.accounts[0]->policy.window_template = "we_answered";
    auto const anna = world.customer("491");
    auto const id = world.queue(anna, "one");
    world.transport.script = {accepts("m1"), accepts("m2")};
    (void)world.pump();
    world.clock.set(noon + 1min);
    world.writes(anna, "are you there?");
    world.clock.set(noon + 26h);
    auto said = receipt("m1", ReceiptStatus::failed, {}, world.clock.now());
    said.because = Refused::Because::window_closed;
    (void)world.hear(said);
    (void)world.pump();
    CHECK(world.state(id) == "kept/failed");
    CHECK(world.sent() == std::vector<std::string>{"one", ""}); // the template, once
}
