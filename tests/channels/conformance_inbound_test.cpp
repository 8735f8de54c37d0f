#include "channels/conformance.hpp"

#include "deskbridge/channel/registry.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <set>

using namespace deskbridge;
using test::ChannelScene;
using test::Json;

namespace {

using Parsed = Result<channel::Intake>;

Parsed parse(ChannelScene const& scene, std::string body, Timestamp received_at)
{
    auto const hook = scene.hook();
    auto const webhook = channel::VerifiedWebhook::from_journal(HttpRequest{"POST", "/hooks/x", {}, std::move(body)});
    return scene.adapter().parse(hook, webhook, received_at);
}

std::vector<std::string> keys_of(Parsed const& parsed)
{
    std::vector<std::string> keys;
    if (parsed)
        for (auto const& event : parsed->events)
            keys.push_back(event.account_number + " " + event.key);
    return keys;
}

/// Nothing thrown, no promise broken, no fault but those of a body; what broke, if anything.
std::string judge(ChannelScene const& scene, std::string const& body)
{
    auto const parsed = parse(scene, body, scene.received_at());
    if (!parsed)
        return parsed.error().fault == Fault::malformed || parsed.error().fault == Fault::not_found ? "" : "a fault of another kind";
    for (auto const& event : parsed->events)
        if (auto broken = test::broken_promise(event); !broken.empty())
            return broken;
    return {};
}

/// Every place of the document, deepest last.
std::vector<std::string> places_of(Json const& doc)
{
    std::vector<std::string> places;
    auto const leaves = doc.flatten();
    for (auto const& [leaf, value] : leaves.get_ref<Json::object_t const&>())
        for (auto end = leaf.find('/', 1); !leaf.empty(); end = leaf.find('/', end + 1)) {
            places.push_back(leaf.substr(0, end));
            if (end == std::string::npos)
                break;
        }
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    return places;
}

/// How the document looks on the way to a place: the keys beside it, and the words that say of which kind things are. What a
/// hundred fixtures share, an envelope for one, looks the same in all of them.
std::string way_to(Json const& doc, std::string const& place)
{
    std::string way = place;
    Json::json_pointer const end{place};
    for (auto rest = end; !rest.empty(); rest.pop_back())
        if (auto const& above = doc.at(rest.parent_pointer()); above.is_object())
            for (auto const& [key, value] : above.get_ref<Json::object_t const&>()) {
                way.append(" ").append(key);
                if (value.is_string() && (key == "type" || key == "field" || key == "event" || key == "status"))
                    way.append("=").append(value.get_ref<std::string const&>());
            }
    return way;
}

/// What stands at a place now; nullptr: nothing any more.
using Visit = std::function<void(Json const& changed, std::string const& place, Json const* value)>;

/// Calls `visit` with the document once for each place and each value that may stand there instead; places to which a way in
/// `known` leads are left out.
void for_each_mutation(Json const& doc, std::set<std::string>& known, Visit const& visit)
{
    static std::vector<Json> const values{nullptr, true, -1, 1e300, "", "x", std::string(600, 'x'), Json::array(), Json::array({7}),
                                          Json::object(), Json{{"id", {{"id", 1}}}}};
    for (auto const& place : places_of(doc)) {
        if (!known.insert(way_to(doc, place)).second)
            continue;
        Json::json_pointer const at{place};
        auto changed = doc;
        for (auto const& value : values) {
            changed[at] = value;
            visit(changed, place, &value);
        }
        auto& parent = changed.at(at.parent_pointer());
        if (parent.is_object())
            parent.erase(at.back());
        else
            parent.erase(std::stoul(at.back()));
        visit(changed, place, nullptr);
    }
}

void for_each_fixture(std::function<void(ChannelScene const&, test::Fixture const&)> const& check)
{
    for (auto const name : channel::adapter_names())
        DYNAMIC_SECTION(name)
        {
            ChannelScene const scene{std::string{name}};
            for (auto const& fixture : test::inbound_fixtures())
                if (fixture.channel == name)
                    check(scene, fixture);
        }
}

} // namespace

