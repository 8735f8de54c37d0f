#include "checking.hpp"

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;
using nlohmann::json;

TEST_CASE("health checks: at the start, after a day, and on a wish")
{
    Checking checking;
    checking.look();
    CHECK(checking.states() == "quality:green number:connected token:good subscription:subscribed subscription:complete");
    CHECK(checking.asked.size() == 4);
    checking.look();
    checking.world.clock.advance(23h);
    checking.look();
    CHECK(checking.asked.size() == 4);
    checking.world.clock.advance(1h);
    checking.look();
    CHECK(checking.asked.size() == 8);
    checking.wish({.at = checking.world.now(), .by = {ActorKind::agent, 0}});
    checking.look();
    CHECK(checking.asked.size() == 12);
    checking.restart();
    checking.look();
    CHECK(checking.asked.size() == 16);
    CHECK(checking.told("account_unwell") == 0);
}

TEST_CASE("health checks: a field of webhooks that somebody unticks is told with what is lost, and the app's secret is in no URL")
{
    Checking checking;
    checking.look();
    checking.unticked = "messages";
    checking.world.clock.advance(24h);
    checking.look();
    CHECK_THAT(checking.states(), Catch::Contains("subscription:subscribed subscription:messages_missing"));
    CHECK(checking.told("account_unwell account=support aspect=subscription state=messages_missing severity=error") == 1);
    checking.unticked.clear();
    checking.world.clock.advance(30min);
    checking.look();
    CHECK(checking.told("account_well account=support aspect=subscription state=complete") == 1);
    for (auto const& target : checking.asked)
        for (auto const& secret : checking.own().account.secret("app_secret"))
            CHECK(target.find(secret) == std::string::npos);
}

TEST_CASE("health checks: our own hook is called when somebody wants that, and only then")
{
    Checking checking;
    checking.look();
    checking.wish({.at = checking.world.now(), .with_hook = true, .by = {ActorKind::agent, 0}});
    checking.look();
    CHECK_THAT(checking.asked.back(), Catch::StartsWith("https://desk.test/hooks/meta?hub.mode=subscribe&hub.challenge=0000000000000007"));
    CHECK_THAT(checking.states(), Catch::Contains("hook:answers"));
    checking.hook_answer = "<html>";
    checking.wish({.at = checking.world.now(), .with_hook = true, .by = {ActorKind::agent, 0}});
    checking.look();
    CHECK_THAT(checking.states(), Catch::Contains("hook:wrong_answer"));
    CHECK(checking.told("account_unwell account=support aspect=hook") == 1);
    CHECK(checking.told("verify_token") == 0);
}

TEST_CASE("health checks: a call of our own hook that failed is a warning for an hour, for nobody asks again")
{
    Checking checking;
    checking.look();
    checking.hook_answer = "<html>";
    checking.wish({.at = checking.world.now(), .with_hook = true, .by = {ActorKind::agent, 0}});
    checking.look();
    CHECK(checking.told("account_unwell account=support aspect=hook state=wrong_answer severity=warning") == 1);
    checking.world.clock.advance(1h);
    checking.look();
    checking.look();
    CHECK(checking.told("account_well account=support aspect=hook state=over") == 1);
}

TEST_CASE("health checks: what is not well is asked again within half an hour")
{
    Checking checking;
    checking.number["quality_rating"] = "YELLOW";
    checking.look();
    checking.world.clock.advance(29min);
    checking.look();
    CHECK(checking.asked.size() == 4);
    checking.number["quality_rating"] = "GREEN";
    checking.world.clock.advance(1min);
    checking.look();
    CHECK(checking.asked.size() == 8);
    CHECK(checking.told("account_well account=support aspect=quality state=green") == 1);
}

TEST_CASE("health checks: what fails keeps what was known, and is tried again with patience")
{
    Checking checking;
    checking.look();
    checking.world.clock.advance(24h);
    checking.instead = answer({{"error", {{"code", 4}, {"message", "token test-token is too eager"}}}}, 400);
    checking.look();
    CHECK_THAT(checking.states(), Catch::Contains("quality:green"));
    CHECK(checking.check().failures == 1);
    CHECK_THAT(checking.check().problem, Catch::Contains("error 4") && !Catch::Contains("test-token"));
    CHECK(checking.check().next_at > checking.world.now());
    CHECK(checking.told("account_not_checked account=support") == 1);
    checking.instead.reset();
    checking.world.clock.advance(12h);
    checking.look();
    CHECK(checking.check().failures == 0);
    CHECK(checking.check().problem.empty());
}

TEST_CASE("health checks: what is not well is said once, with what to do, and that it is well again")
{
    Checking checking;
    checking.number["quality_rating"] = "RED";
    checking.look();
    checking.look();
    CHECK(checking.told("account_unwell account=support aspect=quality state=red severity=error") == 1);
    checking.restart();
    checking.look();
    CHECK(checking.told("account_unwell account=support aspect=quality state=red severity=error") == 2); // once more after a start
    checking.number["quality_rating"] = "GREEN";
    checking.world.clock.advance(24h);
    checking.look();
    CHECK(checking.told("account_well account=support aspect=quality state=green") == 1);
}

