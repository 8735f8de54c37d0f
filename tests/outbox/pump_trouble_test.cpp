#include "support/first_connection.hpp"
#include "world.hpp"

#include "deskbridge/store/epoch.hpp"
#include "deskbridge/store/timer.hpp"
#include "deskbridge/store/waits.hpp"

#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

/// Stands for whatever makes one row impossible to write. The first intent of a test is number 1.
void forbid(World& world, char const* trigger)
{
    world.store.write([&](store::Tx& tx) { tx.prepare(trigger).run(); });
}

constexpr auto no_attempt = "CREATE TRIGGER trouble BEFORE INSERT ON attempt WHEN NEW.intent_id = 1 "
                            "BEGIN SELECT RAISE(ABORT, 'trouble'); END";
constexpr auto no_expiry = "CREATE TRIGGER trouble BEFORE UPDATE ON intent WHEN NEW.intent_id = 1 AND NEW.state = 'expired' "
                           "BEGIN SELECT RAISE(ABORT, 'trouble'); END";
constexpr auto no_retry = "CREATE TRIGGER trouble BEFORE UPDATE ON intent WHEN NEW.intent_id = 1 AND NEW.state = 'retry_wait' "
                          "BEGIN SELECT RAISE(ABORT, 'trouble'); END";
constexpr auto no_template = "CREATE TRIGGER trouble BEFORE INSERT ON message WHEN NEW.conversation_id = 1 AND "
                             "NEW.purpose = 'window_template' BEGIN SELECT RAISE(ABORT, 'trouble'); END";
constexpr auto no_drop = "CREATE TRIGGER trouble BEFORE DELETE ON timer BEGIN SELECT RAISE(ABORT, 'trouble'); END";
constexpr auto allow = "DROP TRIGGER trouble";

void answer_all(World& world)
{
    world.transport.otherwise = [&world](HttpRequest const&) {
        return net::Answer{accepts("m" + std::to_string(world.transport.asked.size() + 1))};
    };
}

} // namespace

TEST_CASE("pump: a head that cannot begin rests its lane, and no other")
{
    World world;
    answer_all(world);
    auto const bad = world.queue(world.customer("491"), "bad");
    auto const good = world.queue(world.customer("492"), "good");
    forbid(world, no_attempt);
    auto const look_again = world.pump();
    CHECK(world.state(bad) == "queued");
    CHECK(world.state(good) == "accepted");
    CHECK(world.log.count("send_not_begun") == 1);
    CHECK(look_again == noon + 10s);
    (void)world.pump();
    CHECK(world.log.count("send_not_begun") == 1);
    forbid(world, allow);
    world.clock.set(look_again);
    (void)world.pump();
    CHECK(world.state(bad) == "accepted");
}

TEST_CASE("pump: while the store takes nothing, of those that wait for it one is told")
{
    World world{3};
    answer_all(world);
    std::vector<MessageId> waiting;
    for (std::size_t account = 0; account < 3; ++account)
        waiting.push_back(world.queue(world.customer("49" + std::to_string(account), account), "hi"));
    FirstConnection const writer;
    world.start();
    sqlite3* other = nullptr;
    REQUIRE(sqlite3_open(world.store.settings().path.c_str(), &other) == SQLITE_OK);
    REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
    writer.give_up_at_once();
    auto const look_again = world.pump();
    CHECK(world.log.count("send_not_begun") == 1);
    sqlite3_close(other);
    world.clock.set(look_again);
    (void)world.pump();
    for (auto const message : waiting)
        CHECK(world.state(message) == "accepted");
}

TEST_CASE("pump: without a connection a head that cannot be put off is not tried in a circle")
{
    World world;
    auto const bad = world.queue(world.customer("491"), "bad");
    forbid(world, no_retry);
    world.transport.script = {ScriptedTransport::NoConnection{}, ScriptedTransport::NoConnection{}};
    (void)world.pump();
    CHECK(world.state(bad) == "queued");
    CHECK(world.transport.script.size() == 1);
    CHECK(world.log.count("send_not_begun") == 1);
}

