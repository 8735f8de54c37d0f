#include "outbox_box.hpp"

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;
using S = IntentState;
using R = ReceiptStatus;

TEST_CASE("outbox: no connection is no attempt, but counts for the back-off")
{
    OutboxBox box;
    auto const id = box.queue("hello");
    auto const intent = box.row(id).id;
    box.store.write([&](store::Tx& tx) { return store::postpone(tx, intent, NotSent{}, {.now = noon, .dice = 2}); });
    auto const row = box.row(id);
    CHECK(row.state == S::retry_wait);
    CHECK(row.attempts == 0);
    CHECK(row.failures == 1);
    CHECK(row.next_at == noon + 2s);
    CHECK(row.reason == "no_connection");
}

TEST_CASE("outbox: a closed window keeps an agent's text until the customer writes")
{
    OutboxBox box;
    auto const later = noon + 25h;
    auto out = outgoing(box.anna, "one", later);
    auto const one = box.queue(out);
    out.shown.text = "two";
    out.parts = {out.shown};
    auto const two = box.queue(out);
    store::SendPolicy keeps;
    keeps.keeps = true;
    auto const result = box.begin(one, later, keeps);
    REQUIRE(std::holds_alternative<std::vector<store::OutboxEffect>>(result));
    CHECK(std::get<std::vector<store::OutboxEffect>>(result).at(0).answer == AnswerEvent::agent_kept);
    (void)box.begin(two, later, keeps);
    CHECK(box.standing_of(one) == "kept");
    CHECK(box.standing_of(two) == "kept");

    SECTION("one template goes out for the closing")
    {
        auto tended = box.tend(later, keeps);
        REQUIRE(tended.to_announce == std::vector<ConversationId>{box.anna.conversation});
        OutboundContent content;
        content.template_call = TemplateCall{"we_answered", "en", {}};
        auto const announce = [&] {
            return box.store.write([&](store::Tx& tx) {
                return store::announce_kept(tx, box.anna.account, box.anna.conversation, content, later);
            });
        };
        CHECK(announce());
        CHECK_FALSE(announce());
        CHECK(box.tend(later, keeps).to_announce.empty());
        CHECK(box.ready(later).size() == 1);
    }
    SECTION("they go out in order when the customer has written")
    {
        auto const back = later + 1h;
        box.store.write([&](store::Tx& tx) { store::raise_window(tx, box.anna.conversation, back); });
        CHECK(box.store.write([&](store::Tx& tx) { return store::release_kept(tx, box.anna.conversation, back); }) == 2);
        CHECK(box.ready(back) == std::vector<std::string>{"one"});
        (void)box.send(one, accepted("m1"), back);
        CHECK(box.ready(back) == std::vector<std::string>{"two"});
    }
    SECTION("or only those of which the agent said so")
    {
        auto const said = box.store.write(
            [&](store::Tx& tx) { return store::keep_message(tx, two, {ActorKind::agent, 7}, later); });
        REQUIRE(said.has_value());
        CHECK(box.store.write([&](store::Tx& tx) {
            return store::release_kept(tx, box.anna.conversation, later, KeptTexts::ask);
        }) == 1);
        CHECK(box.standing_of(one) == "kept");
        CHECK(box.standing_of(two) == "queued");
    }
    SECTION("and not after a week")
    {
        (void)box.tend(later + 7 * 24h, keeps);
        CHECK(box.standing_of(one) == "expired");
        CHECK(box.store.write([&](store::Tx& tx) { return store::release_kept(tx, box.anna.conversation, later + 8 * 24h); }) == 0);
    }
}

TEST_CASE("outbox: without a template a closed window refuses at once, also when the provider says so later")
{
    OutboxBox box;
    auto const id = box.queue("hello");
    (void)box.send(id, accepted("m1"));
    auto said = receipt("m1", R::failed);
    said.because = Refused::Because::window_closed;
    auto const effect = box.hear(said);
    REQUIRE(effect.effects.size() == 1);
    CHECK(effect.effects[0].answer == AnswerEvent::agent_kept);
    CHECK(box.standing_of(id) == "kept/failed");
    auto const tended = box.tend(noon);
    REQUIRE(tended.effects.size() == 1);
    CHECK(box.row(id).state == S::refused);
    CHECK(box.row(id).reason == "window_closed");
}

