#include "api_world.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

std::string path_of_ticket(TicketId id, std::string const& rest = "")
{
    return "/v1/tickets/" + std::to_string(id.value) + rest;
}

std::vector<std::int64_t> numbers(nlohmann::json const& page)
{
    std::vector<std::int64_t> out;
    for (auto const& ticket : page.at("data"))
        out.push_back(ticket.at("number").get<std::int64_t>());
    return out;
}

} // namespace

TEST_CASE("tickets: the list, filtered and page by page")
{
    ApiWorld world;
    std::vector<std::int64_t> all;
    for (int i = 0; i < 5; ++i) {
        world.scene.clock.advance(std::chrono::seconds{1});
        all.insert(all.begin(), world.scene.open_ticket("t", i == 0 ? TicketStatus::solved : TicketStatus::open).value);
    }
    CHECK(numbers(world.call({"GET", "/v1/tickets"}).json) == all);
    CHECK(numbers(world.call({"GET", "/v1/tickets?status=live"}).json).size() == 4);
    for (auto const* nothing : {"status=", "status=,", "assignee="})
        CHECK(world.call({"GET", std::string{"/v1/tickets?"} + nothing}).status == 422);
    CHECK(numbers(world.call({"GET", "/v1/tickets?status=solved,closed"}).json) == std::vector{all.back()});
    CHECK(world.call({"POST", path_of_ticket(TicketId{all.front()}, "/assign"), {{"assignee", "me"}}}).status == 200);
    CHECK(numbers(world.call({"GET", "/v1/tickets?assignee=me"}).json) == std::vector{all.front()});
    CHECK(numbers(world.call({"GET", "/v1/tickets?assignee=none"}).json).size() == 4);
    CHECK(numbers(world.call({"GET", "/v1/tickets?sort=window&status=live"}).json) == std::vector(all.rbegin() + 1, all.rend()));

    std::vector<std::int64_t> walked;
    std::string after;
    for (int page = 0; page < 10; ++page) {
        auto const answer = world.call({"GET", "/v1/tickets?limit=2" + (after.empty() ? "" : "&after=" + after)});
        REQUIRE(answer.status == 200);
        for (auto const number : numbers(answer.json))
            walked.push_back(number);
        CHECK(answer.json.at("page").at("has_more") == !answer.json.at("page").at("next").is_null());
        if (!answer.json.at("page").at("has_more").get<bool>())
            break;
        after = answer.json.at("page").at("next").get<std::string>();
    }
    CHECK(walked == all);
}

TEST_CASE("tickets: one with its timeline, by number, #number and reference")
{
    ApiWorld world;
    auto const id = world.scene.open_ticket("parcel");
    auto const said = world.scene.customer_says(id, "Where is it?");
    auto const by_number = world.call({"GET", path_of_ticket(id)});
    REQUIRE(by_number.status == 200);
    auto const& ticket = by_number.json;
    CHECK(ticket.at("number") == id.value);
    CHECK(ticket.at("status") == "new");
    CHECK(ticket.at("opened_at") == "2026-01-05T00:00:00.000Z");
    CHECK(ticket.at("assignee").is_null());
    REQUIRE(ticket.at("timeline").size() == 1);
    auto const& message = ticket.at("timeline").at(0);
    CHECK(message.at("id") == said.value);
    CHECK(message.at("direction") == "in");
    CHECK(message.at("text") == "Where is it?");
    CHECK(message.at("placements").at(0).at("rule") == "R8");
    CHECK(world.call({"GET", "/v1/tickets/%23" + std::to_string(id.value)}).json == ticket);
    CHECK(world.call({"GET", "/v1/tickets/" + ticket.at("reference").get<std::string>()}).json == ticket);
    auto const unknown = world.call({"GET", "/v1/tickets/999"});
    CHECK(unknown.status == 404);
    CHECK(unknown.json.at("type") == "/problems/not-found");
}

TEST_CASE("tickets: a reply is queued once, however often its key comes")
{
    ApiWorld world;
    auto const id = world.scene.open_ticket("parcel");
    world.scene.customer_says(id, "hello?");
    ApiWorld::Call const call{"POST", path_of_ticket(id, "/messages"), {{"text", "On its way"}}, Peer::ana, {{"Idempotency-Key", "k1"}}};
    auto const first = world.call(call);
    CHECK(first.status == 202);
    CHECK(first.json.at("direction") == "out");
    CHECK(first.json.at("delivery") == "queued");
    auto const again = world.call(call);
    CHECK(again.status == 202);
    CHECK(again.json == first.json);
    CHECK(world.scene.outbox().size() == 1);
    auto other = call;
    other.body = {{"text", "Something else"}};
    CHECK(world.call(other).status == 409);
    auto mine = call;
    mine.peer = Peer::ben; // keys are everybody's own
    CHECK(world.call(mine).status == 202);
    auto long_key = call;
    long_key.headers = {{"Idempotency-Key", std::string(300, 'k')}};
    CHECK(world.call(long_key).status == 422);
}

TEST_CASE("tickets: a long timeline comes in parts, the latest first")
{
    ApiWorld world;
    auto const id = world.scene.open_ticket("parcel");
    std::vector<std::int64_t> said;
    for (auto const* text : {"one", "two", "three"})
        said.push_back(world.scene.customer_says(id, text).value);
    auto const part = [&](std::string const& query) {
        auto const answer = world.call({"GET", path_of_ticket(id, query)});
        std::vector<std::int64_t> ids;
        for (auto const& message : answer.json.at("timeline"))
            ids.push_back(message.at("id").get<std::int64_t>());
        return std::pair{ids, answer.json.at("earlier").get<bool>()};
    };
    CHECK(part("?limit=2") == std::pair{std::vector{said[1], said[2]}, true});
    CHECK(part("?limit=2&before=" + std::to_string(said[1])) == std::pair{std::vector{said[0]}, false});
    CHECK(world.call({"GET", path_of_ticket(id, "?limit=0")}).status == 422);
}

