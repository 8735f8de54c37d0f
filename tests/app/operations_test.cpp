#include "command_line.hpp"

#include "forked.hpp"
#include "support/scratch_folder.hpp"

#include "deskbridge/core/log.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/store/account.hpp"
#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/conversation.hpp"
#include "deskbridge/store/epoch.hpp"
#include "deskbridge/store/journal.hpp"
#include "deskbridge/store/outbox_pump.hpp"
#include "deskbridge/store/shelf.hpp"
#include "deskbridge/store/ticket.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>

using namespace deskbridge;
using nlohmann::json;

namespace {

constexpr auto config_text = R"([server]
listen = "127.0.0.1:0"
public_url = "https://desk.example.org"
socket = "s"
[store]
path = "d.db"
[[account]]
name = "support"
channel = "whatsapp"
phone_number_id = "700100200300400"
api_base = "http://127.0.0.1:9"
app_secret = { file = "secret" }
access_token = { file = "secret" }
verify_token = { file = "secret" }
)";

constexpr auto webhook = R"({"object":"whatsapp_business_account","entry":[{"id":"88","changes":[{"field":"messages","value":{
"messaging_product":"whatsapp","metadata":{"display_phone_number":"1","phone_number_id":"700100200300400"},
"contacts":[{"profile":{"name":"Mara"},"wa_id":"4915112345678"}],
"messages":[{"from":"4915112345678","id":"wamid.X","timestamp":"1795267200","type":"text","text":{"body":"hello"}}]}}]}]})";

Timestamp now()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// One operator's machine: a daemon with one account, which is paused, and what lies in its outbox and on its shelf.
class Machine {
public:
    Machine()
    {
        config = folder.write("d.toml", config_text).string();
        socket = (folder.path() / "s").string();
        std::filesystem::permissions(folder.write("secret", "hunter2"), std::filesystem::perms{0600});
        start();
        REQUIRE(run({"outbox", "pause", "support", "--reason", "incident 4711"}).status == app::exit_ok);
        CHECK(stop() == 0);
        fill();
        start();
    }

    void start()
    {
        daemon = std::make_unique<test::ForkedDaemon>(config, socket);
        REQUIRE(daemon->answers());
    }

    int stop() { return daemon->stop(); }

    test::Ran run(std::vector<std::string> words)
    {
        words.insert(words.end(), {"--socket", socket});
        return test::run({std::move(words)});
    }

    /// What it tells, line by line; it must have succeeded.
    std::vector<json> told(std::vector<std::string> const& words)
    {
        auto const ran = run(words);
        INFO(ran.said);
        CHECK(ran.status == app::exit_ok);
        return lines(ran.told);
    }

    static std::vector<json> lines(std::string const& text)
    {
        std::vector<json> out;
        for (std::size_t from = 0; from < text.size();) {
            auto const end = text.find('\n', from);
            out.push_back(json::parse(text.substr(from, end - from)));
            from = end + 1;
        }
        return out;
    }

    test::ScratchFolder folder;
    std::string config;
    std::string socket;
    std::unique_ptr<test::ForkedDaemon> daemon;
    MessageId accepted{};
    MessageId refused{};
    MessageId doubtful{};
    MessageId waiting{};

private:
    struct Place {
        ConversationId conversation;
        TicketId ticket;
        AccountId account;
        std::int64_t epoch{0};
    };

    static Place place(store::Tx& tx)
    {
        Place place;
        place.account = store::load_accounts(tx).front().id;
        auto const contact = store::insert_contact(tx, "Maria", "", now());
        place.conversation = store::insert_conversation(tx, place.account, contact, now());
        store::set_address(tx, place.conversation, {"wa_id", "4915100000000"});
        store::raise_window(tx, place.conversation, now());
        store::Ticket ticket;
        ticket.reference = "48219376";
        ticket.conversation = place.conversation;
        ticket.status = TicketStatus::open;
        ticket.opened_at = ticket.last_activity = ticket.last_step_at = now();
        place.ticket = store::insert_ticket(tx, ticket);
        place.epoch = store::begin_epoch(tx, now()).number;
        return place;
    }

    static MessageId queue(store::Tx& tx, Place const& place, std::string const& text)
    {
        store::Outgoing out;
        out.conversation = place.conversation;
        out.ticket = place.ticket;
        out.account = place.account;
        out.actor = {ActorKind::agent, 0};
        out.shown.text = text;
        out.parts = {out.shown};
        out.now = now();
        return store::queue_message(tx, out);
    }