TEST_CASE("conformance: a channel has a fixture for each thing that there is, or says why it has no such thing")
{
    for (auto const name : channel::adapter_names())
        DYNAMIC_SECTION(name)
        {
            auto const covered = test::covered_by(std::string{name});
            ChannelScene const scene{std::string{name}};
            auto const& lacks = scene.conformance().at("lacks").get_ref<Json::object_t const&>();
            auto const& required = test::required_of_channels();
            for (auto const& word : required) {
                INFO(word);
                bool const has = std::find(covered.begin(), covered.end(), word) != covered.end();
                CHECK(has != lacks.contains(word)); // neither, or both: a reason that is none
            }
            for (auto const& [word, reason] : lacks) {
                INFO(word);
                bool const known = std::find(required.begin(), required.end(), word) != required.end();
                CHECK((known || word.starts_with("flow:"))); // which the tests in which it is played hold to
                CHECK(reason.get<std::string>().size() >= 10);
            }
        }
}

TEST_CASE("conformance: an event has one key, whenever and however often it is delivered")
{
    for_each_fixture([](ChannelScene const& scene, test::Fixture const& fixture) {
        INFO(fixture.name);
        std::vector<std::string> first;
        for (auto const& body : test::bodies_of(fixture.doc.at("webhook"))) {
            auto const keys = keys_of(parse(scene, body, scene.received_at()));
            CHECK(keys == keys_of(parse(scene, body, scene.received_at() + std::chrono::hours{26})));
            if (first.empty())
                first = keys;
            CHECK(keys == first); // in whatever encoding
        }
    });
}

TEST_CASE("conformance: keys tell events of one body apart")
{
    for_each_fixture([](ChannelScene const& scene, test::Fixture const& fixture) {
        INFO(fixture.name);
        auto const parsed = parse(scene, test::bodies_of(fixture.doc.at("webhook")).front(), scene.received_at());
        if (!parsed)
            return;
        std::map<std::string, Json> seen;
        for (auto const& event : parsed->events) {
            auto const [known, fresh] = seen.emplace(event.account_number + " " + event.key, test::render_event(event));
            INFO(event.key);
            CHECK((fresh || known->second.at("event") == test::render_event(event).at("event")));
        }
    });
}

TEST_CASE("conformance: wrong types in every place of every fixture break nothing")
{
    std::set<std::string> known;
    for_each_fixture([&known](ChannelScene const& scene, test::Fixture const& fixture) {
        auto const& webhook = fixture.doc.at("webhook");
        if (!webhook.contains("json") || !webhook.at("json").is_structured())
            return;
        for_each_mutation(webhook.at("json"), known, [&](Json const& doc, std::string const& place, Json const* value) {
            auto const broken = judge(scene, doc.dump());
            if (broken.empty())
                return;
            INFO(fixture.name << place << " := " << (value ? value->dump() : "nothing"));
            CHECK(broken == "");
        });
    });
}

TEST_CASE("conformance: a wrong type in a message never makes it vanish")
{
    for_each_fixture([](ChannelScene const& scene, test::Fixture const& fixture) {
        auto const& expect = fixture.doc.at("expect");
        auto const& webhook = fixture.doc.at("webhook");
        if (!webhook.contains("json") || fixture.name != "text")
            return;
        REQUIRE(expect.size() == 1);
        std::set<std::string> known;
        for_each_mutation(webhook.at("json"), known, [&](Json const& doc, std::string const& place, Json const* value) {
            if (value == nullptr || value->empty())
                return; // there may be nothing left
            auto const parsed = parse(scene, doc.dump(), scene.received_at());
            INFO(place << " := " << *value);
            CHECK((!parsed || !parsed->events.empty()));
        });
    });
}

TEST_CASE("conformance: a body that was cut or has a byte too many breaks nothing")
{
    for_each_fixture([](ChannelScene const& scene, test::Fixture const& fixture) {
        auto const body = test::bodies_of(fixture.doc.at("webhook")).front();
        for (std::size_t length = 0; length < body.size(); length += 3)
            if (auto const broken = judge(scene, body.substr(0, length)); !broken.empty()) {
                INFO(fixture.name << ", the first " << length << " bytes");
                CHECK(broken == "");
            }
        for (auto const* const more : {"}", "\xff", ",", "{}"})
            CHECK(judge(scene, body + more) == "");
    });
}