TEST_CASE("tickets: messages become a ticket of their own, and go back")
{
    ApiWorld world;
    auto const id = world.scene.open_ticket("parcel");
    world.scene.customer_says(id, "Where is it?");
    auto const other = world.scene.customer_says(id, "And my invoice is wrong").value;
    auto const foreign = world.scene.customer_says(world.scene.open_ticket("third"), "hello").value;
    auto const split = [&](nlohmann::json messages) {
        return world.call({"POST", path_of_ticket(id, "/split"), {{"messages", std::move(messages)}}});
    };
    CHECK(split(nlohmann::json::array()).status == 422);
    CHECK(split({"one"}).status == 422);
    CHECK(split({0}).status == 422);
    CHECK(split({foreign}).status == 409);
    CHECK(world.call({"POST", "/v1/tickets/999/split", {{"messages", {other}}}}).status == 404);
    auto const fresh = split({other});
    CHECK(fresh.status == 201);
    CHECK(fresh.json.at("subject") == "And my invoice is wrong");
    CHECK(fresh.json.at("number") != id.value);
    CHECK(world.call({"GET", path_of_ticket(id)}).json.at("timeline").size() == 1);
    auto const back = world.call({"POST", "/v1/messages/" + std::to_string(other) + "/undo"});
    CHECK(back.json.at("placements").back().at("ticket") == id.value);
    CHECK(back.json.at("placements").at(1).at("undone_at").is_string());
}

TEST_CASE("tickets: note, assign, status, seen, merge")
{
    ApiWorld world;
    auto const id = world.scene.open_ticket("parcel");
    auto const other = world.scene.open_ticket("invoice");
    auto const note = world.call({"POST", path_of_ticket(id, "/notes"), {{"text", "asked the depot"}}});
    CHECK(note.status == 201);
    CHECK(note.json.at("direction") == "note");
    CHECK(note.json.at("author").at("name") == "Ana Prado");
    CHECK(world.call({"POST", path_of_ticket(id, "/assign"), {{"assignee", "Ben"}}}).json.at("assignee") == "Ben");
    CHECK(world.call({"POST", path_of_ticket(id, "/assign"), {{"assignee", nullptr}}}).json.at("assignee").is_null());
    CHECK(world.call({"POST", path_of_ticket(id, "/assign"), {{"assignee", "Nobody"}}}).status == 422);
    CHECK(world.call({"POST", path_of_ticket(id, "/assign"), nlohmann::json::object()}).status == 422);
    CHECK(world.call({"POST", path_of_ticket(id, "/seen")}).json.at("unseen") == false);
    auto const solved = world.call({"POST", path_of_ticket(id, "/status"), {{"status", "solved"}, {"summary", "found it"}}});
    CHECK(solved.json.at("status") == "solved");
    CHECK(solved.json.at("summary") == "found it");
    CHECK(solved.json.at("solved_at").is_string());
    CHECK(world.call({"POST", path_of_ticket(id, "/status"), {{"status", "open"}}}).json.at("status") == "open");
    CHECK(world.call({"POST", path_of_ticket(id, "/status"), {{"status", "new"}}}).status == 422);
    CHECK(world.call({"POST", path_of_ticket(id, "/status"), {{"status", "done"}}}).status == 422);
    auto const merged = world.call({"POST", path_of_ticket(id, "/merge"), {{"into", std::to_string(other.value)}}});
    CHECK(merged.status == 200);
    CHECK(merged.json.at("number") == other.value);
    CHECK(world.call({"GET", path_of_ticket(id)}).json.at("merged_into") == other.value);
    CHECK(world.call({"POST", path_of_ticket(other, "/merge"), {{"into", std::to_string(other.value)}}}).status == 409);
}

TEST_CASE("tickets: messages are taken back, moved and put back")
{
    ApiWorld world;
    auto const id = world.scene.open_ticket("parcel");
    auto const other = world.scene.open_ticket("invoice");
    auto const said = world.scene.customer_says(id, "hello?");
    auto const path = "/v1/messages/" + std::to_string(said.value);
    CHECK(world.call({"POST", path + "/move", {{"to", std::to_string(other.value)}}}).json.at("number") == other.value);
    CHECK(world.call({"POST", path + "/undo"}).json.at("id") == said.value);
    CHECK(world.call({"POST", path + "/undo"}).status == 409);
    CHECK(world.call({"POST", path + "/cancel"}).status == 409); // a customer's message is not ours to take back

    auto const reply = world.call({"POST", path_of_ticket(id, "/messages"), {{"text", "wrong"}}});
    auto const mine = "/v1/messages/" + std::to_string(reply.json.at("id").get<std::int64_t>());
    CHECK(world.call({"POST", mine + "/resolve", {{"verdict", "sent"}}}).status == 409);
    CHECK(world.call({"POST", mine + "/resolve", {{"verdict", "perhaps"}}}).status == 422);
    CHECK(world.call({"POST", mine + "/retry"}).status == 409);
    CHECK(world.call({"POST", mine + "/keep"}).status == 409);
    CHECK(world.call({"POST", mine + "/cancel"}).json.at("delivery") == "cancelled");
    CHECK(world.call({"POST", "/v1/messages/999/cancel"}).status == 404);
    CHECK(world.call({"POST", "/v1/messages/x/cancel"}).status == 404);
}
