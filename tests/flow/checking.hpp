#pragma once

#include "world.hpp"

#include "deskbridge/flow/health.hpp"
#include "deskbridge/store/account.hpp"
#include "deskbridge/store/account_health.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace deskbridge::test {

inline HttpResponse answer(nlohmann::json const& body, int status = 200)
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
                                            world.log, world.metrics, [] { return std::uint64_t{7}; }, budget});
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
    void webhook_says(std::string const& field, nlohmann::json value)
    {
        nlohmann::json const entry{{"id", waba_id}, {"time", to_ms(world.now()) / 1000},
                         {"changes", nlohmann::json::array({nlohmann::json{{"field", field}, {"value", std::move(value)}}})}};
        nlohmann::json const hook{{"object", "whatsapp_business_account"}, {"entry", nlohmann::json::array({entry})}};
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
    nlohmann::json number{{"id", "1"}, {"quality_rating", "GREEN"}, {"status", "CONNECTED"}};
    std::optional<HttpResponse> instead; ///< of every answer
    std::string unticked; ///< of the app's fields of webhooks
    std::string hook_answer{"0000000000000007"};
    std::vector<std::string> asked;
    flow::CallBudget budget;

private:
    net::Answer answer_to(std::string const& target)
    {
        if (target.starts_with("https://desk.test"))
            return HttpResponse{200, {}, hook_answer};
        if (instead)
            return *instead;
        if (target.find("debug_token") != std::string::npos)
            return answer({{"data", {{"app_id", "5"}, {"is_valid", true}, {"expires_at", 0}}}});
        if (target.find("/subscribed_apps") != std::string::npos)
            return answer({{"data", nlohmann::json::array({nlohmann::json{{"whatsapp_business_api_data", {{"id", "5"}}}}})}});
        if (target.find("/subscriptions") != std::string::npos)
            return answer({{"data", nlohmann::json::array({app_subscription()})}});
        return answer(number);
    }
    nlohmann::json app_subscription() const
    {
        auto fields = nlohmann::json::array();
        for (std::string const name :
             {"messages", "user_id_update", "user_preferences", "message_template_status_update", "message_template_quality_update",
              "message_template_components_update", "template_category_update", "account_update", "account_review_update", "account_alerts",
              "business_capability_update", "phone_number_quality_update", "phone_number_name_update", "security"})
            if (name != unticked)
                fields.push_back({{"name", name}, {"version", "v25.0"}});
        return {{"object", "whatsapp_business_account"}, {"callback_url", "https://desk.test/hooks/meta"}, {"active", true}, {"fields", fields}};
    }
    std::function<net::Answer(HttpRequest const&)> otherwise_;
    std::optional<flow::Health> health_;
};

} // namespace deskbridge::test