    static MessageId sent(store::Tx& tx, Place const& place, std::string const& text, Outcome const& outcome)
    {
        auto const message = queue(tx, place, text);
        auto const begun = store::begin_attempt(tx, {store::intents_of(tx, message).front().id, text, place.epoch, now()}, {});
        if (!std::holds_alternative<store::AttemptBegun>(begun))
            throw store::Rollback{{Fault::conflict, "not its turn"}};
        (void)store::record_outcome(tx, text, outcome, {now(), 0, false});
        return message;
    }

    void fill()
    {
        NoLog log;
        Metrics metrics;
        auto opened = store::Store::open({.path = folder.path() / "d.db"}, log, metrics);
        REQUIRE(opened.has_value());
        auto const done = (*opened)->write_now([&](store::Tx& tx) {
            auto const where = place(tx);
            store::resume_account(tx, where.account, {}, now()); // attempts begin only where it sends
            accepted = sent(tx, where, "one", Accepted{{"wamid.1"}, {}});
            refused = sent(tx, where, "two", Refused{"no", Refused::Because::message, {131026, "Message undeliverable", ""}});
            doubtful = sent(tx, where, "three", Unknown{"no answer", {}});
            waiting = queue(tx, where, "four");
            store::pause_account(tx, where.account, {store::PausedBy::agent, "incident 4711", now()}, {});
            auto const journal = store::add_journal(tx, {"support", now(), webhook});
            store::put_on_shelf(tx, {journal, {}, "", store::ShelfReason::unreadable, "not understood then", now()});
            auto const junk = store::add_journal(tx, {"support", now(), "{"});
            store::put_on_shelf(tx, {junk, {}, "", store::ShelfReason::unreadable, "not JSON", now()});
            store::end_epoch(tx, where.epoch, now());
        });
        REQUIRE(done.has_value());
    }
};

std::string word(MessageId message)
{
    return std::to_string(message.value);
}

} // namespace

TEST_CASE("operations: an operator at the command line looks at the outbox and acts on it")
{
    Machine machine;
    auto const list = machine.told({"outbox", "ls"});
    REQUIRE(list.size() == 2);
    CHECK(list[0].at("message") == machine.waiting.value);
    CHECK(list[1].at("delivery") == "unknown");
    CHECK(machine.told({"outbox", "ls", "--state", "dead"}).at(0).at("message") == machine.refused.value);
    CHECK(machine.told({"outbox", "ls", "--state", "all", "--account", "support", "--limit", "3"}).size() == 3);
    CHECK(machine.run({"outbox", "ls", "--state", "lost"}).status == app::exit_usage);

    auto const shown = machine.told({"outbox", "show", word(machine.waiting)}).at(0);
    CHECK_THAT(shown.at("parts").at(0).at("stands").get<std::string>(), Catch::Contains("account support is paused since"));
    CHECK(machine.run({"outbox", "show", "9999"}).status == app::exit_not_found);

    auto const late = machine.run({"outbox", "cancel", word(machine.accepted)});
    CHECK(late.status == app::exit_conflict);
    CHECK_THAT(late.said, Catch::Contains("message " + word(machine.accepted) + " was accepted at ") && Catch::Contains("; nothing to cancel"));

    auto const twice = machine.run({"outbox", "retry", word(machine.doubtful)});
    CHECK(twice.status == app::exit_unknown);
    CHECK_THAT(twice.said, Catch::Contains("outbox resolve") && Catch::Contains("--confirm-duplicate"));
    CHECK(machine.told({"outbox", "resolve", word(machine.doubtful), "--sent"}).at(0).at("delivery") == "accepted");
    CHECK(machine.told({"outbox", "retry", word(machine.refused)}).at(0).at("delivery") == "queued");
    auto const both = machine.run({"outbox", "cancel", word(machine.waiting), word(machine.accepted)});
    CHECK(both.status == app::exit_partly);
    CHECK(machine.told({"outbox", "show", word(machine.waiting)}).at(0).at("delivery") == "cancelled");
}

TEST_CASE("operations: a pause outlives the daemon, and ends when somebody says so")
{
    Machine machine;
    auto const again = machine.run({"outbox", "pause", "support", "--reason", "more"});
    CHECK(again.status == app::exit_conflict);
    CHECK_THAT(again.said, Catch::Contains("is paused already since") && Catch::Contains("incident 4711"));
    CHECK(machine.stop() == 0);
    machine.start();
    CHECK(machine.run({"outbox", "pause", "support", "--reason", "more"}).status == app::exit_conflict);
    CHECK(machine.told({"outbox", "resume", "support"}).at(0).at("paused").is_null());
    CHECK(machine.run({"outbox", "resume", "support"}).status == app::exit_conflict);
    CHECK(machine.run({"outbox", "resume", "sales"}).status == app::exit_not_found);
}

