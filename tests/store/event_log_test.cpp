#include "scene.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::store;
using test::TempStore;

TEST_CASE("event log: a row comes back as it was written")
{
    TempStore store;
    NewEvent const event{.type = "ticket.assigned",
                         .at = from_ms(9'000),
                         .actor = {ActorKind::agent, 7},
                         .account = {1},
                         .contact = {2},
                         .conversation = {3},
                         .ticket = {4},
                         .message = {5},
                         .intent = {6},
                         .data = {{"to", 7}}};
    auto const seq = store.write([&](Tx& tx) { return append_event(tx, event); });
    auto const rows = store.read([](Reading& r) { return load_events(r, {}, 10); });
    REQUIRE(rows.size() == 1);
    auto const& row = rows.front();
    CHECK(row.seq == seq);
    CHECK(row.type == "ticket.assigned");
    CHECK(row.at == from_ms(9'000));
    CHECK(row.actor == Actor{ActorKind::agent, 7});
    CHECK(row.account == AccountId{1});
    CHECK(row.contact == ContactId{2});
    CHECK(row.conversation == ConversationId{3});
    CHECK(row.ticket == TicketId{4});
    CHECK(row.message == MessageId{5});
    CHECK(row.intent == IntentId{6});
    CHECK(row.data == R"({"to":7})");
}

TEST_CASE("event log: read by cursor")
{
    TempStore store;
    store.write([](Tx& tx) {
        for (std::int64_t i = 0; i < 10; ++i)
            append_event(tx, {.type = "ticket.seen", .ticket = {i % 2 + 1}});
    });
    auto const seqs = [&](std::vector<LoggedEvent> const& events) {
        std::string text;
        for (auto const& event : events)
            text += std::to_string(event.seq.value) + " ";
        return text;
    };
    CHECK(seqs(store.read([](Reading& r) { return load_events(r, {}, 3); })) == "1 2 3 ");
    CHECK(seqs(store.read([](Reading& r) { return load_events(r, {3}, 100); })) == "4 5 6 7 8 9 10 ");
    CHECK(store.read([](Reading& r) { return last_event(r); }) == EventSeq{10});
}

TEST_CASE("event log: a place is never given twice")
{
    TempStore store;
    CHECK(store.read([](Reading& r) { return last_event(r); }) == EventSeq{});
    auto const append = [&] { return store.write([](Tx& tx) { return append_event(tx, {.type = "ticket.seen"}); }); };
    CHECK(append() == EventSeq{1});
    CHECK(append() == EventSeq{2});
    store.reopen();
    CHECK(append() == EventSeq{3});
}

TEST_CASE("event log: data that is not UTF-8 does not break it")
{
    TempStore store;
    store.write([](Tx& tx) { append_event(tx, {.type = "ticket.seen", .data = {{"reason", "\xff"}}}); });
    CHECK(store.read([](Reading& r) { return load_events(r, {}, 1); }).front().data == "{\"reason\":\"\xEF\xBF\xBD\"}");
}
