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
        {"closed in good order", {{"kind", "close"}}, "nothing", 0},
        {"closed after it was taken", {{"kind", "close"}, {"accept", true}}, "nothing", 1},
        {"half closed", {{"kind", "half_close"}}, "nothing", 0},
        {"HTML 500", {{"kind", "html_500"}, {"accept", true}}, "500 other", 1},
        {"HTML 503", {{"kind", "html_503"}}, "503 other", 0},
        {"HTML 504", {{"kind", "html_504"}, {"accept", true}}, "504 other", 1},
        {"HTML 200", {{"kind", "html_200"}}, "200 other", 0},
        {"JSON cut short", {{"kind", "cut_200"}, {"accept", true}}, "200 other", 1},
        {"less than was announced", {{"kind", "short_200"}, {"accept", true}}, "nothing", 1},
        {"JSON of other types", {{"kind", "wrong_200"}}, "200 other", 0},
        {"a hundred megabytes", {{"kind", "huge_200"}}, "nothing", 0},
        {"drop by drop", {{"kind", "trickle"}, {"accept", true}, {"delay_ms", 20}}, "nothing", 1},
        {"drop by drop, but fast enough", {{"kind", "trickle"}, {"accept", true}, {"delay_ms", 0}}, "200 id", 1},
        {"a head without end", {{"kind", "endless_head"}}, "nothing", 0},
        {"interim answers before it", {{"kind", "interim"}}, "200 id", 1},
        {"429 of the number", {{"kind", "throttle_429"}, {"code", 130429}, {"retry_after", "-5"}}, "429 error 130429", 0},
        {"the number is gone", {{"kind", "number_gone"}}, "404 error 100", 0},
        {"to somewhere else", {{"kind", "redirect"}}, "302 empty", 0},
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
    CHECK(seen(world.ask(request, c.seen == "nothing" ? 1s : 30s)) == c.seen);

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

TEST_CASE("a fault waits for its words, and the others behind it do not")
{
    SimulatorWorld world;
    world.start();
    auto const mara = world.customer();
    world.says(mara, "Hello");
    auto const phone = mara.at("phone").get<std::string>();
    world.control("POST", "/sim/faults", Json{{"kind", "error"}, {"code", 131026}, {"words", "second"}, {"count", 2}});
    world.control("POST", "/sim/faults", Json{{"kind", "error"}, {"code", 131016}});
    CHECK(code_of(world.send_text(phone, "the first")) == 131016);
    CHECK(code_of(world.send_text(phone, "the second")) == 131026);
    CHECK_FALSE(id_of(world.send_text(phone, "the third")).empty());
    CHECK(code_of(world.send_text(phone, "the second once more")) == 131026);
    CHECK_FALSE(id_of(world.send_text(phone, "the second at last")).empty());
}

TEST_CASE("Retry-After comes in every form")
{
    struct Case {
        std::string label;
        Json fault;
        std::string header;
    };
    auto const c = GENERATE(values<Case>({
        {"none", {{"kind", "throttle_429"}}, "none"},
        {"a number", {{"kind", "throttle_429"}, {"retry_after", "1000000000"}}, "1000000000"},
        {"less than nothing", {{"kind", "throttle_429"}, {"retry_after", "-5"}}, "-5"},
        {"a date", {{"kind", "throttle_429"}, {"retry_date_s", 90}}, " GMT"},
    }));
    INFO(c.label);
    SimulatorWorld world;
    world.start();
    world.control("POST", "/sim/faults", c.fault);
    auto const answer = world.send_text("4915112345678", "Hi");
    CHECK(answer.status == 429);
    CHECK(std::string{answer.headers.find("Retry-After").value_or("none")}.ends_with(c.header));
}

