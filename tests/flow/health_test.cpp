#include "world.hpp"

#include "deskbridge/flow/health.hpp"
#include "deskbridge/store/account.hpp"
#include "deskbridge/store/account_health.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

HttpResponse answer(json const& body, int status = 200)
{
    return {status, {{"Content-Type", "application/json"}}, body.dump()};
}

/// One number, and the provider that is asked how it is.
class Checking {
public:
    Checking()
    {
        std::erase_if(world.accounts, [](auto const& context) { return context->account.name != "support"; });
        otherwise_ = world.transport.otherwise;
        world.transport.otherwise = [this](HttpRequest const& request) -> net::Answer {
            if (request.method != "GET")
                return otherwise_(request);
            asked.push_back(request.target);
            return answer_to(request.target);
        };
    }
    channel::AccountContext& own() { return *world.accounts.front(); }
    Timestamp look()
    {
        (void)world.intake(); // the account has its row
        if (!health_)
            restart();
        return world.run(health_->look());
    }
    /// A new process, as far as health goes.
    void restart()
    {
        health_.emplace(flow::Health::Parts{world.io, *world.store, world.transport, world.clock, world.accounts, "https://desk.test",
                                            world.log, world.metrics, [] { return std::uint64_t{7}; }});
    }
    /// "quality:green", in the order of the aspects.
    std::string states()
    {
        std::string out;
        for (auto const& row : world.store.read([&](store::Reading& reading) { return store::health_of(reading, own().id); }))
            out += (out.empty() ? "" : " ") + std::string{render_health_aspect(row.as.aspect)} + ":" + row.as.state;
        return out;
    }
    store::AccountCheck check()
    {
        auto const find = [&](store::Reading& reading) { return store::find_account_check(reading, own().id); };
        return world.store.read(find).value_or(store::AccountCheck{});
    }
    void wish(store::CheckWish const& wish)
    {
        world.store.write([&](store::Tx& tx) { store::want_check(tx, own().id, wish); });
    }
    void webhook_says(std::string const& field, json value)
    {
        json const entry{{"id", waba_id}, {"time", to_ms(world.now()) / 1000},
                         {"changes", json::array({json{{"field", field}, {"value", std::move(value)}}})}};
        json const hook{{"object", "whatsapp_business_account"}, {"entry", json::array({entry})}};
        CHECK(world.deliver(hook.dump()).status == 200);
    }
    /// So many customers' messages, a minute apart.
    void came(Timestamp at, int messages)
    {
        world.store.write([&](store::Tx& tx) {
            for (int n = 0; n < messages; ++n)
                store::count_inbound(tx, own().id, at + std::chrono::minutes{n});
        });
    }
    std::size_t told(std::string const& part) const
    {
        return static_cast<std::size_t>(std::count_if(world.log.lines.begin(), world.log.lines.end(),
                                                      [&](auto const& line) { return line.find(part) != std::string::npos; }));
    }

    World world;
    json number{{"id", "1"}, {"quality_rating", "GREEN"}, {"status", "CONNECTED"}};
    std::optional<HttpResponse> instead; ///< of every answer
    std::string hook_answer{"0000000000000007"};
    std::vector<std::string> asked;

private:
    net::Answer answer_to(std::string const& target)
    {
        if (target.starts_with("https://desk.test"))
            return HttpResponse{200, {}, hook_answer};
        if (instead)
            return *instead;
        if (target.find("debug_token") != std::string::npos)
            return answer({{"data", {{"app_id", "5"}, {"is_valid", true}, {"expires_at", 0}}}});
        if (target.ends_with("/subscribed_apps"))
            return answer({{"data", json::array({json{{"whatsapp_business_api_data", {{"id", "5"}}}}})}});
        return answer(number);
    }
    std::function<net::Answer(HttpRequest const&)> otherwise_;
    std::optional<flow::Health> health_;
};

} // namespace

TEST_CASE("health checks: at the start, after a day, and on a wish")
{
    Checking checking;
    checking.look();
    CHECK(checking.states() == "quality:green number:connected token:good subscription:subscribed");
    CHECK(checking.asked.size() == 3);
    checking.look();
    checking.world.clock.advance(23h);
    checking.look();
    CHECK(checking.asked.size() == 3);
    checking.world.clock.advance(1h);
    checking.look();
    CHECK(checking.asked.size() == 6);
    checking.wish({.at = checking.world.now(), .by = {ActorKind::agent, 0}});
    checking.look();
    CHECK(checking.asked.size() == 9);
    checking.restart();
    checking.look();
    CHECK(checking.asked.size() == 12);
    CHECK(checking.told("account_unwell") == 0);
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
    CHECK(checking.asked.size() == 3);
    checking.number["quality_rating"] = "GREEN";
    checking.world.clock.advance(1min);
    checking.look();
    CHECK(checking.asked.size() == 6);
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
    CHECK(checking.asked.size() == asked + 3);
    checking.world.clock.advance(48h);
    checking.look();
    CHECK_THAT(checking.states(), Catch::StartsWith("standing:over"));
    CHECK(checking.told("account_well account=support aspect=standing state=over") == 1);
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

TEST_CASE("silence: a busy number that nothing comes to is told, until the next message")
{
    Checking checking;
    checking.look();
    auto const monday = checking.world.now(); // nine o'clock, a full hour
    for (int back = 1; back <= 4; ++back)
        checking.came(monday - back * week, 40);
    checking.came(monday, 3);
    checking.world.clock.advance(59min);
    checking.look();
    CHECK(checking.told("aspect=silence") == 0);
    for (int back = 1; back <= 4; ++back)
        checking.came(monday + 1h - back * week, 12);
    checking.world.clock.advance(1h + 5min);
    checking.look();
    CHECK_THAT(checking.states(), Catch::EndsWith("silence:silent"));
    CHECK(checking.told("account_unwell account=support aspect=silence state=silent severity=warning") == 1);
    checking.world.clock.advance(1h);
    checking.look();
    CHECK(checking.told("aspect=silence") == 1);

    auto message = message_of(mara, "wamid.S1", checking.world.now());
    message["type"] = "text";
    message["text"] = {{"body", "hello"}};
    CHECK(checking.world.deliver(webhook({messages_change({checking.own().account.number}, mara, json::array({message}))})).status == 200);
    CHECK_THAT(checking.states(), Catch::EndsWith("silence:heard"));
    checking.look();
    CHECK(checking.told("account_well account=support aspect=silence state=heard") == 1);
}

TEST_CASE("silence: what could not be heard is none, and a quiet number is left alone")
{
    Checking checking;
    (void)checking.world.intake();
    auto const monday = checking.world.now();
    for (int back = 1; back <= 4; ++back)
        checking.came(monday - back * week, 40);
    checking.came(monday - 1h, 1);
    checking.world.clock.advance(3h); // the daemon was down
    checking.restart();
    checking.look();
    checking.world.clock.advance(2h);
    checking.look(); // at these hours nobody has ever written
    CHECK(checking.told("aspect=silence") == 0);
}
