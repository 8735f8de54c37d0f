#include "bot.hpp"

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr auto groups = "SELECT group_external_id || ' ' || (SELECT count(*) FROM message m WHERE m.conversation_id = c.conversation_id) "
                        "FROM conversation c WHERE group_external_id IS NOT NULL ORDER BY conversation_id";

} // namespace

TEST_CASE("Telegram: a matter is acknowledged, and a link with its reference tells how it stands")
{
    Bot bot;
    bot.says("My parcel has not arrived at all");
    bot.world.pass(30s);
    REQUIRE(bot.world.transport.asked.size() == 1);
    CHECK(bot.world.transport.asked[0].target == "https://telegram.test/bot7001:AAtest-token/sendMessage");
    CHECK(bot.last().at("chat_id") == 6001);
    auto const reference = rows(bot.world, "SELECT reference FROM ticket");
    bot.world.pass(1h);
    bot.says("/start " + reference.substr(0, 4) + "-" + reference.substr(4));
    CHECK(rows(bot.world, "SELECT command FROM message WHERE command <> ''") == "status");
    REQUIRE(bot.world.transport.asked.size() == 2);
    CHECK(bot.last().at("text").get<std::string>().find(reference.substr(4)) != std::string::npos);
    CHECK(rows(bot.world, "SELECT count(*) FROM ticket") == "1");
    bot.says("/start spring-campaign");
    CHECK(rows(bot.world, "SELECT count(*) FROM ticket") == "1");
    for (auto const& line : bot.world.log.lines)
        CHECK(line.find("AAtest-token") == std::string::npos);
}

TEST_CASE("Telegram: a tap is answered with a call of its API, when it is stored")
{
    Bot bot;
    auto tap = [](std::string const& id) { return json{{"id", id}, {"from", {{"id", 6001}, {"first_name", "Ana"}}}, {"data", "db.do.status"}}; };
    auto const response = bot.deliver("callback_query", tap("77"));
    CHECK(response.status == 200);
    CHECK(response.headers.find("Content-Type") == "application/json");
    CHECK(json::parse(response.body) == json{{"method", "answerCallbackQuery"}, {"callback_query_id", "77"}});
    CHECK(rows(bot.world, "SELECT external_id FROM message WHERE direction = 'in'") == "callback:77");
    bot.world.store.write([](store::Tx& tx) {
        tx.prepare("CREATE TRIGGER sick BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'sick'); END").run();
    });
    auto const refused = bot.deliver("callback_query", tap("78"));
    CHECK(refused.status == 500);
    CHECK(refused.body.find("answerCallbackQuery") == std::string::npos);
}

TEST_CASE("Telegram: nothing proves what became of a lost answer, so an agent is asked")
{
    Bot bot;
    bot.world.policy("bot").acknowledge = false;
    bot.says("My parcel has not arrived at all");
    bot.world.transport.script = {net::NoAnswer{net::NoAnswer::Written::all, "reset"}};
    bot.world.perform("ben", desk::Reply{.ticket = "1", .text = "it left today", .client_key = "a"});
    constexpr auto state = "SELECT state || ' ' || attempts FROM intent WHERE class = 'agent'";
    CHECK(rows(bot.world, state) == "unknown 1");
    bot.world.pass(1h);
    CHECK(rows(bot.world, state) == "held 1");
}

TEST_CASE("Telegram: a file that an edit put in another's place is kept beside it")
{
    Bot bot;
    auto photo = bot.message("");
    photo.erase("text");
    photo["caption"] = "The crack";
    photo["photo"] = json::array({{{"file_id", "photo-1"}, {"file_unique_id", "u1"}, {"width", 90}, {"height", 90}}});
    CHECK(bot.deliver("message", photo).status == 200);
    photo["edit_date"] = photo["date"].get<std::int64_t>() + 5;
    photo["caption"] = "The crack, nearer";
    CHECK(bot.deliver("edited_message", photo).status == 200);
    CHECK(rows(bot.world, "SELECT external_id FROM media ORDER BY position") == "photo-1"); // the same file, other words
    photo["edit_date"] = photo["date"].get<std::int64_t>() + 9;
    photo["photo"][0]["file_id"] = "photo-2";
    CHECK(bot.deliver("edited_message", photo).status == 200);
    CHECK(bot.deliver("edited_message", photo).status == 200);
    CHECK(rows(bot.world, "SELECT external_id FROM media ORDER BY position") == "photo-1, photo-2");
    CHECK(rows(bot.world, "SELECT text FROM message WHERE direction = 'in'") == "The crack, nearer");
    CHECK(rows(bot.world, "SELECT state FROM media ORDER BY position") == "recorded, recorded");
}

TEST_CASE("Telegram: a group keeps its chat when it gets another id")
{
    struct Case {
        std::string label;
        std::vector<std::string> before; ///< in which chat somebody writes
        std::string groups;
    };
    auto const c = GENERATE(values<Case>({
        {"known by the old id", {group}, "-1001234567890 3"},
        {"by both, for a message came first", {group, supergroup}, "-4242 0, -1001234567890 4"},
        {"by the new one alone", {supergroup}, "-1001234567890 3"},
        {"not at all", {}, "-1001234567890 1"},
    }));
    INFO(c.label);
    Bot bot;
    for (auto const& chat : c.before)
        bot.says("hello", chat);
    auto told = bot.message("", group);
    told.erase("text");
    told["migrate_to_chat_id"] = std::stoll(supergroup);
    CHECK(bot.deliver("message", told).status == 200);
    auto again = bot.message("", supergroup);
    again.erase("text");
    again["migrate_from_chat_id"] = std::stoll(group);
    CHECK(bot.deliver("message", again).status == 200);
    bot.says("still here", supergroup);
    CHECK(rows(bot.world, groups) == c.groups);
    CHECK(rows(bot.world, "SELECT count(*) FROM shelf") == "0");
}