TEST_CASE("outbox: at start every attempt without a result is unknown, and silence proves nothing")
{
    OutboxBox box;
    auto const id = box.queue("hello");
    (void)box.begin(id);
    auto const recover = [&](Timestamp at) {
        return box.store.write([&](store::Tx& tx) { return store::recover_outbox(tx, at).size(); });
    };
    CHECK(recover(noon + 1min) == 1);
    CHECK(box.standing_of(id) == "unknown");
    CHECK(box.row(id).reason == "recovered");
    CHECK(recover(noon + 2min) == 0);
    store::SendPolicy evidence;
    evidence.unknown = UnknownPolicy::evidence;
    auto const other = box.queue("later", MessageClass::answer);
    (void)box.send(other, accepted("m2"), noon + 3min);
    (void)box.hear(receipt("m2", R::sent), noon + 3min);
    CHECK(box.tend(noon + 10min, evidence).effects.empty());
    auto const asked = box.tend(noon + 17min, evidence);
    REQUIRE(asked.effects.size() == 1);
    CHECK(box.standing_of(id) == "held");
}

TEST_CASE("outbox: presumed not sent when the path is alive, once")
{
    OutboxBox box;
    store::SendPolicy evidence;
    evidence.unknown = UnknownPolicy::evidence;
    auto const id = box.queue("hello");
    (void)box.send(id, Unknown{"timeout", {}});
    CHECK(box.tend(noon + 3min, evidence).effects.empty());
    auto const other = box.queue("status", MessageClass::answer);
    (void)box.send(other, accepted("m2"), noon + 2s);
    (void)box.hear(receipt("m2", R::sent), noon + 2s);
    auto const waits = box.tend(noon + 119s, evidence);
    CHECK(waits.effects.empty());
    CHECK(waits.look_again == noon + 120s);
    CHECK(box.tend(noon + 121s, evidence).look_again == noon + 122s); // the first receipt came two seconds later
    (void)box.tend(noon + 122s, evidence);
    CHECK(box.standing_of(id) == "retry_wait");
    SECTION("a receipt after all stops it")
    {
        (void)box.hear(receipt("m1", R::delivered, "t1"), noon + 123s);
        CHECK(box.standing_of(id) == "accepted/delivered");
        CHECK(box.ready(noon + 124s).empty());
    }
    SECTION("a second lost answer is a question")
    {
        (void)box.send(id, Unknown{"timeout", {}}, noon + 123s);
        auto const third = box.queue("status", MessageClass::answer, noon + 124s);
        (void)box.send(third, accepted("m3"), noon + 125s);
        (void)box.hear(receipt("m3", R::sent), noon + 126s);
        CHECK(box.tend(noon + 300s, evidence).effects.empty());
        (void)box.tend(noon + 123s + 15min, evidence);
        CHECK(box.standing_of(id) == "held");
        CHECK(box.row(id).attempts == 2);
    }
}

TEST_CASE("outbox: a person decides what nobody knows")
{
    OutboxBox box;
    Actor const ben{ActorKind::agent, 7};
    auto const id = box.queue("hello");
    (void)box.send(id, Unknown{"timeout", {}});
    auto const decide = [&](store::Verdict verdict) {
        return box.store.write([&](store::Tx& tx) { return store::resolve_message(tx, id, verdict, ben, noon + 1h); });
    };
    SECTION("it was sent")
    {
        REQUIRE(decide(store::Verdict::sent).has_value());
        CHECK(box.standing_of(id) == "accepted");
        CHECK_FALSE(decide(store::Verdict::resend).has_value());
    }
    SECTION("send it again")
    {
        REQUIRE(decide(store::Verdict::resend).has_value());
        CHECK(box.ready(noon + 1h) == std::vector<std::string>{"hello"});
    }
    SECTION("drop it")
    {
        REQUIRE(decide(store::Verdict::not_sent).has_value());
        CHECK(box.standing_of(id) == "cancelled");
    }
}

TEST_CASE("outbox: an unknown agent message holds up agents until the customer writes")
{
    OutboxBox box;
    auto const one = box.queue("one");
    (void)box.send(one, Unknown{"timeout", {}});
    (void)box.queue("two");
    CHECK(box.ready(noon + 1s).empty());
    box.store.write([&](store::Tx& tx) { store::note_inbound(tx, box.anna.conversation, noon + 5s); });
    CHECK(box.ready(noon + 6s) == std::vector<std::string>{"two"});
}

TEST_CASE("outbox: counts by state leave out what is done")
{
    OutboxBox box;
    (void)box.send(box.queue("one"), accepted("m1"));
    (void)box.send(box.queue("status", MessageClass::answer), Unknown{});
    (void)box.send(box.queue("two"), Unknown{}, noon + 1s);
    (void)box.queue("three");
    auto const counts = box.store.read([](store::Reading& reading) { return store::count_outbox(reading); });
    CHECK(counts.of == std::array<std::int64_t, 6>{1, 0, 0, 1, 0, 0});
    CHECK(counts.oldest_unknown == noon + 1s);
    CHECK(counts.oldest_due == noon);
    CHECK(counts.lanes_blocked == 1);
}
