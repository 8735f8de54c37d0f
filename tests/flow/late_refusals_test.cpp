#include "checking.hpp"

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

Number const support{"700100200300400"};

std::string failed(World& world, std::string const& id, int code)
{
    auto status = status_of(id, "failed", world.now());
    status["errors"] = json::array({json{{"code", code}, {"title", "the provider's own words"}}});
    return webhook({change("messages", support, {{"statuses", json::array({std::move(status)})}})});
}

/// A customer who has written, and one reply that went out.
void converse(World& world)
{
    world.policy().acknowledge = false;
    Customer const mara{"mara", "Mara", "4915112345678", "DE.1"};
    auto message = message_of(mara, "wamid.1", world.now());
    message["type"] = "text";
    message["text"] = {{"body", "where is my parcel"}};
    CHECK(world.deliver(webhook({messages_change(support, mara, json::array({message}))})).status == 200);
    world.perform("ana", desk::Reply{.ticket = "1", .text = "it left today", .client_key = "a"});
    REQUIRE(world.number_of("SELECT count(*) FROM intent WHERE state = 'accepted'") == 1);
}

constexpr auto paused = "SELECT count(*) FROM account WHERE paused_by = 'provider'";
constexpr auto accepted = "SELECT count(*) FROM intent WHERE state = 'accepted'";

} // namespace

TEST_CASE("An account that the provider refuses in a receipt stops, says so, and is checked")
{
    int const code = GENERATE(131031, 131037, 131042);
    Checking checking;
    auto& world = checking.world;
    converse(world);
    checking.look();
    auto const asked = checking.asked.size();
    world.pass(1min);
    CHECK(world.deliver(failed(world, "wamid.OUT1", code)).status == 200);
    CHECK(checking.told("account_paused account=support") == 1);
    CHECK(checking.told("code=" + std::to_string(code)) == 1);
    CHECK(checking.told("the provider's own words") == 0);
    world.perform("ana", desk::Reply{.ticket = "1", .text = "do you have it?", .client_key = "b"});
    CHECK(world.number_of(accepted) == 1);
    checking.look();
    CHECK(checking.asked.size() > asked);
}

TEST_CASE("A receipt of before an account was resumed leaves it as it is, and has it checked all the same")
{
    Checking checking;
    auto& world = checking.world;
    converse(world);
    world.perform("ana", desk::Reply{.ticket = "1", .text = "do you have it?", .client_key = "b"});
    checking.look();
    world.pass(1min);
    CHECK(world.deliver(failed(world, "wamid.OUT1", 131042)).status == 200);
    REQUIRE(world.number_of(paused) == 1);
    world.pass(1min);
    CHECK(world.store.write([&](store::Tx& tx) { return store::resume_account(tx, checking.own().id, {}, world.now()); }));
    checking.look();
    auto const asked = checking.asked.size();
    CHECK(world.deliver(failed(world, "wamid.OUT2", 131042)).status == 200); // on its way for hours, or from before the mend
    CHECK(world.number_of(paused) == 0);
    CHECK(checking.told("account_paused account=support") == 1);
    world.pass(20s);
    checking.look();
    CHECK(checking.asked.size() > asked);
    world.perform("ana", desk::Reply{.ticket = "1", .text = "hello?", .client_key = "c"});
    CHECK(world.number_of(accepted) == 3);
    CHECK(world.deliver(failed(world, "wamid.OUT3", 131042)).status == 200); // it was no mend
    CHECK(world.number_of(paused) == 1);
}

TEST_CASE("A failed message that nobody here sent pauses nothing: what it tells of the account is asked")
{
    Checking checking;
    auto& world = checking.world;
    converse(world);
    checking.look();
    auto const asked = checking.asked.size();
    CHECK(world.deliver(failed(world, "wamid.FOREIGN", 131042)).status == 200);
    CHECK(world.number_of(paused) == 0);
    world.pass(20s);
    checking.look();
    CHECK(checking.asked.size() > asked);
}

TEST_CASE("A rate error and complaints slow the account down also when a receipt tells them, unless that is long ago")
{
    struct Case {
        std::string label;
        int code;
        std::chrono::seconds ago;
        std::string rests;
        bool asks;
    };
    auto const c = GENERATE(values<Case>({
        {"too fast", 130429, 2s, "account_rests account=support reason=throttled seconds=1 code=130429", false},
        {"too fast, long ago", 130429, 2min, "", false},
        {"complaints", 131048, 2s, "account_rests account=support reason=complaints seconds=598 code=131048", true},
        {"complaints, long ago", 131048, 11min, "", true},
        {"a passing fault is the message's own", 131000, 2s, "", false},
    }));
    INFO(c.label);
    Checking checking;
    auto& world = checking.world;
    converse(world);
    checking.look();
    auto const asked = checking.asked.size();
    auto const told = failed(world, "wamid.OUT1", c.code);
    world.pass(c.ago);
    CHECK(world.deliver(told).status == 200);
    CHECK(checking.told("account_rests") == (c.rests.empty() ? 0 : 1));
    CHECK(checking.told(c.rests) >= (c.rests.empty() ? 0u : 1u));
    world.pass(20s);
    checking.look();
    CHECK((checking.asked.size() > asked) == c.asks);
}
