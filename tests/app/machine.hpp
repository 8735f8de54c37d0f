#pragma once

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

/// One operator's machine.
namespace deskbridge::test {

inline constexpr auto operators_config = R"([server]
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

inline constexpr auto marked_webhook = R"({"object":"whatsapp_business_account","entry":[{"id":"88","changes":[{"field":"messages","value":{
"messaging_product":"whatsapp","metadata":{"display_phone_number":"1","phone_number_id":"700100200300400"},
"contacts":[{"profile":{"name":"Mara"},"wa_id":"4915112345678"}],
"messages":[{"from":"4915112345678","id":"wamid.X","timestamp":"1795267200","type":"text","text":{"body":"hello"}}]}}]}]})";

inline Timestamp now()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// One operator's machine: a daemon with one account, which is paused, and what lies in its outbox and on its shelf.
class Machine {
public:
    Machine()
    {
        config = folder.write("d.toml", operators_config).string();
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
    std::vector<nlohmann::json> told(std::vector<std::string> const& words)
    {
        auto const ran = run(words);
        INFO(ran.said);
        CHECK(ran.status == app::exit_ok);
        return lines(ran.told);
    }

    static std::vector<nlohmann::json> lines(std::string const& text)
    {
        std::vector<nlohmann::json> out;
        for (std::size_t from = 0; from < text.size();) {
            auto const end = text.find('\n', from);
            out.push_back(nlohmann::json::parse(text.substr(from, end - from)));
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
            auto const journal = store::add_journal(tx, {"support", now(), marked_webhook});
            store::put_on_shelf(tx, {journal, {}, "", store::ShelfReason::unreadable, "not understood then", now()});
            auto const junk = store::add_journal(tx, {"support", now(), "{"});
            store::put_on_shelf(tx, {junk, {}, "", store::ShelfReason::unreadable, "not JSON", now()});
            store::end_epoch(tx, where.epoch, now());
        });
        REQUIRE(done.has_value());
    }
};

} // namespace deskbridge::test
