#include "listing.hpp"

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;
using nlohmann::json;

TEST_CASE("template lists: at the start, page by page, and again after a day")
{
    Listing listing;
    listing.answers = {page(json::array({listed("a")}), "A"), page(json::array({listed("b")}))};
    listing.look();
    CHECK(listing.names() == "a:approved b:approved");
    CHECK(listing.asked.size() == 2);
    CHECK(listing.asked.back().find("&after=A&") != std::string::npos);
    CHECK(listing.world.log.has("templates_synced account=support added=2 changed=0 gone=0"));
    listing.look();
    listing.world.clock.advance(23h);
    listing.look();
    CHECK(listing.asked.size() == 2);
    listing.world.clock.advance(1h);
    listing.look();
    CHECK(listing.asked.size() == 3);
    CHECK(listing.names() == "b:approved"); // the list has no other any more
    listing.restart();
    listing.look();
    CHECK(listing.asked.size() == 4);
}

TEST_CASE("template lists: an account that cannot ask says so once, and the others go on")
{
    Listing listing;
    listing.own().account.settings.erase("waba_id");
    listing.look();
    listing.look();
    CHECK(listing.asked.empty());
    auto const& lines = listing.world.log.lines;
    auto const about_it = [](auto const& line) { return line.starts_with("templates_not_listed account=support"); };
    auto const said = std::count_if(lines.begin(), lines.end(), about_it);
    CHECK(said == 1);
}

TEST_CASE("template lists: what fails keeps what was known, is tried again with patience, and shows no token")
{
    Listing listing;
    listing.answers = {page(json::array({listed("a")}))};
    listing.look();
    listing.world.clock.advance(24h);
    listing.answers = {refusal(80007)};
    listing.look();
    CHECK(listing.names() == "a:approved");
    auto const stands = listing.stands();
    CHECK(stands.failures == 1);
    CHECK_THAT(stands.problem, Catch::Contains("error 80007") && !Catch::Contains("test-token"));
    CHECK(stands.next_at > listing.world.now());
    CHECK(stands.next_at <= listing.world.now() + 1h);
    listing.look();
    CHECK(listing.asked.size() == 2);
    listing.world.clock.advance(1h);
    listing.answers = {page(json::array({listed("a", "PAUSED")}))};
    listing.look();
    CHECK(listing.names() == "a:paused");
    CHECK(listing.stands().failures == 0);
    CHECK(listing.stands().problem.empty());
}

TEST_CASE("template lists: one that breaks off in the middle deletes nothing")
{
    Listing listing;
    listing.answers = {page(json::array({listed("a"), listed("b")}))};
    listing.look();
    listing.world.clock.advance(24h);
    listing.answers = {page(json::array({listed("a")}), "A"), refusal(2)};
    listing.look();
    CHECK(listing.names() == "a:approved b:approved");
    CHECK(listing.stands().failures == 1);
}

TEST_CASE("template lists: a wish while the list is on its way is not forgotten")
{
    Listing listing;
    listing.answers = {page(json::array({listed("a")}))};
    listing.look();
    listing.world.clock.advance(24h);
    listing.on_list = [&] {
        listing.world.store.write(
            [&](store::Tx& tx) { store::want_templates(tx, listing.own().id, {ActorKind::agent, 0}, listing.world.now()); });
        listing.on_list = {};
    };
    listing.look();
    auto const asked = listing.asked.size();
    listing.look();
    CHECK(listing.asked.size() == asked + 1);
}

TEST_CASE("template webhooks keep the list current through the ordinary intake")
{
    Listing listing;
    listing.answers = {page(json::array({listed("reply")}))};
    listing.look();
    listing.webhook_says("message_template_status_update", {{"event", "PAUSED"}, {"reason", nullptr}});
    CHECK(listing.names() == "reply:paused");
    listing.world.clock.advance(1s);
    listing.webhook_says("message_template_status_update", {{"event", "APPROVED"}, {"reason", "NONE"}});
    CHECK(listing.names() == "reply:approved");
    listing.webhook_says("template_category_update", {{"previous_category", "UTILITY"}, {"new_category", "MARKETING"}});
    CHECK(listing.world.number_of("SELECT count(*) FROM template WHERE category = 'marketing'") == 1);
    CHECK(listing.world.number_of("SELECT count(*) FROM event WHERE type = 'template.changed'") == 3);
    CHECK(listing.world.number_of("SELECT count(*) FROM shelf") == 0);
    auto const asked = listing.asked.size();
    listing.look();
    CHECK(listing.asked.size() == asked); // what the webhooks said is all there is to know
    listing.webhook_says("message_template_components_update", {{"message_template_element", "Bye {{1}}"}});
    listing.world.clock.advance(1min);
    listing.look();
    CHECK(listing.asked.size() == asked + 1);
}
