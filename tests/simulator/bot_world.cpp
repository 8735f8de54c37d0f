#include "bot_world.hpp"

#include <catch2/catch.hpp>

namespace deskbridge::test {

using simulator::at;
using simulator::int_at;
using simulator::items;
using simulator::parse_json;
using simulator::text_at;

BotWorld::BotWorld(bool with_number)
{
    options.telegram_token = token;
    options.telegram_per_second = 10'000;
    if (!with_number) {
        options.hook_url.clear();
        options.app_secret.clear();
        options.verify_token.clear();
        options.access_token.clear();
    }
    start();
}

HttpResponse BotWorld::raw(std::string const& method, std::string const& path, std::string body, std::string type)
{
    HttpRequest request;
    request.method = method;
    request.target = base + "/telegram/bot" + token + path;
    if (!type.empty())
        request.headers.add("Content-Type", std::move(type));
    request.body = std::move(body);
    auto const answer = ask(request, std::chrono::seconds{20});
    auto const* response = std::get_if<HttpResponse>(&answer);
    REQUIRE(response);
    return *response;
}

Json BotWorld::call(std::string const& method, Json const& parameters)
{
    auto const response = raw("POST", "/" + method, parameters.dump(), "application/json");
    auto const body = parse_json(response.body);
    INFO(method << ": " << response.status << " " << response.body);
    REQUIRE(body.has_value());
    CHECK(body->value("ok", false) == (response.status == 200));
    return *body;
}

Json BotWorld::result(std::string const& method, Json const& parameters)
{
    auto const answer = call(method, parameters);
    INFO(method << ": " << answer.dump());
    REQUIRE(answer.contains("result"));
    return answer.at("result");
}

std::string BotWorld::refusal(std::string const& method, Json const& parameters)
{
    auto const answer = call(method, parameters);
    if (answer.value("ok", false))
        return {};
    return std::to_string(answer.value("error_code", 0)) + " " + answer.value("description", "");
}

Json BotWorld::order(std::string const& path, Json const& order)
{
    return control("POST", "/sim/telegram" + path, order);
}

Json BotWorld::person(std::string const& name)
{
    return order("/people", {{"first_name", name}});
}

Json BotWorld::says(Json const& person, std::string const& text)
{
    return order("/people/" + std::to_string(id_of(person)) + "/messages", {{"text", text}});
}

Json BotWorld::updates()
{
    auto const waiting = result("getUpdates");
    if (!waiting.empty())
        (void)result("getUpdates", {{"offset", waiting.back().at("update_id").get<std::int64_t>() + 1}});
    return waiting;
}

std::string BotWorld::posted_kinds() const
{
    std::string kinds;
    for (auto const& webhook : posted) {
        auto const body = parse_json(webhook.body);
        REQUIRE(body.has_value());
        for (auto const& [name, value] : body->items())
            if (name != "update_id")
                kinds += (kinds.empty() ? "" : " ") + name;
    }
    return kinds;
}

std::vector<Json> BotWorld::rows(std::string const& kind)
{
    std::vector<Json> found;
    auto const ledger = control("GET", "/sim/telegram/ledger?limit=10000");
    for (auto const& row : items(at(ledger, {"rows"})))
        if (text_at(row, {"kind"}) == kind)
            found.push_back(row);
    return found;
}

std::int64_t id_of(Json const& object, char const* member)
{
    return int_at(object, {member}).value_or(0);
}

} // namespace deskbridge::test
