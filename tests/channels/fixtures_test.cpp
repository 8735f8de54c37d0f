#include "channels/fixture.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using test::Json;

namespace {

/// Members that the fixture leaves out are not compared where the format says so ("key", "why", "headers", …).
Json only_named(Json const& actual, Json const& expected, std::initializer_list<char const*> optional)
{
    auto kept = actual;
    for (auto const* const name : optional)
        if (kept.is_object() && !expected.contains(name))
            kept.erase(name);
    return kept;
}

void check_events(Json const& actual, Json const& expected)
{
    if (!expected.is_array() || !actual.is_array()) {
        CHECK(actual == expected);
        return;
    }
    CHECK(actual.size() == expected.size());
    for (std::size_t i = 0; i < std::min(actual.size(), expected.size()); ++i) {
        INFO("event " << i);
        CHECK(only_named(actual[i], expected[i], {"key"}) == expected[i]);
    }
}

Json render_request(channel::Step const& step)
{
    Json doc{{"method", step.request.method}, {"url", step.request.target}, {"delivers", step.delivers}};
    if (step.file) {
        doc["body"] = step.request.body;
        doc["file"] = {{"sha256", step.file->sha256}, {"size_bytes", step.file->size}, {"after", step.file->after}};
    } else {
        doc["json"] = Json::parse(step.request.body, nullptr, false);
    }
    doc["headers"] = Json::object();
    for (auto const& [name, value] : step.request.headers)
        doc["headers"][name] = value;
    return doc;
}

/// Plays one planned message against the scripted responses, from the `next_response`-th on.
Json play(test::ChannelScene const& scene, channel::Delivery const& delivery, Json const& responses, std::size_t& next_response)
{
    std::vector<HttpResponse> so_far;
    auto requests = Json::array();
    for (;;) {
        auto const step = scene.adapter().next(scene.account(), delivery, so_far);
        if (auto const* outcome = std::get_if<Outcome>(&step))
            return {{"requests", requests}, {"outcome", test::render_outcome(*outcome)}};
        requests.push_back(render_request(std::get<channel::Step>(step)));
        if (next_response >= responses.size())
            return {{"requests", requests}, {"outcome", {{"event", "unanswered"}}}};
        so_far.push_back(test::read_response(responses[next_response++]));
    }
}

void check_sent(Json const& actual, Json const& expected)
{
    CHECK(only_named(actual.at("outcome"), expected.at("outcome"), {"why", "code"}) == expected.at("outcome"));
    auto const& requests = expected.at("requests");
    REQUIRE(actual.at("requests").size() == requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i)
        CHECK(only_named(actual.at("requests")[i], requests[i], {"method", "url", "headers", "delivers"}) == requests[i]);
}

} // namespace

TEST_CASE("every inbound fixture means what it says, in every encoding")
{
    for (auto const& fixture : test::inbound_fixtures()) {
        DYNAMIC_SECTION(fixture.channel << "/" << fixture.name)
        {
            INFO(fixture.doc.at("about"));
            test::ChannelScene const scene{fixture.channel};
            auto const& webhook = fixture.doc.at("webhook");
            for (auto const& body : test::bodies_of(webhook)) {
                INFO(body);
                auto const headers = webhook.contains("headers") ? webhook.at("headers") : Json{};
                auto const request = scene.webhook(body, headers);
                auto const events = test::outcome_of(scene, request);
                check_events(events, fixture.doc.at("expect"));
                CHECK(test::outcome_of(scene, request) == events);
            }
        }
    }
}

TEST_CASE("every outbound fixture is sent as it says")
{
    for (auto const& fixture : test::outbound_fixtures()) {
        DYNAMIC_SECTION(fixture.channel << "/" << fixture.name)
        {
            INFO(fixture.doc.at("about"));
            test::ChannelScene const scene{fixture.channel};
            auto const content = parse_content(fixture.doc.at("content").dump());
            REQUIRE(content.has_value());
            auto const planned = scene.adapter().plan(*content, scene.adapter().capabilities(scene.account()));
            auto const& expected = fixture.doc.at("expect");
            REQUIRE(planned.size() == expected.size());
            std::size_t next_response = 0;
            for (std::size_t i = 0; i < planned.size(); ++i) {
                channel::Delivery const delivery{planned[i], test::read_address(fixture.doc.value("to", "")),
                                                 fixture.doc.value("group", ""), fixture.doc.value("token", ""),
                                                 scene.received_at(), fixture.doc.value("uploaded", ""), test::read_link(fixture.doc)};
                auto const responses = fixture.doc.value("responses", Json::array());
                auto const sent = play(scene, delivery, responses, next_response);
                INFO("planned message " << i << ": " << sent.dump());
                check_sent(sent, expected[i]);
            }
        }
    }
}
