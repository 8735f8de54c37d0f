#include "outbox_box.hpp"

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;
using S = IntentState;

TEST_CASE("outbox: a message becomes one intent a part, and stands in the timeline")
{
    OutboxBox box;
    auto out = outgoing(box.anna, "one two");
    out.parts = {text_part("one"), text_part("two")};
    auto const id = box.queue(out);
    auto const parts = box.store.read([&](store::Reading& reading) { return store::intents_of(reading, id); });
    REQUIRE(parts.size() == 2);
    CHECK(parts[0].state == S::queued);
    CHECK(parts[1].part == 1);
    CHECK(parts[0].not_after == noon + 24h);
    auto const message = box.store.read([&](store::Reading& reading) { return store::find_message(reading, id); });
    REQUIRE(message.has_value());
    CHECK(message->text == "one two");
    CHECK(message->direction == store::Direction::out);
    CHECK(message->actor == Actor{ActorKind::agent, 7});
    CHECK(box.events_of(id) == std::vector<std::string>{"message.queued"});
    CHECK(box.ready() == std::vector<std::string>{"one"});
}

TEST_CASE("outbox: one in flight a lane, in order, and the address as it is when it goes")
{
    OutboxBox box;
    auto const one = box.queue("one");
    auto const two = box.queue("two");
    CHECK(box.ready() == std::vector<std::string>{"one"});
    CHECK(std::holds_alternative<Stay>(box.begin(two)));
    box.store.write([&](store::Tx& tx) { store::set_address(tx, box.anna.conversation, {"phone", "492"}); });
    auto const begun = box.begin(one);
    REQUIRE(std::holds_alternative<store::AttemptBegun>(begun));
    CHECK(std::get<store::AttemptBegun>(begun).to.value == "492");
    CHECK(std::get<store::AttemptBegun>(begun).n == 1);
    CHECK(box.ready().empty());
    CHECK(box.standing_of(one) == "claimed");
    (void)box.record(accepted("m1"));
    CHECK(box.standing_of(one) == "accepted");
    CHECK(box.row(one).external_id == "m1");
    CHECK(box.ready() == std::vector<std::string>{"two"});
}

TEST_CASE("outbox: what was meant for a number's earlier owner does not go out")
{
    OutboxBox box;
    auto const one = box.queue("one");
    box.store.write([&](store::Tx& tx) { store::set_address(tx, box.anna.conversation, {"phone", ""}); });
    CHECK_FALSE(std::holds_alternative<store::AttemptBegun>(box.begin(one)));
    CHECK(box.standing_of(one) == "refused");
    CHECK(box.row(one).reason == "number_recycled");
}

TEST_CASE("outbox: what goes to one kind of address alone finds the one that is current, or is refused")
{
    struct Case {
        std::string label;
        std::string scope;
        std::vector<std::string> numbers; ///< learnt one after the other
        bool retired;
        std::string to; ///< "": refused
    };
    auto const c = GENERATE(values<Case>({
        {"one that is known", "acme", {"492"}, false, "492"},
        {"the one that was seen last", "acme", {"492", "493"}, false, "493"},
        {"none", "acme", {}, false, ""},
        {"none any more", "acme", {"492"}, true, ""},
        {"another account's", "elsewhere", {"492"}, false, ""},
    }));
    INFO(c.label);
    OutboxBox box;
    auto out = outgoing(box.anna, "your code");
    out.parts = {text_part("your code")};
    out.parts.front().to_kind = "wa_id";
    auto const id = box.queue(out);
    box.store.write([&](store::Tx& tx) {
        auto at = noon;
        for (auto const& number : c.numbers)
            store::attach_identity(tx, box.anna.contact, c.scope, {"wa_id", number}, at += 1s);
        if (c.retired)
            store::retire_identity(tx, c.scope, {"wa_id", c.numbers.front()}, at);
    });
    auto const begun = box.begin(id);
    auto const* attempt = std::get_if<store::AttemptBegun>(&begun);
    CHECK((attempt ? attempt->to : Address{}) == (c.to.empty() ? Address{} : Address{"wa_id", c.to}));
    CHECK(box.row(id).reason == (c.to.empty() ? "no_such_address" : ""));
    CHECK(box.row(id).error_sentence.empty() == !c.to.empty());
}