TEST_CASE("a connection that is stale resets whoever uses it again")
{
    SimulatorWorld world;
    world.start();
    auto const mara = world.customer();
    world.says(mara, "Hello");
    auto const phone = mara.at("phone").get<std::string>();
    world.control("POST", "/sim/faults", Json{{"kind", "stale"}});
    HttpRequest request;
    request.method = "POST";
    request.target = world.base + "/v25.0/" + world.options.phone_number_id + "/messages";
    request.headers.add("Authorization", "Bearer " + world.options.access_token);
    request.body = Json{{"messaging_product", "whatsapp"}, {"to", phone}, {"text", {{"body", "Hi"}}}}.dump();
    CHECK(seen(world.ask(request)) == "200 id");
    CHECK(seen(world.ask(request)) == "nothing"); // the client takes the youngest connection first
    CHECK(seen(world.ask(request)) == "200 id");
    auto const chat = world.control("GET", "/sim/customers/" + mara.at("id").get<std::string>());
    CHECK(chat.at("messages").size() == 3); // what came over the stale one never arrived
}

TEST_CASE("faults by chance: a share of each, and a seed repeats them")
{
    auto const struck = [](std::int64_t seed) {
        SimulatorWorld world;
        world.start();
        auto const mara = world.customer();
        world.says(mara, "Hello");
        Json const shares{{"html_502", 300}, {"empty_200", 300}};
        auto const order = world.control("POST", "/sim/chaos", Json{{"faults", shares}, {"seed", seed}});
        CHECK(order.at("faults") == shares);
        std::string all;
        for (int i = 0; i < 40; ++i)
            all += seen(net::Answer{world.send_text(mara.at("phone").get<std::string>(), "Hi")}) + " ";
        return all;
    };
    auto const once = struck(7);
    CHECK(once.find("502 other") != std::string::npos);
    CHECK(once.find("200 empty") != std::string::npos);
    CHECK(once.find("200 id") != std::string::npos);
    CHECK(struck(7) == once);
    CHECK(struck(8) != once);
}

TEST_CASE("shares that are none are refused, and change nothing")
{
    SimulatorWorld world;
    world.start();
    world.control("POST", "/sim/chaos", Json{{"faults", 10}});
    auto const faults = GENERATE(values<Json>({"many", 50, Json{{"hang", -1}}, Json{{"hung", 1}}, Json{{"hang", 1001}}}));
    HttpRequest request;
    request.method = "POST";
    request.target = world.base + "/sim/chaos";
    request.headers.add("Content-Type", "application/json");
    request.body = Json{{"faults", faults}}.dump();
    CHECK(std::get<HttpResponse>(world.ask(request)).status == 400);
    CHECK(world.control("POST", "/sim/chaos", Json::object()).at("faults").size() == 24);
}

TEST_CASE("receipts get lost, come in the wrong order, and tell of strangers")
{
    struct Case {
        std::string label;
        Json chaos;
        std::string statuses;
        std::size_t all;
    };
    auto const c = GENERATE(values<Case>({
        {"as they should", Json::object(), "sent delivered", 2},
        {"lost", {{"receipts_lost", 1}}, "", 0},
        {"reversed", {{"receipts_reversed", 1}}, "delivered sent", 2},
        {"foreign", {{"receipts_foreign", 1}}, "sent delivered", 4},
    }));
    INFO(c.label);
    SimulatorWorld world;
    world.options.sent_after = 10ms;
    world.options.delivered_after = 10ms;
    world.start();
    auto const mara = world.customer();
    world.says(mara, "Hello");
    auto chaos = c.chaos;
    chaos["concurrency"] = 1;
    world.control("POST", "/sim/chaos", chaos);
    auto const id = id_of(world.send_text(mara.at("phone").get<std::string>(), "Hi"));
    CHECK(world.until([&] { return world.message(mara, id).value("status", "") == "delivered"; }));
    CHECK(world.until([&] { return world.got("statuses").size() >= c.all; }));
    CHECK(world.statuses_of(id) == c.statuses);
    CHECK(world.got("statuses").size() == c.all);
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
