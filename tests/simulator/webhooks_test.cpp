#include "signing.hpp"
#include "simulator_world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

/// How often each text came.
std::map<std::string, int> texts(SimulatorWorld const& world)
{
    std::map<std::string, int> out;
    for (auto const& message : world.got("messages"))
        ++out[message.at("text").at("body").get<std::string>()];
    return out;
}

Json hook_of(SimulatorWorld& world)
{
    return world.control("GET", "/sim/hook");
}

} // namespace

TEST_CASE("the handshake is made at the start and its outcome is told")
{
    auto const good = GENERATE(true, false);
    SimulatorWorld world;
    world.handshake_ok = good;
    world.start();
    REQUIRE(world.until([&] { return hook_of(world).at("handshake") != "waiting"; }));
    CHECK(hook_of(world).at("handshake") == (good ? "verified" : "refused"));
    CHECK(hook_of(world).at("why") == (good ? "" : "answered 403"));
}

TEST_CASE("a webhook is posted until it is answered with exactly 200, with the same bytes")
{
    SimulatorWorld world;
    world.answers = {503, 201, 401, 200};
    world.start();
    world.says(world.customer(), "Hello");
    REQUIRE(world.until([&] { return world.posted.size() == 4; }));
    REQUIRE(world.until([&] { return hook_of(world).at("taken") == 1; }));
    for (auto const& hook : world.posted)
        CHECK(hook.body == world.posted.front().body);
    CHECK(hook_of(world).at("unanswered") == 0);
    world.says(world.customer("Tomás"), "Hola");
    REQUIRE(world.until([&] { return texts(world).contains("Hola"); }));
    CHECK(world.posted.size() == 5);
}

TEST_CASE("what is unanswered when the simulator stops is posted by the next run")
{
    SimulatorWorld world;
    world.options.time_scale = 0.01;
    world.answers = {500, 500};
    world.start();
    auto const mara = world.customer();
    world.says(mara, "one");
    auto const second = world.says(mara, "two");
    REQUIRE(world.until([&] { return world.posted.size() == 2; }));
    world.posted.clear();
    world.restart();
    REQUIRE(world.until([&] { return texts(world).size() == 2; }));
    CHECK(texts(world) == std::map<std::string, int>{{"one", 1}, {"two", 1}});
    CHECK(world.until([&] { return world.message(mara, second.at("id").get<std::string>()).at("status") == "delivered"; }));
    world.restart();
    world.says(mara, "three");
    REQUIRE(world.until([&] { return texts(world).contains("three"); }));
    CHECK(world.posted.size() == 3);
}

TEST_CASE("statuses that an earlier run had not told yet are told by the next")
{
    SimulatorWorld world;
    world.options.delivered_after = 1h;
    world.start();
    auto const mara = world.customer();
    world.says(mara, "Hello");
    auto const id = id_of(world.send_text(mara.at("phone").get<std::string>(), "Hi"));
    REQUIRE(world.until([&] { return world.statuses_of(id) == "sent"; }));
    world.options.delivered_after = 5ms;
    world.restart();
    CHECK(world.until([&] { return world.statuses_of(id).ends_with("delivered"); }));
}

TEST_CASE("batches, doubles and disorder lose nothing")
{
    SimulatorWorld world;
    world.start();
    world.control("POST", "/sim/chaos", Json{{"batch", 7}, {"batch_wait_ms", 20}, {"duplicate", 0.5}, {"reorder", 0.5}, {"held_back_ms", 60}});
    std::map<std::string, int> expected;
    for (int person = 0; person < 3; ++person) {
        auto const customer = world.customer();
        for (int i = 0; i < 20; ++i) {
            auto const text = std::to_string(person) + "/" + std::to_string(i);
            world.says(customer, text);
            expected[text] = 1;
        }
    }
    REQUIRE(world.until([&] { return texts(world).size() == expected.size() && hook_of(world).at("unanswered") == 0; }));
    std::set<std::string> ids;
    for (auto const& message : world.got("messages"))
        ids.insert(message.at("id").get<std::string>());
    CHECK(ids.size() == expected.size());
    for (auto const& hook : world.posted)
        CHECK(hook.signature == simulator::signature_header("example-app-secret", hook.body));
}