TEST_CASE("pump: an intent whose deadline cannot be written holds up nobody else's, and is told once")
{
    World world;
    auto const bad = world.queue(world.customer("491"), "bad", MessageClass::notice);
    auto const other = world.queue(world.customer("492"), "other", MessageClass::notice);
    forbid(world, no_expiry);
    world.clock.set(noon + 11min);
    (void)world.pump();
    CHECK(world.state(bad) == "queued");
    CHECK(world.state(other) == "expired");
    (void)world.pump();
    CHECK(world.log.count("intent_not_tended") == 1);
    forbid(world, allow);
    (void)world.pump();
    CHECK(world.state(bad) == "expired");
}

TEST_CASE("pump: a closed window that cannot be told in one conversation is told in the others")
{
    World world;
    answer_all(world);
    world.accounts[0]->policy.window_template = "we_answered";
    auto const anna = world.customer("491");
    auto const ben = world.customer("492");
    world.clock.set(noon + 25h);
    (void)world.queue(anna, "one");
    (void)world.queue(ben, "two");
    forbid(world, no_template);
    (void)world.pump();
    (void)world.pump();
    CHECK(world.transport.asked.size() == 1); // Ben's template
    CHECK(world.log.count("window_template_failed") == 1);
    forbid(world, allow);
    (void)world.pump();
    CHECK(world.transport.asked.size() == 2);
}

TEST_CASE("pump: what became of a message is recorded, also when its ticket's acknowledgement cannot be told")
{
    World world;
    answer_all(world);
    auto const anna = world.customer("491");
    world.store.write([&](store::Tx& tx) { store::arm_timer(tx, {anna.ticket, noon + 8s, noon + 25s, "opened"}); });
    auto const id = world.queue(anna, "hi");
    forbid(world, no_drop);
    (void)world.pump();
    CHECK(world.state(id) == "accepted");
    CHECK(world.log.count("acknowledgement_not_settled") == 1);
    CHECK(world.log.count("outcome_not_recorded") == 0);
}

TEST_CASE("pump: new credentials resume an account that was paused for the old ones")
{
    World world;
    auto const id = world.queue(world.customer("491"), "hi");
    world.transport.script = {response(401), accepts("m1")};
    (void)world.pump();
    REQUIRE(world.state(id) == "queued");
    REQUIRE(world.log.count("account_paused") == 1);
    world.io->restart();
    boost::asio::co_spawn(*world.io, world.process->try_new_credentials(), [](std::exception_ptr crash) { REQUIRE(!crash); });
    world.io->run();
    (void)world.pump();
    CHECK(world.state(id) == "accepted");
}

TEST_CASE("pump: a clock that is set back holds nothing up")
{
    struct Case {
        std::string label;
        bool restart;
    };
    auto const c = GENERATE(values<Case>({{"while the daemon runs", false}, {"while it is down", true}}));
    INFO(c.label);
    World world;
    answer_all(world);
    auto const maria = world.customer("491");
    auto const first = world.queue(maria, "first");
    (void)world.pump(); // takes a token at a moment that is in the future soon
    auto const second = world.queue(maria, "second");
    world.clock.jump(-1h);
    auto const third = world.queue(maria, "third");
    if (c.restart) {
        world.store.write([&](store::Tx& tx) { CHECK(store::begin_epoch(tx, world.clock.now()).set_back == 1h); });
        world.start();
    } else {
        (void)world.pump();
        CHECK(world.state(second) == "queued");
        world.store.write([&](store::Tx& tx) { store::pull_waits(tx, world.clock.now(), 1h); });
        world.process->clock_set_back(1h);
    }
    (void)world.pump();
    CHECK(world.sent() == std::vector<std::string>{"first", "second", "third"});
    CHECK(world.state(first) == "accepted");
    CHECK(world.state(third) == "accepted");
}

TEST_CASE("pump: an account that rests says until when, and why")
{
    World world;
    world.settings.in_flight = 1;
    for (int i = 0; i < 6; ++i)
        (void)world.queue(world.customer("7" + std::to_string(i)), "hi");
    world.transport.script.assign(6, ScriptedTransport::NoConnection{});
    (void)world.pump();
    auto const rests = world.process->rests(world.clock.now());
    REQUIRE(rests.size() == 1);
    CHECK(rests.front().account == world.accounts.front()->id);
    CHECK(rests.front().reason == RestReason::no_connection);
    CHECK(rests.front().until > world.clock.now());
    CHECK(world.process->rests(rests.front().until).empty());
}
