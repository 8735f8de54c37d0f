#include "channels/provider.hpp"
#include "support/json_schema.hpp"

#include "deskbridge/channel/registry.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

// Every request that an adapter makes in its fixtures, put before whoever stands in for the provider, as the channel's conformance.json
// names them: a running simulator, or the schema of a channel whose other side is the operator's own.

using namespace deskbridge;
using test::judge_of;
using test::judged_by;
using test::Json;
using test::Provider;

namespace {

/// What must be there for one fixture alone.
void prepare(Provider& provider, test::Fixture const& fixture)
{
    provider.obey(fixture.doc.value("at_provider", Json::array()));
    if (auto const known = fixture.doc.value("uploaded", ""); !known.empty())
        provider.keep(known, fixture.doc.at("content").at("files").at(0).at("content_type").get<std::string>());
}

} // namespace

TEST_CASE("every request of every outbound fixture is one that the provider takes")
{
    for (auto const& channel : judged_by("simulator"))
        for (auto const& fixture : test::outbound_fixtures()) {
            if (fixture.channel != channel)
                continue;
            DYNAMIC_SECTION(fixture.channel << "/" << fixture.name)
            {
                Provider provider{channel};
                prepare(provider, fixture);
                int const judged = provider.play(fixture);
                auto const makes_some = [](Json const& sent) { return !sent.at("requests").empty(); };
                CHECK((judged > 0) == std::any_of(fixture.doc.at("expect").begin(), fixture.doc.at("expect").end(), makes_some));
                CHECK(provider.failures() == std::vector<std::int64_t>{});
            }
        }
}

TEST_CASE("every request of every outbound fixture has the form of its schema, where a schema judges")
{
    auto const folder = std::filesystem::path{DESKBRIDGE_SOURCE_DIR} / "schemas" / "json";
    for (auto const& name : judged_by("schema")) {
        test::JsonSchema const form{test::read_document(folder / (judge_of(name).at("schema").get<std::string>() + ".schema.json"))};
        test::ChannelScene const scene{name};
        int judged = 0;
        for (auto const& fixture : test::outbound_fixtures()) {
            if (fixture.channel != name)
                continue;
            INFO(fixture.channel << '/' << fixture.name);
            auto const content = parse_content(fixture.doc.at("content").dump());
            REQUIRE(content.has_value());
            for (auto const& message : scene.adapter().plan(*content, scene.adapter().capabilities(scene.account()))) {
                channel::Delivery const delivery{message, test::read_address(fixture.doc.value("to", "")), fixture.doc.value("group", ""),
                                                 fixture.doc.value("token", ""), scene.received_at(), {}, test::read_link(fixture.doc)};
                auto const next = scene.adapter().next(scene.account(), delivery, {});
                if (auto const* step = std::get_if<channel::Step>(&next)) {
                    CHECK(form.fault_of(Json::parse(step->request.body, nullptr, false)) == "");
                    ++judged;
                }
            }
        }
        CHECK(judged > 0);
    }
}

TEST_CASE("every channel says who judges what it sends, or why nobody does")
{
    std::size_t named = 0;
    for (auto const* const kind : {"simulator", "schema", "none"})
        for (auto const& channel : judged_by(kind)) {
            ++named;
            if (std::string_view{kind} == "none")
                WARN(channel << ": " << judge_of(channel).at("none").get<std::string>());
        }
    CHECK(named == channel::adapter_names().size());
}

TEST_CASE("the stand-in refuses what an adapter must not send")
{
    struct Case {
        std::string label;
        Json change; ///< a merge patch for a good request
    };
    auto const c = GENERATE(values<Case>({
        {"no product", {{"messaging_product", nullptr}}},
        {"no text", {{"text", {{"body", ""}}}}},
        {"a text that is too long", {{"text", {{"body", std::string(4097, 'x')}}}}},
        {"a group as an individual", {{"to", "Y2FwaV9ncm91cDox"}}},
        {"a type without its object", {{"type", "image"}}},
    }));
    INFO(c.label);
    Provider provider{"whatsapp"};
    Json body{{"messaging_product", "whatsapp"}, {"recipient_type", "individual"}, {"to", "+4915112345678"}, {"type", "text"}, {"text", {{"body", "x"}}}};
    auto const ask = [&] { return provider.graph("POST", provider.options.phone_number_id + "/messages", body.dump()).status; };
    CHECK(ask() == 200);
    body.merge_patch(c.change);
    CHECK(ask() == 400);
}
