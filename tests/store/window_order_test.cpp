#include "deskbridge/store/contact_list.hpp"
#include "deskbridge/store/conversation.hpp"
#include "deskbridge/store/reply_window.hpp"
#include "deskbridge/store/ticket.hpp"
#include "support/outbox_scene.hpp"
#include "support/temp_store.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

/// Customers by the second at which each wrote last, after the full minute of `noon`.
struct Chats {
    TempStore store;
    AccountId account;
    std::vector<Customer> customers;

    explicit Chats(std::vector<int> const& seconds)
    {
        store.write([&](store::Tx& tx) {
            account = add_account(tx);
            for (std::size_t i = 0; i < seconds.size(); ++i)
                customers.push_back(add_customer(tx, account, std::to_string(i)));
        });
        for (std::size_t i = 0; i < seconds.size(); ++i)
            writes(i, seconds[i]);
    }
    void writes(std::size_t customer, int second)
    {
        store.write([&](store::Tx& tx) {
            auto conversation = store::find_conversation(tx, customers[customer].conversation).value();
            conversation.window_from = noon + std::chrono::seconds{second};
            store::save_inbound(tx, conversation);
        });
    }
    std::string name(ConversationId id) const
    {
        for (std::size_t i = 0; i < customers.size(); ++i)
            if (customers[i].conversation == id)
                return std::to_string(i);
        return "?";
    }
    /// Walked through one at a time, each after the one before.
    std::string begun(Timestamp until)
    {
        return store.read([&](store::Reading& reading) {
            std::string all;
            store::WindowBegin last;
            for (auto next = store::windows_begun(reading, last, until, 1); !next.empty(); next = store::windows_begun(reading, last, until, 1)) {
                last = next.front();
                all += name(last.conversation);
            }
            return all;
        });
    }
    std::string contacts()
    {
        return store.read([&](store::Reading& reading) {
            std::string all;
            store::ContactQuery query{.limit = 1};
            for (auto page = store::find_contacts(reading, query); !page.empty(); page = store::find_contacts(reading, query)) {
                all += name(page.front().place.conversation);
                query.after = page.front().place;
            }
            return all;
        });
    }
    /// Of those that began at `from` or later.
    std::string tickets(Timestamp from)
    {
        return store.read([&](store::Reading& reading) {
            store::TicketQuery query;
            query.statuses = {TicketStatus::open};
            query.limit = 1;
            std::string all;
            auto begun = from;
            store::Ticket last;
            for (;;) {
                auto const page = store::find_tickets_by_window(reading, query, begun, last.conversation, last.id);
                if (page.empty())
                    return all;
                last = page.front();
                begun = store::find_conversation(reading, last.conversation)->window_from.value();
                all += name(last.conversation);
            }
        });
    }
    /// Rows whose minute is another than their time's.
    std::int64_t astray()
    {
        return store.read([](store::Reading& reading) {
            auto q = reading.prepare("SELECT count(*) FROM conversation WHERE window_minute IS NOT window_from_ms / 60000");
            return q.step() ? q.integer(0) : -1;
        });
    }
    std::int64_t count(Timestamp from)
    {
        return store.read([&](store::Reading& reading) {
            auto const by_account = store::count_windows(reading, from);
            auto const by_kind = store::count_windows_by_kind(reading, account, from);
            auto const of_account = by_account.empty() ? 0 : by_account.begin()->second;
            auto const of_kind = by_kind.empty() ? 0 : by_kind.begin()->second;
            return of_account == of_kind ? of_account : -1;
        });
    }
};

} // namespace

TEST_CASE("reply windows keep their exact order and count in lists, though the index knows their minutes alone")
{
    Chats chats{{30, 10, 59, 60, 125, 61}};
    CHECK(chats.contacts() == "453201");
    CHECK(chats.tickets(noon) == "102354");
    CHECK(chats.tickets(noon + 11s) == "02354");
    for (auto const& [second, after] : {std::pair{-1, 6}, {10, 5}, {29, 5}, {30, 4}, {60, 2}, {61, 1}, {125, 0}, {600, 0}})
        CHECK(chats.count(noon + std::chrono::seconds{second}) == after);
}

TEST_CASE("walks go through the minutes that are over, each window once")
{
    Chats chats{{30, 10, 59, 60, 125, 61}};
    CHECK(chats.begun(noon + 3min) == "012354");
    CHECK(chats.begun(noon + 179s) == "01235");
    CHECK(chats.begun(noon + 60s) == "012");
    CHECK(chats.begun(noon + 59s).empty());
}

TEST_CASE("a further message moves a chat within its minute, and into another")
{
    Chats chats{{10, 20}};
    chats.writes(0, 30);
    CHECK(chats.contacts() == "01");
    chats.writes(1, 90);
    CHECK(chats.contacts() == "10");
    chats.writes(0, 91);
    CHECK(chats.contacts() == "01");
    CHECK(chats.astray() == 0);
}

TEST_CASE("one that is saved twice stands where it was saved last")
{
    Chats chats{{10, 20}};
    chats.store.write([&](store::Tx& tx) {
        auto conversation = store::find_conversation(tx, chats.customers[0].conversation).value();
        for (auto const at : {noon + 130s, noon + 140s, noon + 70s}) {
            conversation.window_from = at;
            store::save_inbound(tx, conversation);
        }
    });
    CHECK(chats.begun(noon + 5min) == "10");
    CHECK(chats.astray() == 0);
}

TEST_CASE("a chat that is poured into another takes its window along, and leaves none behind")
{
    Chats chats{{90, 20}};
    chats.store.write([&](store::Tx& tx) { store::give_conversation(tx, chats.customers[0].conversation, chats.customers[1].contact, noon + 2min); });
    CHECK(chats.begun(noon + 5min) == "1");
    CHECK(chats.count(noon) == 1);
    CHECK(chats.count(noon + 89s) == 1);
    CHECK(chats.astray() == 0);
}