TEST_CASE("outbox: a certain failure waits and keeps its place")
{
    OutboxBox box;
    auto const one = box.queue("one");
    (void)box.queue("two");
    NotSent busy;
    busy.asked = 30s;
    auto const recorded = box.send(one, busy);
    CHECK(recorded.next_at == noon + 30s);
    CHECK(box.standing_of(one) == "retry_wait");
    CHECK(box.ready(noon + 29s).empty());
    CHECK(box.ready(noon + 30s) == std::vector<std::string>{"one"});
    auto const due = box.store.read([](store::Reading& reading) { return store::next_due(reading, noon); });
    CHECK(due == noon + 30s);
    (void)box.send(one, accepted("m1"), noon + 30s);
    CHECK(box.row(one).attempts == 2);
    CHECK(box.row(one).failures == 0);
}

TEST_CASE("outbox: credentials that fail pause the account and lose nothing")
{
    OutboxBox box;
    auto const id = box.queue("hello");
    auto const recorded = box.send(id, Refused{"401", Refused::Because::account, {}});
    CHECK(recorded.paused_account == 0);
    CHECK(box.standing_of(id) == "queued");
    CHECK(box.ready().empty());
    CHECK(std::holds_alternative<Stay>(box.begin(id)));
    box.store.write([&](store::Tx& tx) { return store::resume_account(tx, box.anna.account, {}, noon); });
    CHECK(box.ready() == std::vector<std::string>{"hello"});
}

TEST_CASE("outbox: a part that dies takes the rest of its message along; a replay brings all back")
{
    OutboxBox box;
    auto out = outgoing(box.anna, "long");
    out.parts = {text_part("lo"), text_part("ng")};
    auto const id = box.queue(out);
    auto const recorded = box.send(id, Refused{"131026", Refused::Because::message, {131026, "Undeliverable", ""}});
    REQUIRE(recorded.effects.size() == 2);
    CHECK(recorded.effects[0].answer == AnswerEvent::agent_failed);
    CHECK(box.row(id, 0).state == S::refused);
    CHECK(box.row(id, 0).error_code == 131026);
    CHECK(box.row(id, 1).state == S::cancelled);
    auto const word = box.store.read([&](store::Reading& reading) { return store::delivery_of(reading, id); });
    CHECK(word == "refused");
    auto const back = box.store.write([&](store::Tx& tx) { return store::retry_message(tx, id, {ActorKind::agent, 7}, noon); });
    REQUIRE(back.has_value());
    CHECK(box.row(id, 0).state == S::queued);
    CHECK(box.row(id, 1).state == S::queued);
    CHECK_FALSE(box.row(id, 0).error_code.has_value());
}

TEST_CASE("outbox: a newer notice replaces an older one that is not on its way")
{
    OutboxBox box;
    auto out = outgoing(box.anna, "taken over", noon, MessageClass::notice);
    out.supersedes_key = "status:1";
    auto const first = box.queue(out);
    auto other = out;
    other.supersedes_key = "status:2";
    auto const unrelated = box.queue(other);
    out.shown.text = "solved";
    auto const second = box.queue(out);
    CHECK(box.standing_of(first) == "cancelled");
    CHECK(box.row(first).reason == "superseded");
    CHECK(box.standing_of(unrelated) == "queued");
    CHECK(box.standing_of(second) == "queued");
    (void)box.begin(unrelated);
    (void)box.queue(other);
    CHECK(box.standing_of(unrelated) == "claimed");
}