TEST_CASE("a phone that is off gets its messages when it is on again")
{
    SimulatorWorld world;
    world.start();
    auto const mara = world.customer();
    auto const at = "/sim/customers/" + mara.at("id").get<std::string>();
    world.says(mara, "Hello");
    world.control("POST", at, Json{{"online", false}});
    auto const id = id_of(world.send_text(mara.at("phone").get<std::string>(), "Hi"));
    auto const other = world.customer("Tomás");
    world.says(other, "Hola");
    auto const later = id_of(world.send_text(other.at("phone").get<std::string>(), "Hi"));
    REQUIRE(world.until([&] { return world.statuses_of(later) == "sent delivered"; }));
    CHECK(world.statuses_of(id) == "sent");
    world.control("POST", at, Json{{"online", true}});
    CHECK(world.until([&] { return world.statuses_of(id) == "sent delivered"; }));
}

TEST_CASE("any bytes can be posted, signed rightly, wrongly or not at all")
{
    struct Case {
        std::string signature;
        std::string header;
    };
    std::string const body = "{\"object\":\"other\"} not JSON";
    auto const c = GENERATE_COPY(values<Case>({
        {"good", simulator::signature_header("example-app-secret", body)},
        {"wrong", "sha256=" + std::string(64, '0')},
        {"none", ""},
    }));
    SimulatorWorld world;
    world.start();
    auto const answer = world.ask(HttpRequest{"POST", world.base + "/sim/raw?signature=" + c.signature, {}, body});
    CHECK(std::get<HttpResponse>(answer).status == 200);
    REQUIRE(world.until([&] { return !world.posted.empty(); }));
    CHECK(world.posted.front().body == body);
    CHECK(world.posted.front().signature == c.header);
}

TEST_CASE("statuses can be told against all sense")
{
    SimulatorWorld world;
    world.start();
    auto const mara = world.customer();
    world.says(mara, "Hello");
    auto const id = id_of(world.send_text(mara.at("phone").get<std::string>(), "Hi"));
    REQUIRE(world.until([&] { return world.statuses_of(id) == "sent delivered"; }));
    for (auto const* status : {"sent", "failed", "read"}) {
        auto const before = world.got("statuses").size();
        world.control("POST", "/sim/statuses", Json{{"message_id", id}, {"status", status}, {"code", 131026}});
        REQUIRE(world.until([&] { return world.got("statuses").size() > before; }));
    }
    CHECK(world.statuses_of(id) == "sent delivered sent failed read");
    CHECK(world.message(mara, id).at("status") == "delivered");
}

TEST_CASE("a new user id can be told by its own field")
{
    SimulatorWorld world;
    world.start();
    auto const mara = world.customer();
    auto const after = world.control("POST", "/sim/customers/" + mara.at("id").get<std::string>() + "/number", Json{{"by", "user_id_update"}});
    REQUIRE(world.until([&] { return !world.got("user_id_update").empty(); }));
    auto const update = world.got("user_id_update").front();
    CHECK(update.at("user_id") == Json{{"previous", mara.at("user_id")}, {"current", after.at("user_id")}});
    CHECK(update.at("wa_id") == after.at("phone"));
    CHECK(Json::parse(world.posted.front().body).at("entry").at(0).at("changes").at(0).at("field") == "user_id_update");
}

TEST_CASE("a new user id alone, and a new security code, are told by messages of the system")
{
    SimulatorWorld world;
    world.start();
    auto const mara = world.customer();
    auto const chat = "/sim/customers/" + mara.at("id").get<std::string>();
    auto const after = world.control("POST", chat + "/user-id", Json::object());
    CHECK(after.at("phone") == mara.at("phone"));
    CHECK(after.at("user_id") != mara.at("user_id"));
    REQUIRE(world.until([&] { return world.got("messages").size() == 1; }));
    auto const told = world.got("messages").front();
    CHECK(told.at("from_user_id") == mara.at("user_id"));
    CHECK(told.at("system").at("type") == "user_changed_user_id");
    CHECK(told.at("system").at("user_id") == after.at("user_id"));
    CHECK_FALSE(told.at("system").contains("wa_id"));
    world.control("POST", chat + "/security-code", Json::object());
    REQUIRE(world.until([&] { return world.got("messages").size() == 2; }));
    auto const code = world.got("messages").back();
    CHECK(code.at("from_user_id") == after.at("user_id"));
    CHECK(code.at("system").at("type") == "user_identity_changed");
    CHECK(code.at("identity").at("acknowledged") == false);
}
