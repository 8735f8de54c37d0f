#include "bot.hpp"

#include "deskbridge/flow/poller.hpp"

#include <limits>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr auto sick_journal = "CREATE TRIGGER sick BEFORE INSERT ON journal WHEN (SELECT count(*) FROM journal) >= ";
constexpr auto then_fail = " BEGIN SELECT RAISE(ABORT, 'sick'); END";

/// A bot that asks for its updates.
class Asking : public Bot {
public:
    Asking() : Bot{"poll"} {}

    /// One question; how long it wants to rest then.
    std::chrono::seconds ask()
    {
        if (!poller_)
            poller_.emplace(flow::Poller::Parts{world.io, world.transport, world.intake(), world.clock, world.accounts, world.log,
                                                [] { return std::uint64_t{0}; }, {}});
        auto const rest = world.run(poller_->ask_each_once());
        world.settle();
        return rest;
    }

    void waits(json updates) { world.transport.script.emplace_back(answer_of({{"ok", true}, {"result", std::move(updates)}})); }
    static HttpResponse answer_of(json body, int status = 200) { return {status, {{"Content-Type", "application/json"}}, body.dump()}; }

    /// The offset of the latest question; 0: it had none.
    [[nodiscard]] std::int64_t offset() const
    {
        for (auto at = world.transport.asked.rbegin(); at != world.transport.asked.rend(); ++at)
            if (at->target.ends_with("/getUpdates"))
                return json::parse(at->body).value("offset", std::int64_t{0});
        return -1;
    }
    void store_takes(int bodies)
    {
        world.store.write([&](store::Tx& tx) { tx.prepare((sick_journal + std::to_string(bodies) + then_fail).c_str()).run(); });
    }
    void store_heals()
    {
        world.store.write([](store::Tx& tx) { tx.prepare("DROP TRIGGER sick").run(); });
    }

private:
    std::optional<flow::Poller> poller_;
};

constexpr auto texts = "SELECT text FROM message WHERE direction = 'in' ORDER BY message_id";

} // namespace

TEST_CASE("polling: what is no update is put on the shelf, and acknowledges nothing by itself")
{
    Asking bot;
    auto const good = bot.update("message", bot.message("one"));
    bot.waits(json::array({nullptr, 5, json{{"update_id", "x"}}, good, json::object()}));
    CHECK(bot.ask() == 0s);
    CHECK(rows(bot.world, texts) == "one");
    CHECK(bot.world.number_of("SELECT count(*) FROM shelf") == 4);
    (void)bot.ask();
    CHECK(bot.offset() == good.at("update_id").get<std::int64_t>() + 1);

    bot.waits(json::array({json::object()})); // where to go on?
    CHECK(bot.ask() > 0s);
    CHECK(bot.world.log.has("poll_failed account=bot reason=Telegram answered with updates that have no usable update_id attempt=1"));
    CHECK(bot.world.number_of("SELECT count(*) FROM shelf") == 4);

    auto endless = bot.update("message", bot.message("two"));
    endless["update_id"] = std::numeric_limits<std::int64_t>::max();
    bot.waits(json::array({bot.update("message", bot.message("three")), endless}));
    (void)bot.ask();
    (void)bot.ask();
    CHECK(bot.offset() > 0);
}

TEST_CASE("polling: what was fetched is acknowledged when it is stored, and not before")
{
    Asking bot;
    auto const updates = json::array({bot.update("message", bot.message("one")), bot.update("message", bot.message("two")),
                                      bot.update("message", bot.message("three"))});
    bot.waits(updates);
    bot.store_takes(1);
    CHECK(bot.ask() > 0s);
    CHECK(bot.offset() == 0);
    CHECK(rows(bot.world, texts) == "one");
    CHECK(bot.world.log.has("poll_failed account=bot reason=what came could not be taken in (status 500) attempt=1"));
    bot.store_heals();
    bot.waits(json::array({updates[1], updates[2]}));
    CHECK(bot.ask() == 0s);
    CHECK(bot.offset() == 2); // the second has not been acknowledged, so it comes again
    CHECK(bot.world.log.has("poll_works_again account=bot"));
    CHECK(bot.ask() > 0s); // nothing there
    CHECK(bot.offset() == 4);
    CHECK(rows(bot.world, texts) == "one, two, three");
}

