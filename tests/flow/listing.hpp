#pragma once

#include "world.hpp"

#include "deskbridge/flow/templates.hpp"
#include "deskbridge/store/template.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace deskbridge::test {

inline nlohmann::json listed(std::string const& name, std::string const& status = "APPROVED", std::string const& text = "Hello {{1}}")
{
    return {{"id", "id-" + name}, {"name", name}, {"language", "en"}, {"status", status}, {"category", "UTILITY"},
            {"components", nlohmann::json::array({nlohmann::json{{"type", "BODY"}, {"text", text}}})}};
}

inline HttpResponse page(nlohmann::json data, std::string const& after = {})
{
    nlohmann::json body{{"data", std::move(data)}};
    if (!after.empty())
        body["paging"] = {{"cursors", {{"after", after}}}, {"next", "https://x"}};
    return {200, {{"Content-Type", "application/json"}}, body.dump()};
}

inline HttpResponse refusal(int code)
{
    return {code == 190 ? 401 : 400, {}, nlohmann::json{{"error", {{"code", code}, {"message", "token test-token is bad"}}}}.dump()};
}

/// The world's numbers and their lists of templates.
class Listing {
public:
    Listing()
    {
        for (auto const& context : world.accounts)
            if (context->account.name != "support")
                context->account.settings.erase("waba_id");
        own().account.settings["waba_id"] = waba_id;
        otherwise_ = world.transport.otherwise;
        world.transport.otherwise = [this](HttpRequest const& request) -> net::Answer {
            if (request.target.find("/message_templates") == std::string::npos)
                return otherwise_(request);
            asked.push_back(request.target);
            if (on_list)
                on_list();
            auto answer = answers.empty() ? net::Answer{page(nlohmann::json::array())} : net::Answer{answers.front()};
            if (answers.size() > 1)
                answers.erase(answers.begin());
            return answer;
        };
    }

    channel::AccountContext& own()
    {
        for (auto const& context : world.accounts)
            if (context->account.name == "support")
                return *context;
        throw std::runtime_error{"no such account"};
    }
    Timestamp look()
    {
        (void)world.intake(); // the accounts have their rows
        if (!templates_)
            restart();
        return world.run(templates_->sync_due());
    }
    /// A new process, as far as lists go.
    void restart()
    {
        templates_.emplace(flow::Templates::Parts{world.io, *world.store, world.transport, world.clock, world.accounts, world.log,
                                                  world.metrics, [] { return std::uint64_t{0}; }, budget});
    }
    store::TemplateList stands()
    {
        return world.store.read([&](store::Reading& r) { return store::find_template_list(r, own().id); }).value_or(store::TemplateList{});
    }
    std::string names()
    {
        store::TemplateQuery const query{own().id, {}, 0, 200};
        std::string out;
        for (auto const& row : world.store.read([&](store::Reading& r) { return store::list_templates(r, query); }))
            out += (out.empty() ? "" : " ") + row.as.name + ":" + row.as.status;
        return out;
    }
    /// Meta says something about the template `reply`.
    void webhook_says(std::string const& field, nlohmann::json value)
    {
        value.update({{"message_template_id", "id-reply"}, {"message_template_name", "reply"}, {"message_template_language", "en"}});
        nlohmann::json const entry{{"id", waba_id}, {"time", to_ms(world.now()) / 1000},
                                   {"changes", nlohmann::json::array({nlohmann::json{{"field", field}, {"value", std::move(value)}}})}};
        nlohmann::json const hook{{"object", "whatsapp_business_account"}, {"entry", nlohmann::json::array({entry})}};
        CHECK(world.deliver(hook.dump()).status == 200);
    }

    World world;
    std::vector<HttpResponse> answers; ///< the last one answers everything after it
    std::vector<std::string> asked;
    std::function<void()> on_list;

private:
    std::function<net::Answer(HttpRequest const&)> otherwise_;
    std::optional<flow::Templates> templates_;
    flow::CallBudget budget;
};

} // namespace deskbridge::test
