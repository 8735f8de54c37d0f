#include "api_world.hpp"

#include "api/fields.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

TEST_CASE("fields: what is wrong with a body, each thing at its place")
{
    struct Case {
        std::string label, body, errors; ///< "pointer detail; …"
    };
    auto const c = GENERATE(values<Case>({
        {"right", R"({"text":"a","quote":3})", ""},
        {"null is absent", R"({"text":"a","quote":null})", ""},
        {"missing", R"({})", "/text is required; "},
        {"no body", "", "/text is required; "},
        {"empty", R"({"text":""})", "/text must not be empty; "},
        {"wrong type", R"({"text":7})", "/text must be a text; "},
        {"null where a value must be", R"({"text":null})", "/text must be a text; "},
        {"too long", R"({"text":"12345678901"})", "/text is longer than 10 bytes; "},
        {"a NUL", R"({"text":"a\u0000b"})", "/text must not contain the character U+0000; "},
        {"not a number", R"({"text":"a","quote":"3"})", "/quote must be a whole number above 0; "},
        {"fraction", R"({"text":"a","quote":1.5})", "/quote must be a whole number above 0; "},
        {"negative", R"({"text":"a","quote":-1})", "/quote must be a whole number above 0; "},
        {"unknown", R"({"text":"a","txet":"b"})", "/txet is not known here; "},
        {"twice", R"({"text":"a","text":"b"})", R"( "text" stands twice in one object; /text is required; )"},
        {"not JSON", "{", " the body is not JSON; /text is required; "},
        {"not an object", "[1]", " expected a JSON object; /text is required; "},
        {"broken UTF-8", "{\"text\":\"\xff\"}", " the body is not JSON; /text is required; "},
        {"deep", R"({"text":)" + std::string(100000, '[') + "}", " nested too deeply; /text is required; "},
    }));
    INFO(c.label);
    api::Fields fields{c.body};
    static_cast<void>(fields.text("text", 10));
    static_cast<void>(fields.optional_id("quote"));
    std::string seen;
    for (auto const& error : fields.finish())
        seen += error.pointer + " " + error.detail + "; ";
    CHECK(seen == c.errors);
}

TEST_CASE("fields: a number beyond 64 bits is not one")
{
    api::Fields fields{R"({"quote":18446744073709551615})"};
    CHECK(fields.optional_id("quote") == 0);
    CHECK(fields.finish().size() == 1);
}

TEST_CASE("fields: errors are answered as 422 with every pointer, and never quote a customer")
{
    ApiWorld world;
    auto const ticket = world.scene.open_ticket("parcel");
    auto const path = "/v1/tickets/" + std::to_string(ticket.value) + "/messages";
    auto const answer = world.call({"POST", path, {{"txt", "the customer's words"}, {"quote", "x"}}});
    CHECK(answer.status == 422);
    CHECK(answer.type == "application/problem+json");
    CHECK(answer.json.at("errors").size() == 3);
    CHECK(answer.json.dump().find("customer") == std::string::npos);
    auto const broken = world.call_raw("POST", path, "the customer's words");
    CHECK(broken.status == 422);
    CHECK(broken.json.dump().find("customer") == std::string::npos);
    CHECK(world.scene.outbox().empty());
}

TEST_CASE("fields: query parameters within their bounds")
{
    ApiWorld world;
    for (auto const* target : {"/v1/tickets?limit=0", "/v1/tickets?limit=201", "/v1/tickets?limit=x", "/v1/tickets?limit=1.5",
                               "/v1/tickets?status=nonsense", "/v1/tickets?sort=age", "/v1/tickets?sort=window&after=1.2", "/v1/tickets?after=garbage", "/v1/tickets?assignee=nobody-here",
                               "/v1/events?after=-1", "/v1/events?tickets=a", "/v1/events?limit=1001",
                               "/v1/tickets?stauts=open", "/v1/tickets?limit=5&limit=6", "/v1/tickets/1?befor=3", "/v1/outbox?states=dead",
                               "/v1/shelf?page=2", "/v1/journal?from=2026-11-21", "/v1/events?afer=1", "/v1/agents?role=administrator", "/v1/accounts?paused=true", "/v1/tickets?%6cimit=5"}) {
        INFO(target);
        CHECK(world.call({"GET", target}).status == 422);
    }
}