TEST_CASE("polling: a process that begins again asks for whatever was never acknowledged, and knows what it has")
{
    Asking bot;
    auto const one = bot.update("message", bot.message("one"));
    bot.waits(json::array({one}));
    CHECK(bot.ask() == 0s);
    flow::Poller next{{bot.world.io, bot.world.transport, bot.world.intake(), bot.world.clock, bot.world.accounts, bot.world.log,
                       [] { return std::uint64_t{0}; }, {}}};
    bot.waits(json::array({one, bot.update("message", bot.message("two"))}));
    (void)bot.world.run(next.ask_each_once());
    CHECK(bot.offset() == 0);
    CHECK(rows(bot.world, texts) == "one, two");
}

TEST_CASE("polling: a tap is answered by a call, once it is stored")
{
    Asking bot;
    auto const tap = bot.update("callback_query", {{"id", "77"}, {"from", {{"id", 6001}, {"first_name", "Ana"}}}, {"data", "db.do.status"}});
    auto const calls = [&] {
        return std::count_if(bot.world.transport.asked.begin(), bot.world.transport.asked.end(), [](HttpRequest const& request) {
            return request.target == "https://telegram.test/bot7001:AAtest-token/answerCallbackQuery" &&
                   json::parse(request.body) == json{{"callback_query_id", "77"}};
        });
    };
    bot.waits(json::array({tap}));
    bot.store_takes(0);
    (void)bot.ask();
    CHECK(calls() == 0);
    bot.store_heals();
    bot.waits(json::array({tap}));
    bot.world.transport.script.emplace_back(Asking::answer_of({{"ok", true}, {"result", true}}));
    (void)bot.ask();
    CHECK(calls() == 1);
}

TEST_CASE("polling: what goes wrong is told, and asked again later from where it was")
{
    struct Case {
        std::string label;
        ScriptedTransport::Line line;
        std::string reason;
        std::chrono::seconds rest; ///< at least
    };
    auto const refusal = [](int code, std::string const& description, json parameters = json::object()) {
        return Asking::answer_of({{"ok", false}, {"error_code", code}, {"description", description}, {"parameters", parameters}}, code);
    };
    auto const c = GENERATE_COPY(values<Case>({
        {"a webhook is set", refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"),
         "Telegram delivers to a webhook: call deleteWebhook first", 60s},
        {"somebody else asks", refusal(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"),
         "another program asks for this bot's updates", 30s},
        {"too fast", refusal(429, "Too Many Requests: retry after 17", {{"retry_after", 17}}), "Too Many Requests: retry after 17 (error 429)", 17s},
        {"the token is refused", refusal(401, "Unauthorized"), "Unauthorized (error 401)", 1s},
        {"words that quote the token", refusal(400, "bad path /bot7001:AAtest-token/x"), "bad path /bot[secret]/x (error 400)", 1s},
        {"a gateway", HttpResponse{502, {}, "<html>"}, "an answer (HTTP 502) that is not Telegram's", 1s},
        {"cut off", HttpResponse{200, {}, "{\"ok\":true,\"result\":[{"}, "an answer (HTTP 200) that is not Telegram's", 1s},
        {"no connection", ScriptedTransport::NoConnection{}, "connection refused", 1s},
        {"no answer", net::NoAnswer{net::NoAnswer::Written::all, "reset"}, "reset", 1s},
    }));
    INFO(c.label);
    Asking bot;
    bot.waits(json::array({bot.update("message", bot.message("one"))}));
    CHECK(bot.ask() == 0s);
    bot.world.transport.script.push_back(c.line);
    CHECK(bot.ask() >= c.rest);
    CHECK(bot.world.log.has("poll_failed account=bot reason=" + c.reason));
    (void)bot.ask();
    CHECK(bot.offset() == 2);
    for (auto const& line : bot.world.log.lines)
        CHECK(line.find("AAtest-token") == std::string::npos);
}

TEST_CASE("polling: without a token, or with another bot's, nothing is asked, and that is told")
{
    Asking bot;
    bot.world.accounts.back()->account.secrets["bot_token"] = {"7002:AAother"};
    CHECK(bot.ask() > 0s);
    CHECK(bot.offset() == -1);
    CHECK(bot.world.log.has("poll_failed account=bot reason=the account cannot ask"));
    bot.world.accounts.back()->account.secrets["bot_token"] = {"7001:AAtest-token"};
    (void)bot.ask();
    CHECK(bot.offset() == 0);
}

TEST_CASE("polling: accounts whose webhooks are delivered are not asked")
{
    Bot bot;
    flow::Poller poller{{bot.world.io, bot.world.transport, bot.world.intake(), bot.world.clock, bot.world.accounts, bot.world.log,
                         [] { return std::uint64_t{0}; }, {}}};
    (void)bot.world.run(poller.ask_each_once());
    CHECK(bot.world.transport.asked.empty());
}
