#include "simulator_world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

/// What a client sees: a status and what is in the body, or that no answer came.
std::string seen(net::Answer const& answer)
{
    if (std::holds_alternative<net::NoAnswer>(answer))
        return "nothing";
    auto const& response = std::get<HttpResponse>(answer);
    auto const what = !id_of(response).empty() ? "id" : code_of(response) ? "error " + std::to_string(code_of(response)) : response.body.empty() ? "empty" : "other";
    return std::to_string(response.status) + " " + what;
}

} // namespace

TEST_CASE("faults strike as asked, and the ledger tells whether the message was taken")
{
    struct Case {
        std::string label;
        Json fault;
        std::string seen;
        std::size_t taken;
    };
    auto const c = GENERATE(values<Case>({
        {"hang before", {{"kind", "hang"}}, "nothing", 0},
        {"hang after", {{"kind", "hang"}, {"accept", true}}, "nothing", 1},
        {"reset before", {{"kind", "reset"}}, "nothing", 0},
        {"reset after", {{"kind", "reset"}, {"accept", true}}, "nothing", 1},
        {"HTML 502", {{"kind", "html_502"}}, "502 other", 0},
        {"HTML 502, taken all the same", {{"kind", "html_502"}, {"accept", true}}, "502 other", 1},
        {"200 with an empty body", {{"kind", "empty_200"}, {"accept", true}}, "200 empty", 1},
        {"429", {{"kind", "throttle_429"}}, "429 error 4", 0},
        {"a token that is no longer good", {{"kind", "token"}, {"count", -1}}, "401 error 190", 0},
        {"any code", {{"kind", "error"}, {"code", 131016}}, "500 error 131016", 0},
        {"slow", {{"kind", "slow"}, {"delay_ms", 30}}, "200 id", 1},
    }));
    INFO(c.label);
    SimulatorWorld world;
    world.start();
    auto const mara = world.customer();
    world.says(mara, "Hello");
    world.control("POST", "/sim/faults", c.fault);
    HttpRequest request;
    request.method = "POST";
    request.target = world.base + "/v25.0/" + world.options.phone_number_id + "/messages";
    request.headers.add("Authorization", "Bearer " + world.options.access_token);
    request.body = Json{{"messaging_product", "whatsapp"}, {"to", mara.at("phone")}, {"text", {{"body", "Hi"}}}}.dump();
    CHECK(seen(world.ask(request, 300ms)) == c.seen);

    auto const chat = world.control("GET", "/sim/customers/" + mara.at("id").get<std::string>());
    CHECK(chat.at("messages").size() == 1 + c.taken);
    auto const rows = world.control("GET", "/sim/ledger").at("rows");
    auto const row = std::find_if(rows.begin(), rows.end(), [](Json const& r) { return r.at("kind") == "request"; });
    REQUIRE(row != rows.end());
    CHECK(row->at("verdict") == (c.taken ? "taken" : "not_taken"));
    CHECK(row->at("mishap") == c.fault.at("kind"));

    world.control("DELETE", "/sim/faults");
    CHECK(seen(world.ask(request)) == "200 id");
}

TEST_CASE("a status may overtake the answer to its send")
{
    SimulatorWorld world;
    world.start();
    auto const mara = world.customer();
    world.says(mara, "Hello");
    world.control("POST", "/sim/chaos", Json{{"early_status", true}});
    auto const answer = world.send_text(mara.at("phone").get<std::string>(), "Hi");
    CHECK(world.statuses_of(id_of(answer)).starts_with("sent"));
}
