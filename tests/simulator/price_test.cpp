#include "kinds_world.hpp"
#include "price.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

TEST_CASE("price: a free entry point, the month's free messages, and what costs")
{
    struct Case {
        std::string label;
        simulator::PriceFacts facts;
        Json pricing;
    };
    auto const priced = [](bool billable, char const* type, char const* category) {
        return Json{{"billable", billable}, {"pricing_model", "PMP"}, {"type", type}, {"category", category}};
    };
    auto const c = GENERATE_COPY(values<Case>({
        {"free-form, within the quota", {}, priced(false, "free_customer_service", "service")},
        {"free-form, beyond it", {.category = {}, .quota_left = false}, priced(true, "regular", "service")},
        {"a template", {.category = "utility"}, priced(true, "regular", "utility")},
        {"in a group", {.category = "utility", .in_group = true}, priced(true, "regular", "group_utility")},
        {"after an advert", {.category = "marketing", .free_until = from_ms(5000)}, priced(false, "free_entry_point", "referral_conversion")},
    }));
    INFO(c.label);
    auto const price = simulator::price_of(c.facts, "c1");
    CHECK(price.at("pricing") == c.pricing);
    CHECK(price.contains("conversation") == c.facts.free_until.has_value());
    CHECK(simulator::uses_quota(price) == (c.pricing.at("type") == "free_customer_service"));
}

TEST_CASE("an advert: the referral comes with the message, and three days are free from the first answer")
{
    KindsWorld world{0};
    world.act("/messages", Json{{"body", "Is it still on?"}, {"referral", true}});
    REQUIRE(world.until([&] { return !world.got("messages").empty(); }));
    CHECK(world.got("messages").front().at("referral").at("source_type") == "ad");
    auto const first = world.priced(world.send_text(world.phone(), "It is"));
    CHECK(first.at("pricing").at("type") == "free_entry_point");
    CHECK(first.at("conversation").at("origin").at("type") == "referral_conversion");
    world.control("POST", "/sim/clock", Json{{"advance_s", 73 * 3600}});
    world.says(world.mara, "And now?");
    CHECK(world.priced(world.send_text(world.phone(), "Still")).at("pricing").at("type") == "regular");
}

TEST_CASE("an advert that is answered too late is not free, and it does not open the reply window for longer")
{
    KindsWorld world{0};
    world.act("/messages", Json{{"body", "Is it still on?"}, {"referral", true}});
    world.control("POST", "/sim/clock", Json{{"advance_s", 25 * 3600}});
    auto const late = world.send_text(world.phone(), "It is");
    CHECK(world.until([&] { return world.statuses_of(test::id_of(late)) == "failed"; }));
    world.says(world.mara, "Hello?");
    CHECK(world.priced(world.send_text(world.phone(), "It is")).at("pricing").at("type") == "regular");
}

TEST_CASE("the month's free messages are counted for each number, also over a restart")
{
    KindsWorld world{1};
    world.says(world.mara, "Hello");
    CHECK(world.priced(world.send_text(world.phone(), "one")).at("pricing").at("type") == "free_customer_service");
    world.restart();
    CHECK(world.priced(world.send_text(world.phone(), "two")).at("pricing").at("type") == "regular");
}
