#pragma once

#include "world.hpp"

#include "deskbridge/channel/registry.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace deskbridge::test {

inline constexpr auto group = "-4242";
inline constexpr auto supergroup = "-1001234567890";

/// A bot on Telegram beside the world's numbers, and Telegram's answers.
class Bot {
public:
    explicit Bot(std::string const& updates = "webhook")
    {
        auto context = std::make_unique<channel::AccountContext>();
        context->adapter = deskbridge::channel::find_adapter("telegram");
        context->hook = "bot";
        context->account.name = "bot";
        context->account.settings = {{"bot_id", "7001"}, {"api_base", "https://telegram.test"}, {"updates", updates}};
        context->account.secrets = {{"bot_token", {"7001:AAtest-token"}}, {"webhook_secret", {"a-word-of-ours"}}};
        context->adapter->identify(context->account);
        context->policy.name = "bot";
        context->policy.brand = "acme";
        context->policy.settings_version = "test";
        world.accounts.push_back(std::move(context));
        world.transport.otherwise = [this](HttpRequest const& request) { return answer(request); };
    }

    HttpResponse deliver(std::string const& kind, nlohmann::json node)
    {
        HttpRequest request{"POST", "/hooks/bot", {{"Content-Type", "application/json"}, {"X-Telegram-Bot-Api-Secret-Token", "a-word-of-ours"}},
                            update(kind, std::move(node)).dump()};
        auto response = world.deliver(std::move(request), "bot");
        world.settle();
        return response;
    }

    [[nodiscard]] nlohmann::json update(std::string const& kind, nlohmann::json node)
    {
        return {{"update_id", ++updates_}, {kind, std::move(node)}};
    }

    /// Ana, in private or in a group.
    [[nodiscard]] nlohmann::json message(std::string const& text, std::string const& chat = "6001")
    {
        nlohmann::json const type = chat == "6001" ? "private" : chat == group ? "group" : "supergroup";
        return {{"message_id", ++messages_},
                {"from", {{"id", 6001}, {"is_bot", false}, {"first_name", "Ana"}}},
                {"chat", {{"id", std::stoll(chat)}, {"type", type}}},
                {"date", to_ms(world.now()) / 1000},
                {"text", text}};
    }
    void says(std::string const& text, std::string const& chat = "6001") { CHECK(deliver("message", message(text, chat)).status == 200); }

    /// The text of the last message that left.
    [[nodiscard]] nlohmann::json last() const { return world.transport.asked.empty() ? nlohmann::json{} : nlohmann::json::parse(world.transport.asked.back().body); }

    World world;

private:
    net::Answer answer(HttpRequest const& request)
    {
        if (request.target.ends_with("/getUpdates"))
            return HttpResponse{200, {{"Content-Type", "application/json"}}, R"({"ok":true,"result":[]})"};
        auto const asked = nlohmann::json::parse(request.body);
        nlohmann::json const result{{"message_id", ++messages_}, {"chat", {{"id", asked.at("chat_id")}}}};
        return HttpResponse{200, {{"Content-Type", "application/json"}}, nlohmann::json{{"ok", true}, {"result", result}}.dump()};
    }

    int updates_{0};
    int messages_{0};
};

/// Rows of a query, joined.
inline std::string rows(World& world, char const* sql)
{
    return world.store.read([sql](store::Reading& reading) {
        auto q = reading.prepare(sql);
        std::string out;
        while (q.step())
            out += (out.empty() ? "" : ", ") + q.text(0);
        return out;
    });
}

} // namespace deskbridge::test
