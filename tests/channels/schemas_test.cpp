#include "channels/fixture.hpp"
#include "deskbridge/channel/registry.hpp"
#include "support/json_schema.hpp"

#include <catch2/catch.hpp>

#include <functional>

using namespace deskbridge;
using test::Json;

namespace {

test::JsonSchema schema(std::string const& name)
{
    return test::JsonSchema{test::read_document(std::filesystem::path{DESKBRIDGE_SOURCE_DIR} / "schemas" / "json" / (name + ".schema.json"))};
}

/// What a reader of the schema would not write: the fixtures that show what happens all the same.
bool is_outside_format(std::string const& name)
{
    return name.starts_with("unknown_") || name == "batch_bad_siblings" || name == "text_as_number";
}

/// Every member that is taken away from the document, one at a time.
void for_each_removal(Json const& doc, Json::json_pointer const& at, std::function<void(Json::json_pointer const&)> const& visit)
{
    auto const& node = doc.at(at);
    if (!node.is_object())
        return;
    for (auto const& [name, value] : node.items()) {
        visit(at / name);
        for_each_removal(doc, at / name, visit);
    }
}

} // namespace

TEST_CASE("fixtures are of the form that their schema says")
{
    auto const form = schema("fixture");
    for (auto const* fixtures : {&test::inbound_fixtures(), &test::outbound_fixtures()})
        for (auto const& fixture : *fixtures) {
            INFO(fixture.channel << '/' << fixture.name);
            CHECK(form.fault_of(fixture.doc) == "");
        }
    for (auto const name : channel::adapter_names())
        for (auto const* const file : {"account.json", "conformance.json"})
            CHECK(form.fault_of(test::read_document(test::channels_folder() / name / "fixtures" / file)) == "");
    CHECK(form.fault_of({{"about", "x"}, {"webhook", {{"body", ""}}}}) != "");
}

TEST_CASE("signed: what comes in is of the form that the schema says, and what is not is told")
{
    auto const form = schema("signed_inbound");
    int inside = 0;
    for (auto const& fixture : test::inbound_fixtures()) {
        auto const& webhook = fixture.doc.at("webhook");
        if (fixture.channel != "signed" || !webhook.contains("json"))
            continue;
        INFO(fixture.name);
        CHECK((form.fault_of(webhook.at("json")) != "") == is_outside_format(fixture.name));
        inside += is_outside_format(fixture.name) ? 0 : 1;
    }
    CHECK(inside > 40);
}

TEST_CASE("signed: what goes out is of the form that the schema says, and nothing in it is there for nothing")
{
    auto const form = schema("signed_outbound");
    for (auto const& fixture : test::outbound_fixtures()) {
        if (fixture.channel != "signed")
            continue;
        INFO(fixture.name);
        for (auto const& sent : fixture.doc.at("expect"))
            for (auto const& request : sent.at("requests")) {
                auto const& body = request.at("json");
                CHECK(form.fault_of(body) == "");
                for_each_removal(body, Json::json_pointer{}, [&](Json::json_pointer const& at) {
                    auto less = body;
                    less.at(at.parent_pointer()).erase(at.back());
                    auto const name = at.back();
                    bool const wordless = body.at("data").contains("template") || body.at("data").contains("media");
                    bool const may_lack = name == "description" || name == "reply_to" || name == "file_name" || (name == "text" && wordless);
                    INFO(at.to_string());
                    CHECK((form.fault_of(less) == "") == may_lack);
                });
            }
    }
}