TEST_CASE("health webhooks change the account through the ordinary intake, and have the provider asked soon")
{
    Checking checking;
    checking.look();
    auto const asked = checking.asked.size();
    auto const ends = checking.world.now() + 48h;
    checking.webhook_says("account_update",
                          {{"event", "ACCOUNT_RESTRICTION"},
                           {"restriction_info", json::array({json{{"restriction_type", "RESTRICTED_BIZ_INITIATED_MESSAGING"},
                                                                  {"expiration", to_ms(ends) / 1000}}})}});
    CHECK_THAT(checking.states(), Catch::StartsWith("standing:restricted"));
    CHECK(checking.world.number_of("SELECT count(*) FROM event WHERE type = 'account.health_changed'") == 1);
    CHECK(checking.world.number_of("SELECT count(*) FROM shelf") == 0);
    checking.look();
    CHECK(checking.told("account_unwell account=support aspect=standing state=restricted severity=error") == 1);
    CHECK(checking.asked.size() == asked); // others may come along
    checking.world.clock.advance(20s);
    checking.look();
    CHECK(checking.asked.size() == asked + 4);
    checking.world.clock.advance(48h);
    checking.look();
    CHECK_THAT(checking.states(), Catch::StartsWith("standing:over"));
    CHECK(checking.told("account_well account=support aspect=standing state=over") == 1);
}

TEST_CASE("health webhooks: a ban that is lifted and a violation leave a restriction as it is")
{
    Checking checking;
    checking.look();
    auto const says = [&](json value) {
        checking.world.clock.advance(1min);
        checking.webhook_says("account_update", std::move(value));
    };
    auto const standing = [&] {
        std::string out;
        for (auto const& row : checking.world.store.read([&](store::Reading& reading) { return store::health_of(reading, checking.own().id); }))
            if (row.as.aspect == HealthAspect::standing)
                out += (out.empty() ? "" : " ") + row.as.subject + ":" + row.as.state;
        return out;
    };
    auto const ends = to_ms(checking.world.now() + 48h) / 1000;
    says({{"event", "ACCOUNT_RESTRICTION"},
          {"restriction_info", json::array({json{{"restriction_type", "RESTRICTED_BIZ_INITIATED_MESSAGING"}, {"expiration", ends}}})}});
    says({{"event", "DISABLED_UPDATE"}, {"ban_info", {{"waba_ban_state", "SCHEDULE_FOR_DISABLE"}, {"waba_ban_date", "soon"}}}});
    says({{"event", "ACCOUNT_VIOLATION"}, {"violation_info", {{"violation_type", "SCAM"}}}});
    says({{"event", "DISABLED_UPDATE"}, {"ban_info", {{"waba_ban_state", "REINSTATE"}}}});
    auto const restricted = std::string{"restricted_biz_initiated_messaging:restricted"};
    CHECK(standing() == "ban:reinstated " + restricted + " violation:violation");
    checking.world.clock.advance(49h);
    checking.look();
    checking.look();
    CHECK(standing() == "ban:reinstated restricted_biz_initiated_messaging:over violation:violation");
    checking.world.clock.advance(30 * 24h);
    checking.look();
    checking.look();
    CHECK(standing() == "ban:reinstated restricted_biz_initiated_messaging:over violation:over");
}

TEST_CASE("health checks: no hour sees more questions than the provider allows, and none is forgotten")
{
    Checking checking;
    checking.look();
    std::vector<Timestamp> times;
    int wishes = 0;
    for (; wishes < 1000 && checking.asked.size() < 300; ++wishes) {
        checking.wish({.at = checking.world.now(), .by = {ActorKind::agent, 0}});
        auto const asked = checking.asked.size();
        auto const next = checking.look();
        if (checking.asked.size() == asked) // the budget is used up: that is when it goes on
            checking.world.clock.advance(std::chrono::ceil<std::chrono::milliseconds>(next - checking.world.now()));
        else
            times.insert(times.end(), checking.asked.size() - asked, checking.world.now());
    }
    REQUIRE(times.size() > 200);
    for (std::size_t n = 200; n < times.size(); ++n)
        CHECK(times[n] - times[n - 200] >= 1h - 2min); // a check that has begun is finished
}

TEST_CASE("health checks: a provider that refuses the account is asked why")
{
    Checking checking;
    checking.look();
    auto const asked = checking.asked.size();
    checking.instead = answer({{"error", {{"code", 190}, {"message", "Session has expired"}}}}, 401);
    checking.world.store.write([&](store::Tx& tx) {
        (void)store::pause_account(tx, checking.own().id, {store::PausedBy::provider, "refused", checking.world.now()}, {});
    });
    checking.look();
    CHECK(checking.asked.size() == asked + 1);
    CHECK_THAT(checking.states(), Catch::Contains("token:refused"));
}
