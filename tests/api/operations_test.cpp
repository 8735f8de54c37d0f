#include "api_world.hpp"

#include "deskbridge/store/conversation.hpp"
#include "deskbridge/store/epoch.hpp"
#include "deskbridge/store/outbox_pump.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

std::int64_t reply(ApiWorld& world)
{
    auto const ticket = world.scene.open_ticket("parcel");
    auto const sent = world.call({"POST", "/v1/tickets/" + std::to_string(ticket.value) + "/messages", {{"text", "on its way"}}});
    REQUIRE(sent.status == 202);
    return sent.json.at("id").get<std::int64_t>();
}

void shelve(ApiWorld& world, std::string const& body)
{
    world.scene.store.write([&](store::Tx& tx) {
        auto const journal = store::add_journal(tx, {"meta", world.scene.clock.now(), body});
        store::put_on_shelf(tx, {journal, {}, "", store::ShelfReason::unreadable, "not JSON", world.scene.clock.now()});
    });
}

} // namespace

TEST_CASE("operations: the outbox is listed, shown, and says who is paused")
{
    ApiWorld world;
    auto const message = reply(world);
    auto const list = world.call({"GET", "/v1/outbox", {}, Peer::ben});
    REQUIRE(list.status == 200);
    REQUIRE(list.json.at("data").size() == 1);
    auto const& line = list.json.at("data").front();
    CHECK(line.at("message") == message);
    CHECK(line.at("state") == "queued");
    CHECK(line.at("contact") == "Maria");
    CHECK(list.json.at("counts").at("queued") == 1);
    CHECK(list.json.at("page").at("has_more") == false);
    CHECK(world.call({"POST", "/v1/accounts/support/pause", {{"reason", "incident"}}}).status == 200);
    auto const paused = world.call({"GET", "/v1/outbox"}).json.at("paused");
    REQUIRE(paused.size() == 1);
    CHECK(paused.front().at("paused").at("reason") == "incident");
    CHECK(world.call({"GET", "/v1/tickets"}).json.at("data").front().at("account_paused").at("reason") == "incident");
    auto const detail = world.call({"GET", "/v1/outbox/" + std::to_string(message)});
    REQUIRE(detail.status == 200);
    CHECK(detail.json.at("message").at("text") == "on its way");
    CHECK_THAT(detail.json.at("parts").front().at("stands").get<std::string>(), Catch::Contains("account support is paused"));
    CHECK(detail.json.at("history").is_array());
    CHECK(world.call({"POST", "/v1/accounts/support/resume"}).json.at("paused").is_null());
    CHECK(world.call({"POST", "/v1/accounts/support/resume"}).status == 409);
    CHECK(world.call({"GET", "/v1/accounts"}).json.at("data").size() == 1);
}

TEST_CASE("operations: one message with its attempts, its receipts, and what waits behind it")
{
    ApiWorld world;
    auto& scene = world.scene;
    auto const first = reply(world);
    auto const second = reply(world);
    scene.store.write([&](store::Tx& tx) {
        store::set_address(tx, scene.conversation, {"phone", "1"});
        auto const epoch = store::begin_epoch(tx, scene.clock.now()).number;
        auto const id = store::intents_of(tx, MessageId{first}).front().id;
        (void)store::begin_attempt(tx, {id, "t1", epoch, scene.clock.now()}, {});
        (void)store::record_outcome(tx, "t1", Unknown{"no answer", {}}, {scene.clock.now(), 0, false});
    });
    auto const behind = world.call({"GET", "/v1/outbox/" + std::to_string(second)}).json.at("parts").at(0);
    CHECK(behind.at("behind").at(0).at("message") == first);
    CHECK(behind.at("attempts").empty());
    auto const doubtful = world.call({"GET", "/v1/outbox/" + std::to_string(first)}).json.at("parts").at(0);
    CHECK(doubtful.at("attempt_count") == 1);
    CHECK(doubtful.at("attempts").at(0).at("outcome") == "unknown");
    CHECK(world.call({"POST", "/v1/messages/" + std::to_string(first) + "/resolve", {{"verdict", "sent"}}}).json.at("delivery") == "accepted");
    Receipt receipt;
    receipt.token = "t1";
    receipt.status = ReceiptStatus::failed;
    receipt.errors = {{131026, "Message undeliverable", ""}};
    receipt.at = scene.clock.now();
    receipt.price = Price{true, "utility", "regular"};
    scene.store.write([&](store::Tx& tx) { (void)store::apply_receipt(tx, scene.account, receipt, scene.clock.now()); });
    auto const failed = world.call({"GET", "/v1/outbox/" + std::to_string(first)}).json;
    CHECK(failed.at("delivery") == "failed");
    CHECK(failed.at("parts").at(0).at("receipts").at(0).at("error").at("code") == 131026);
    CHECK(failed.at("parts").at(0).at("receipts").at(0).at("price").at("cost_class") == "utility");
    CHECK(failed.at("history").size() > 2);
}

