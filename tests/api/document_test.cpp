#include "document.hpp"
#include "yaml.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using test::Document;
using nlohmann::json;

namespace {

Document const& small()
{
    static Document const document{test::parse_yaml(R"(
paths:
  /v1/things/{thing}:
    parameters: [{name: thing, in: path}]
    get:
      summary: One thing
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
      responses:
        "200": {description: "It, as it is", content: {application/json: {schema: {$ref: "#/components/schemas/Named"}}}}
components:
  responses:
    Problem:
      content: {application/problem+json: {schema: {type: object, properties: {detail: {type: string}}}}}
  schemas:
    Thing:
      type: object
      required: [id, state,
                 parts]
      properties:
        id: {type: integer}
        state: {enum: [new, done, null]}
        parts: {type: array, items: {type: [string, "null"]}}
        more: {oneOf: [{type: "null"}, {type: object, required: [by], properties: {by: {type: string}}}]}
        data: {type: object}
    Named:
      allOf:
        - {$ref: "#/components/schemas/Thing"}
        - type: object
          required: [name]
          properties: {name: {type: string}}
)")};
    return document;
}

} // namespace

TEST_CASE("document: an answer that differs from it is told with its place")
{
    struct Case {
        std::string answer;
        std::string difference; ///< "" : none
        std::string target = "/v1/things/1";
        int status = 200;
    };
    auto const c = GENERATE(values<Case>({
        {R"({"id":1,"state":"new","parts":["a",null],"name":"x"})", ""},
        {R"({"id":1,"state":null,"parts":[],"name":"x","more":{"by":"y"},"data":{"any":1}})", ""},
        {R"({"id":1,"state":"new","parts":[]})", "/name: is required"},
        {R"({"id":1,"parts":[],"name":"x"})", "/state: is required"},
        {R"({"id":1,"state":"new","parts":[],"name":"x","other":1})", "/other: is not in the document"},
        {R"({"id":"1","state":"new","parts":[],"name":"x"})", "/id: is not as"},
        {R"({"id":1,"state":"old","parts":[],"name":"x"})", "/state: is not as"},
        {R"({"id":1,"state":"new","parts":["a",2],"name":"x"})", "/parts/1: is not as"},
        {R"({"id":1,"state":"new","parts":[],"name":"x","more":{"whom":"y"}})", "/more: is none of"},
        {R"({"id":1,"state":"new","parts":[],"name":"x"})", "?after: is taken", "/v1/things/1?limit=2&after=3"},
        {R"({"id":1,"state":"new","parts":[],"name":"x"})", "knows no 201", "/v1/things/1", 201},
        {R"({"detail":"no"})", "", "/v1/things/1", 404},
        {R"({"why":"no"})", "/why: is not in the document", "/v1/things/1", 404},
    }));
    INFO(c.answer);
    HttpRequest request;
    request.method = "GET";
    request.target = c.target;
    auto const found = small().differences("/v1/things/{thing}", request, c.status, json::parse(c.answer));
    REQUIRE(found.size() == (c.difference.empty() ? 0 : 1));
    if (!found.empty())
        CHECK_THAT(found.front(), Catch::Contains(c.difference));
    CHECK(small().routes() == std::set<std::string>{"GET /v1/things/{thing}"});
}

TEST_CASE("document: what is not YAML, or more of it than is read, is refused")
{
    auto const* const text = GENERATE("a: {b: c", "a: {b: one, two}", "a: 1\na: 2\n", "a:\nb: 1\n", "a\n", "a: [b] c\n", "a: \"x\\n\"\n", "  a: 1\n b: 2\n");
    INFO(text);
    CHECK_THROWS_AS(test::parse_yaml(text), std::invalid_argument);
}
