#include "channels/fixture.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;

namespace {

/// A changed id as Meta tells it: of a WABA, and of no number in particular.
constexpr auto changed_id = R"({"object":"whatsapp_business_account","entry":[{"id":"8800","changes":[{"field":"user_id_update",
    "value":{"metadata":{},"user_id_update":[{"wa_id":"4915112345678","timestamp":"1795270000",
             "user_id":{"previous":"DE.1","current":"DE.2"}}]}}]}]})";

std::vector<std::string> accounts_told(std::vector<std::string> const& wabas)
{
    test::ChannelScene const scene{"whatsapp"};
    std::vector<channel::Account> accounts;
    for (auto const& waba : wabas) {
        auto account = scene.account();
        account.settings["phone_number_id"] = std::to_string(accounts.size() + 1);
        account.settings["waba_id"] = waba;
        scene.adapter().identify(account);
        accounts.push_back(std::move(account));
    }
    channel::Hook hook{"support", {}};
    for (auto const& account : accounts)
        hook.accounts.push_back(&account);
    auto const webhook = channel::VerifiedWebhook::check(scene.adapter(), hook, scene.webhook(changed_id), scene.received_at());
    REQUIRE(webhook.has_value());
    auto const intake = scene.adapter().parse(hook, *webhook, scene.received_at());
    REQUIRE(intake.has_value());
    std::vector<std::string> told;
    for (auto const& event : intake->events)
        told.push_back(event.account_number);
    return told;
}

} // namespace

TEST_CASE("WhatsApp: what names no number reaches every account that it may concern")
{
    struct Case {
        std::string label;
        std::vector<std::string> wabas; ///< of the hook's accounts, whose numbers are 1, 2, …
        std::vector<std::string> told;
    };
    auto const c = GENERATE(values<Case>({
        {"its WABA", {"9900", "8800", "8800"}, {"2", "3"}},
        {"its WABA before those that name none", {"", "8800"}, {"2"}},
        {"those that name none", {"9900", "", ""}, {"2", "3"}},
        {"nobody's: the first", {"9900", "7700"}, {"1"}},
    }));
    INFO(c.label);
    CHECK(accounts_told(c.wabas) == c.told);
}

TEST_CASE("WhatsApp: what is told of a template of another WABA is recorded, and changes no list")
{
    test::ChannelScene const scene{"whatsapp"};
    test::Json const about{{"event", "DISABLED"}, {"message_template_id", "1"}, {"message_template_name", "a"}, {"message_template_language", "de"}};
    test::Json const change{{"field", "message_template_status_update"}, {"value", about}};
    for (std::string const& waba : {scene.account().settings.at("waba_id"), std::string{"5500"}}) {
        test::Json const entry{{"id", waba}, {"time", 1795267200}, {"changes", test::Json::array({change})}};
        test::Json const body{{"object", "whatsapp_business_account"}, {"entry", test::Json::array({entry})}};
        auto const hook = scene.hook();
        auto const webhook = channel::VerifiedWebhook::check(scene.adapter(), hook, scene.webhook(body.dump()), scene.received_at());
        REQUIRE(webhook.has_value());
        auto const intake = scene.adapter().parse(hook, *webhook, scene.received_at());
        REQUIRE(intake.has_value());
        REQUIRE_FALSE(intake->events.empty());
        for (auto const& event : intake->events)
            CHECK(std::get<ChannelNotice>(event.body).about_template.has_value() == (waba != "5500"));
    }
}
