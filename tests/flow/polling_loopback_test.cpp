#include "bot.hpp"

#include "deskbridge/flow/poller.hpp"
#include "deskbridge/net/http_server.hpp"

#include <boost/asio/this_coro.hpp>

#include <functional>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace asio = boost::asio;

namespace {

/// Telegram's getUpdates on this machine: keeps an update until a question begins behind it, and a question while there is none.
class BotApi {
public:
    explicit BotApi(World& world) : came_{world.io.get_executor()}, server_{world.io, routes(), {}, world.log, world.metrics}
    {
        port_ = *server_.listen({.address = "127.0.0.1:0"});
    }

    void has(json update)
    {
        updates.push_back(std::move(update));
        came_.ring();
    }
    [[nodiscard]] std::string address() const { return "http://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] asio::awaitable<void> stop()
    {
        came_.ring(); // a question that is kept ends
        return server_.stop(1s);
    }

    std::vector<json> calls;     ///< of other methods
    bool webhook_is_set{false};
    std::vector<json> updates;   ///< not acknowledged

private:
    std::vector<net::Route> routes()
    {
        net::Handler const ask = [this](net::Request& request) { return get_updates(request); };
        net::Handler const other = [this](net::Request& request) -> asio::awaitable<net::Reply> {
            calls.push_back(json::parse(request.http.body));
            co_return answer(200, {{"ok", true}, {"result", true}});
        };
        return {{"POST", "/bot7001:AAtest-token/getUpdates", ask, 4096},
                {"POST", "/bot7001:AAtest-token/answerCallbackQuery", other, 4096}};
    }

    asio::awaitable<net::Reply> get_updates(net::Request& request)
    {
        if (webhook_is_set)
            co_return answer(409, {{"ok", false}, {"error_code", 409}, {"description", "Conflict: can't use getUpdates method while webhook is active"}});
        auto const offset = json::parse(request.http.body).value("offset", 0);
        std::erase_if(updates, [offset](json const& update) { return update.at("update_id") < offset; });
        if (updates.empty())
            co_await came_.wait(50s);
        co_return answer(200, {{"ok", true}, {"result", updates}});
    }

    static net::Reply answer(int status, json const& body)
    {
        return HttpResponse{status, {{"Content-Type", "application/json"}}, body.dump()};
    }

    async::Bell came_;
    net::HttpServer server_;
    std::uint16_t port_{0};
};

/// Runs everything until that is so.
void until(World& world, std::function<bool()> const& so)
{
    auto wait = [&]() -> asio::awaitable<bool> {
        async::Bell pause{co_await asio::this_coro::executor};
        while (!so())
            co_await pause.wait(5ms);
        co_return true;
    };
    CHECK(world.run(wait()));
}

} // namespace

TEST_CASE("polling: over sockets, against a stand-in of the Bot API")
{
    Bot bot{"poll"};
    auto& world = bot.world;
    BotApi api{world};
    api.webhook_is_set = true;
    world.accounts.back()->account.settings["api_base"] = api.address();
    net::HttpClient client{world.io, {}, world.log};
    flow::Poller poller{{world.io, client, world.intake(), world.clock, world.accounts, world.log, [] { return std::uint64_t{0}; }, {}}};
    async::TaskGroup tasks{world.io, world.log};
    tasks.spawn("poller", poller.run());

    until(world, [&] { return world.log.has("reason=Telegram delivers to a webhook"); });
    api.has(bot.update("message", bot.message("one")));
    api.webhook_is_set = false;
    until(world, [&] { return api.updates.empty(); }); // acknowledged
    CHECK(rows(world, "SELECT text FROM message WHERE direction = 'in'") == "one");
    api.has(bot.update("callback_query", {{"id", "77"}, {"from", {{"id", 6001}, {"first_name", "Ana"}}}, {"data", "db.do.status"}}));
    until(world, [&] { return api.updates.empty() && !api.calls.empty(); });
    CHECK(api.calls.at(0) == json{{"callback_query_id", "77"}});
    CHECK(rows(world, "SELECT external_id FROM message WHERE direction = 'in' AND kind = 'button'") == "callback:77");

    tasks.cancel();
    auto stopped = [&]() -> asio::awaitable<bool> {
        co_await tasks.join();
        co_await api.stop();
        co_return true;
    };
    auto const lines = world.log.lines.size();
    CHECK(world.run(stopped())); // in the midst of a question
    CHECK(world.log.lines.size() == lines);
}