TEST_CASE("operations: the shelf is looked at, tried, replayed and cleared at the command line")
{
    Machine machine;
    CHECK(machine.told({"shelf", "ls"}).size() == 2);
    CHECK(machine.told({"shelf", "show", "1"}).at(0).at("detail") == "not understood then");
    CHECK_THAT(machine.told({"shelf", "show", "1", "--body"}).at(0).at("body").get<std::string>(), Catch::Contains("hello"));

    auto const dry = machine.told({"shelf", "replay", "1", "--dry-run"}).at(0);
    CHECK(dry.at("applied") == 1);
    CHECK(machine.told({"shelf", "ls"}).size() == 2);
    CHECK(machine.told({"ticket", "ls"}).size() == 1);

    auto const all = machine.run({"shelf", "replay", "--all"});
    CHECK(all.status == app::exit_partly); // nobody can read the other one
    CHECK(machine.lines(all.told).size() == 2);
    CHECK_THAT(all.said, Catch::Contains("2 bodies: 1 event took effect"));
    CHECK(machine.told({"ticket", "ls"}).size() == 2);
    CHECK(machine.told({"shelf", "drop", "2", "--reason", "a test"}).at(0).at("resolution") == "dropped");
    CHECK(machine.told({"shelf", "ls"}).empty());
    CHECK(machine.told({"shelf", "ls", "--resolved"}).size() == 2);
    CHECK(machine.run({"shelf", "replay", "1"}).status == app::exit_conflict);
}

TEST_CASE("operations: bodies are replayed by account, time and number, and nothing happens twice")
{
    Machine machine;
    auto const dry = machine.run({"replay", "--account", "support", "--since", "1h", "--dry-run"});
    CHECK(dry.status == app::exit_partly);
    CHECK_THAT(dry.said, Catch::Contains("each tried by itself and undone: 1 event would take effect"));
    CHECK(machine.told({"ticket", "ls"}).size() == 1);
    CHECK(machine.told({"replay", "--journal", "1"}).at(0).at("applied") == 1);
    auto const again = machine.told({"replay", "--journal", "1"}).at(0);
    CHECK(again.at("known") == 1);
    CHECK(again.at("changes").empty());
    CHECK(machine.told({"ticket", "ls"}).size() == 2);
    CHECK(machine.told({"replay", "--all", "--until", "1h"}).empty());
    CHECK(machine.run({"replay", "--journal", "99"}).status == app::exit_not_found);
}

TEST_CASE("operations: accounts are listed, messages moved and put back, agents sent away, backups named wrongly")
{
    Machine machine;
    CHECK(machine.told({"account", "ls"}).at(0).at("paused").at("reason") == "incident 4711");
    CHECK(machine.told({"ticket", "show", "#1"}).at(0).at("number") == 1);
    auto const there = machine.run({"ticket", "move", word(machine.accepted), "#1"});
    CHECK(there.status == app::exit_conflict);
    CHECK(there.said == "error: the message is there already\n");
    CHECK(machine.run({"ticket", "undo", word(machine.accepted)}).status == app::exit_conflict);
    auto const apart = machine.told({"ticket", "split", "#1", word(machine.accepted), word(machine.refused)}).at(0);
    CHECK(apart.at("number") != 1);
    CHECK(machine.told({"ticket", "undo", word(machine.accepted)}).at(0).at("placements").back().at("rule") == "undo");
    CHECK(machine.run({"ticket", "split", "#1"}).status == app::exit_usage);
    CHECK(machine.told({"agent", "add", "Ana Prado"}).at(0).at("disabled_at").is_null());
    CHECK_FALSE(machine.told({"agent", "disable", "Ana Prado"}).at(0).at("disabled_at").is_null());
    CHECK_THAT(machine.run({"agent", "disable", "Rui"}).said, Catch::Contains("fix:   deskbridge agent ls"));

    auto const backup = machine.run({"db", "backup", (machine.folder.path() / "none" / "monday.db").string()});
    CHECK(backup.status == app::exit_usage);
    CHECK_THAT(backup.said, Catch::Contains("the daemon sees no directory") && Catch::Contains("\nfix:   name a file in a folder"));
    CHECK_THAT(machine.run({"outbox", "pause", "support", "--reason", ""}).said, Catch::StartsWith("error: ") && !Catch::Contains("/reason"));
    // What was done and could not be told is not to be done again.
    auto const ran = test::run({{"ticket", "note", "1", "-m", "called", "--socket", machine.socket}, "", "/dev/full"});
    CHECK(ran.status == app::exit_partly);
    CHECK_THAT(ran.said, Catch::Contains("what was to be done is done"));
    CHECK(machine.told({"ticket", "show", "1"}).at(0).at("timeline").back().at("text") == "called");
}
