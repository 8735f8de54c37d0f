#include "channels/fixture.hpp"

#include "deskbridge/channel/digest.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <random>

using namespace deskbridge;
using test::Json;

namespace {

using Dice = std::mt19937_64;

std::size_t roll(Dice& dice, std::size_t below)
{
    return below == 0 ? 0 : static_cast<std::size_t>(dice() % below);
}

constexpr std::array<std::string_view, 16> tokens{
    "null", "[]", "{}", "\"\"", "0",        "-1",     "1e999", "\"\\ud83d\"", "\\u0000", "\xC3\x28",
    "[[[[", "}}",  ",",  "\\",  "\"\\udc00x\"", "18446744073709551616"};

std::string mangle_bytes(std::string body, Dice& dice)
{
    auto const changes = 1 + roll(dice, 4);
    for (std::size_t i = 0; i < changes && !body.empty(); ++i) {
        auto const at = roll(dice, body.size());
        auto const length = std::min(1 + roll(dice, 40), body.size() - at);
        switch (roll(dice, 5)) {
        case 0: body[at] = static_cast<char>(dice()); break;
        case 1: body.erase(at, length); break;
        case 2: body.insert(at, body.substr(roll(dice, body.size()), length)); break;
        case 3: body.insert(at, tokens[roll(dice, tokens.size())]); break;
        default: body.resize(at); break;
        }
    }
    return body;
}

void collect(Json& node, std::vector<Json*>& found)
{
    found.push_back(&node);
    if (node.is_structured())
        for (auto& child : node)
            collect(child, found);
}

/// Swaps the shape of one node for another: what a careless reader trips over.
std::string mangle_tree(Json doc, Dice& dice)
{
    std::array<Json, 14> const shapes{nullptr, Json::array(), Json::object(), "", "x", 0, -1, 1e300, true,
                                      Json::array({nullptr}), Json::array({Json::array()}), "DE.1", std::string(600, 'w'),
                                      Json::object({{"id", 7}})};
    auto const changes = 1 + roll(dice, 3);
    for (std::size_t i = 0; i < changes; ++i) {
        std::vector<Json*> nodes;
        collect(doc, nodes);
        auto& node = *nodes[roll(dice, nodes.size())];
        auto const kind = roll(dice, 4);
        if (kind == 0 && node.is_array() && !node.empty())
            node.push_back(Json(node[roll(dice, node.size())]));
        else if (kind == 1 && node.is_object() && !node.empty())
            node.erase(std::next(node.begin(), static_cast<std::ptrdiff_t>(roll(dice, node.size()))));
        else
            node = shapes[roll(dice, shapes.size())];
    }
    return doc.dump(-1, ' ', roll(dice, 2) == 0, Json::error_handler_t::replace);
}

/// What everybody behind `parse` relies on.
void check_promises(Json const& events)
{
    if (events.is_object())
        return;
    for (auto const& event : events) {
        auto const text = event.dump(); // throws on malformed UTF-8
        CHECK(text.find("\\u0000") == std::string::npos);
        CHECK_FALSE(event.at("key").get<std::string>().empty());
        CHECK(event.value("id", std::string{}).size() <= 512);
        if (event.at("event") == "message") {
            CHECK(event.contains("from"));
            CHECK(event.contains("id"));
        }
    }
}

} // namespace

TEST_CASE("a mangled webhook never makes parse throw, and what it means is well formed")
{
    constexpr std::uint64_t seed = 20261121;
    constexpr int rounds = 25;
    for (auto const& fixture : test::inbound_fixtures()) {
        test::Scene const scene{fixture.channel};
        Dice dice{seed ^ std::hash<std::string>{}(fixture.name)};
        for (auto const& body : test::bodies_of(fixture.doc.at("webhook"))) {
            auto const doc = channel::read_json(body);
            for (int round = 0; round < rounds; ++round) {
                bool const by_tree = doc.has_value() && round % 2 == 0;
                auto const mangled = by_tree ? mangle_tree(*doc, dice) : mangle_bytes(body, dice);
                INFO(fixture.name << " round " << round << "\n" << mangled);
                check_promises(test::outcome_of(scene, scene.webhook(mangled)));
            }
        }
    }
}