TEST_CASE("outbox: a notice yields to an agent, and expires")
{
    OutboxBox box;
    auto const notice = box.queue("we have it", MessageClass::notice);
    (void)box.queue("hello, this is Ben");
    CHECK(box.ready() == std::vector<std::string>{"hello, this is Ben"});
    CHECK(std::holds_alternative<Stay>(box.begin(notice)));
    auto const tended = box.tend(noon + 10min);
    REQUIRE(tended.effects.size() == 1);
    CHECK(box.standing_of(notice) == "expired");
    CHECK(tended.effects[0].answer == std::nullopt);
}

TEST_CASE("outbox: cancelling")
{
    OutboxBox box;
    Actor const ben{ActorKind::agent, 7};
    auto const cancel = [&](MessageId id) {
        return box.store.write([&](store::Tx& tx) { return store::cancel_message(tx, id, ben, noon); });
    };
    auto const waiting = box.queue("one");
    auto const done = cancel(waiting);
    REQUIRE(done.has_value());
    CHECK((*done)[0].answer == AnswerEvent::agent_failed);
    CHECK(box.standing_of(waiting) == "cancelled");
    auto const again = cancel(waiting);
    REQUIRE_FALSE(again.has_value());
    CHECK(again.error().fault == Fault::conflict);
    auto const on_its_way = box.queue("two");
    (void)box.begin(on_its_way);
    CHECK_FALSE(cancel(on_its_way).has_value());
    auto const nobody = cancel(MessageId{999});
    REQUIRE_FALSE(nobody.has_value());
    CHECK(nobody.error().fault == Fault::not_found);
}

TEST_CASE("outbox: lanes are looked at in a round, page by page")
{
    OutboxBox box;
    box.store.write([&](store::Tx& tx) {
        for (int i = 0; i < 100; ++i) {
            auto const customer = add_customer(tx, box.anna.account, "5" + std::to_string(i));
            (void)store::queue_message(tx, outgoing(customer, "to " + std::to_string(i)));
        }
    });
    std::vector<std::string> seen;
    ConversationId after;
    int pages = 0;
    do {
        auto const page =
            box.store.read([&](store::Reading& reading) { return store::ready_heads(reading, {box.anna.account, after, noon, 30, {}}); });
        for (auto const& head : page.heads)
            seen.push_back(head.content.text);
        after = page.last;
        ++pages;
    } while (after);
    CHECK(pages == 4);
    CHECK(seen.size() == 100);
    CHECK(seen.front() == "to 0");
    CHECK(seen.back() == "to 99");
}


TEST_CASE("outbox: while more wait than a page shows, the newest are shown beside it")
{
    OutboxBox box;
    auto const queue_to = [&](std::string const& number) {
        return box.store.write([&](store::Tx& tx) {
            return store::queue_message(tx, outgoing(add_customer(tx, box.anna.account, number), "to " + number));
        });
    };
    for (int i = 0; i < 40; ++i)
        (void)queue_to("5" + std::to_string(i));
    auto const texts = [&](std::size_t limit, ConversationId after) {
        auto const page =
            box.store.read([&](store::Reading& reading) { return store::ready_heads(reading, {box.anna.account, after, noon, limit, {}}); });
        std::vector<std::string> out;
        for (auto const& head : page.fresh)
            out.push_back(head.content.text);
        return out;
    };
    CHECK(texts(3, {}) == std::vector<std::string>{"to 539", "to 538", "to 537"});
    CHECK(texts(3, {box.anna.conversation.value + 39}).size() == 3); // the round goes on from the middle
    CHECK(texts(50, {}).empty());                                    // all of it is on the page
    auto const newest = queue_to("6");
    CHECK(texts(2, {}) == std::vector<std::string>{"to 6", "to 539"});
    (void)box.send(newest, NotSent{.why = "reset"});
    CHECK(texts(2, {}) == std::vector<std::string>{"to 539", "to 538"}); // what failed waits for its turn
}