TEST_CASE("operations: states are words with a meaning, and others are refused")
{
    ApiWorld world;
    (void)reply(world);
    struct Case {
        std::string state;
        int status;
        std::size_t found;
    };
    auto const c = GENERATE(values<Case>({
        {"open", 200, 1},
        {"queued", 200, 1},
        {"queued,unknown,queued", 200, 1},
        {"all", 200, 1},
        {"open,all,dead,failed", 200, 1},
        {"dead", 200, 0},
        {"failed", 200, 0},
        {"held", 200, 0},
        {"accepted", 200, 0},
        {"sent", 200, 0},
        {"sent,read,sent,played,queued,delivered,sent", 200, 1},
        {"sending", 422, 0},
        {"queued,what", 422, 0},
    }));
    INFO(c.state);
    auto const list = world.call({"GET", "/v1/outbox?state=" + c.state});
    CHECK(list.status == c.status);
    if (list.status == 200)
        CHECK(list.json.at("data").size() == c.found);
}

TEST_CASE("operations: the shelf, its bodies as text or base64, and its entries' ends")
{
    ApiWorld world;
    shelve(world, "{\"a\":1");
    shelve(world, std::string{"\xff\x00\x01q", 4});
    CHECK(world.call({"GET", "/v1/shelf", {}, Peer::ben}).json.at("data").size() == 2);
    CHECK(world.call({"GET", "/v1/shelf?reason=other"}).status == 422);
    CHECK(world.call({"GET", "/v1/shelf?state=done"}).status == 422);
    CHECK(world.call({"GET", "/v1/shelf?reason=effect_failed"}).json.at("data").empty());
    auto const entry = world.call({"GET", "/v1/shelf/1"}).json;
    CHECK(entry.at("detail") == "not JSON");
    CHECK(entry.at("bytes") == 6);
    CHECK_FALSE(entry.contains("body"));
    CHECK(world.call({"GET", "/v1/shelf/1/body"}).json.at("body") == "{\"a\":1");
    auto const binary = world.call({"GET", "/v1/shelf/2/body"}).json;
    CHECK(binary.at("body").is_null());
    CHECK(binary.at("body_base64") == "/wABcQ==");
    CHECK(world.call({"POST", "/v1/shelf/1/drop", {{"reason", "a test"}}}).json.at("resolution") == "dropped");
    CHECK(world.call({"POST", "/v1/shelf/1/drop", {{"reason", "a test"}}}).status == 409);
    CHECK(world.call({"POST", "/v1/shelf/2/drop"}).status == 422);
    CHECK(world.call({"GET", "/v1/shelf?state=all"}).json.at("data").back().at("id") == 1);
}

TEST_CASE("operations: bodies are read again in the caller's name, dry when that is asked")
{
    ApiWorld world;
    shelve(world, "{}");
    CHECK(world.call({"GET", "/v1/journal?since=yesterday"}).status == 422);
    CHECK(world.call({"GET", "/v1/journal?since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z"}).status == 422);
    CHECK(world.call({"GET", "/v1/journal?since=2026-01-02T00:00:00Z&until=2026-01-02T00:00:00Z"}).status == 422);
    CHECK(world.call({"GET", "/v1/journal?since=2026-01-01T00:00:00Z"}).json.at("data").front().at("journal") == 1);
    CHECK(world.call({"POST", "/v1/journal/1/replay", {{"dry_run", "yes"}}}).status == 422);
    auto const dry = world.call({"POST", "/v1/shelf/1/replay", {{"dry_run", true}}});
    REQUIRE(dry.status == 200);
    CHECK(dry.json.at("dry_run") == true);
    CHECK(dry.json.at("applied") == 3);
    CHECK(dry.json.at("shelf").at("before") == 1);
    CHECK(dry.json.at("changes").front().at("type") == "ticket.opened");
    CHECK(world.call({"POST", "/v1/journal/1/replay", {}, Peer::root}).status == 200);
    REQUIRE(world.wishes.size() == 2);
    CHECK(world.wishes[0].dry_run);
    CHECK(world.wishes[0].journal == JournalId{1});
    CHECK(world.wishes[0].by == world.scene.ana.actor());
    CHECK_FALSE(world.wishes[1].dry_run);
    CHECK(world.wishes[1].by == Actor{ActorKind::agent, 0});
    CHECK(world.call({"POST", "/v1/shelf/9/replay"}).status == 404);
}
