#include "outbox_box.hpp"

#include "deskbridge/store/outbox_view.hpp"

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;
using R = ReceiptStatus;

TEST_CASE("outbox: receipts rise, fail beside, and are kept one by one")
{
    OutboxBox box;
    auto const id = box.queue("hello");
    (void)box.send(id, accepted("m1"));
    CHECK(box.hear(receipt("m1", R::delivered)).what == store::ReceiptEffect::What::applied);
    CHECK(box.hear(receipt("m1", R::sent)).what == store::ReceiptEffect::What::nothing);
    CHECK(box.standing_of(id) == "accepted/delivered");
    (void)box.hear(receipt("m1", R::failed));
    CHECK(box.standing_of(id) == "accepted/delivered/failed");
    auto const events = box.events_of(id);
    CHECK(std::count(events.begin(), events.end(), "intent.receipt") == 2);
}

TEST_CASE("outbox: a failed receipt means that the customer was not answered")
{
    OutboxBox box;
    auto const id = box.queue("hello");
    auto const sent = box.send(id, accepted("m1"));
    CHECK(sent.effects.at(0).answer == AnswerEvent::agent_accepted);
    auto const stands = [&] {
        return box.store.read([&](store::Reading& reading) { return store::agent_message_stands(reading, box.anna.ticket, noon); });
    };
    CHECK(stands());
    auto const effect = box.hear(receipt("m1", R::failed));
    REQUIRE(!effect.effects.empty());
    CHECK(effect.effects[0].answer == AnswerEvent::agent_failed);
    CHECK_FALSE(stands());
    auto const again = box.store.write(
        [&](store::Tx& tx) { return store::retry_message(tx, id, {ActorKind::agent, 7}, noon); });
    REQUIRE(again.has_value());
    CHECK(box.standing_of(id) == "queued");
    (void)box.hear(receipt("m1", R::failed));
    CHECK(box.standing_of(id) == "queued");
    (void)box.send(id, accepted("m2"));
    (void)box.hear(receipt("m1", R::failed)); // of the attempt before
    CHECK(box.standing_of(id) == "accepted");
}

TEST_CASE("outbox: a message's price is counted once, in whatever order its receipts come, and each receipt keeps its own")
{
    bool const before_answer = GENERATE(false, true);
    bool const delivered_first = GENERATE(false, true);
    OutboxBox box;
    auto const id = box.queue("hello");
    auto said = receipt("m1", delivered_first ? R::delivered : R::sent);
    said.price = Price{false, "service", "free_customer_service"};
    std::vector<std::optional<Price>> told;
    if (before_answer)
        told.push_back(box.hear(said).price);
    (void)box.send(id, accepted("m1"));
    if (!before_answer)
        told.push_back(box.hear(said).price);
    said.status = delivered_first ? R::sent : R::delivered;
    told.push_back(box.hear(said).price);
    told.push_back(box.hear(receipt("m1", R::read)).price);
    CHECK(told == std::vector<std::optional<Price>>{said.price, std::nullopt, std::nullopt});
    auto const receipts = box.store.read([&](store::Reading& reading) {
        return store::receipts_of(reading, store::intents_of(reading, id).front().id);
    });
    REQUIRE(receipts.size() == 3);
    CHECK(receipts[0].price == said.price);
    CHECK(receipts[1].price == said.price);
    CHECK_FALSE(receipts[2].price.has_value());
}

TEST_CASE("outbox: the log says when a failure is worth another try")
{
    bool const passing = GENERATE(true, false);
    OutboxBox box;
    (void)box.send(box.queue("hello"), accepted("m1"));
    auto said = receipt("m1", R::failed);
    said.worth_retry = passing;
    (void)box.hear(said);
    auto const events = box.store.read([](store::Reading& reading) { return store::load_events(reading, {}, 1000); });
    auto const found = std::find_if(events.begin(), events.end(), [](auto const& event) { return event.type == "intent.receipt"; });
    REQUIRE(found != events.end());
    CHECK(nlohmann::json::parse(found->data).value("worth_retry", false) == passing);
}

TEST_CASE("outbox: receipts before the send's own answer are parked and matched")
{
    OutboxBox box;
    auto const id = box.queue("hello");
    (void)box.begin(id);
    CHECK(box.hear(receipt("m1", R::sent)).what == store::ReceiptEffect::What::parked);
    CHECK(box.hear(receipt("m1", R::read)).what == store::ReceiptEffect::What::parked);
    CHECK(box.standing_of(id) == "claimed");
    (void)box.record(accepted("m1"));
    CHECK(box.standing_of(id) == "accepted/read");
}

TEST_CASE("outbox: our token in a receipt settles what was unknown, with its id and what was parked under it")
{
    OutboxBox box;
    auto const id = box.queue("hello");
    (void)box.send(id, Unknown{"timeout", {}});
    CHECK(box.standing_of(id) == "unknown");
    (void)box.hear(receipt("m1", R::read));
    auto const effect = box.hear(receipt("m1", R::sent, "t1"));
    CHECK(effect.what == store::ReceiptEffect::What::applied);
    REQUIRE(!effect.effects.empty());
    CHECK(effect.effects[0].answer == AnswerEvent::agent_accepted);
    CHECK(box.standing_of(id) == "accepted/read");
    CHECK(box.row(id).external_id == "m1");
    auto const found =
        box.store.read([&](store::Reading& reading) { return store::find_intent_sent_as(reading, box.anna.account, "m1"); });
    CHECK(found == box.row(id).id);
}

TEST_CASE("outbox: a token of another account proves nothing here")
{
    OutboxBox box;
    auto const id = box.queue("hello");
    (void)box.begin(id);
    auto const other = box.store.write([](store::Tx& tx) { return add_account(tx, "other", "200"); });
    auto const effect = box.store.write(
        [&](store::Tx& tx) { return store::apply_receipt(tx, other, receipt("m1", R::sent, "t1"), noon); });
    CHECK(effect.what == store::ReceiptEffect::What::parked);
    CHECK(box.standing_of(id) == "claimed");
}

TEST_CASE("outbox: evidence before the answer was lost stands")
{
    OutboxBox box;
    auto const id = box.queue("hello");
    (void)box.begin(id);
    (void)box.hear(receipt("m1", R::sent, "t1"));
    CHECK(box.standing_of(id) == "accepted/sent");
    auto const recorded = box.record(Unknown{"timeout", {}});
    CHECK(recorded.effects.empty());
    CHECK(box.standing_of(id) == "accepted/sent");
}

TEST_CASE("outbox: every order of an attempt's answer and its receipts ends the same in the store")
{
    struct Said {
        R status;
        Refused::Because because;
    };
    std::vector<Said> const all{{R::sent, {}}, {R::delivered, {}}, {R::failed, Refused::Because::window_closed}};
    bool const lost = GENERATE(false, true);
    unsigned const subset = GENERATE(range(1u, 8u));
    bool const with_token = GENERATE(false, true);
    if (lost && !with_token)
        return; // nothing could tell what they are about
    std::vector<int> order{-1};
    for (int i = 0; i < 3; ++i)
        if ((subset & (1u << i)) != 0)
            order.push_back(i);
    OutboxBox box;
    std::string first;
    do {
        auto const id = box.queue("hello");
        REQUIRE(std::holds_alternative<store::AttemptBegun>(box.begin(id)));
        auto const external = "m" + std::to_string(box.tokens);
        for (int const i : order) {
            if (i < 0) {
                (void)box.record(lost ? Outcome{Unknown{}} : accepted(external), noon, true);
                continue;
            }
            auto const& one = all[static_cast<std::size_t>(i)];
            auto said = receipt(external, one.status, with_token ? "t" + std::to_string(box.tokens) : std::string{});
            said.because = one.because;
            (void)box.hear(said);
        }
        auto const end = box.standing_of(id);
        if (first.empty())
            first = end;
        INFO("lost " << lost << " subset " << subset << " token " << with_token);
        REQUIRE(end == first);
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("outbox: an echo that came before the send's own answer is recognised")
{
    OutboxBox box;
    auto const id = box.queue("hello");
    (void)box.begin(id);
    auto const echo = box.store.write([&](store::Tx& tx) {
        store::Message message;
        message.conversation = box.anna.conversation;
        message.account = box.anna.account;
        message.direction = store::Direction::out;
        message.actor = {ActorKind::phone_app, 0};
        message.external_id = "m1";
        message.provider_at = message.received_at = noon;
        return store::insert_message(tx, message);
    });
    auto const recorded = box.record(accepted("m1"));
    REQUIRE(recorded.effects.size() == 1);
    CHECK(recorded.effects[0].mistaken_echo == echo);
}

TEST_CASE("outbox: a token that brings what was parked tells of each receipt, not of the last alone")
{
    OutboxBox box;
    auto const id = box.queue("hello");
    (void)box.send(id, Unknown{"timeout", {}});
    CHECK(box.hear(receipt("m1", R::failed)).what == store::ReceiptEffect::What::parked);
    CHECK(box.hear(receipt("m1", R::read)).what == store::ReceiptEffect::What::parked);
    auto const effect = box.hear(receipt("m1", R::sent, "t1"));
    REQUIRE(effect.effects.size() == 2);
    CHECK(effect.effects[0].answer == AnswerEvent::agent_accepted);
    CHECK(effect.effects[1].answer == AnswerEvent::agent_failed);
    CHECK(box.standing_of(id) == "accepted/read/failed");
}

TEST_CASE("outbox: a receipt may name its message by our token alone")
{
    OutboxBox box;
    auto const first = box.queue("one");
    (void)box.send(first, Unknown{"lost", {}});
    (void)box.hear(receipt("", R::sent, "t1"));
    CHECK(box.standing_of(first) == "accepted/sent");
    CHECK(box.row(first).external_id.empty());

    auto const second = box.queue("two");
    (void)box.send(second, accepted("m2"));
    (void)box.hear(receipt("", R::delivered, "t2"));
    CHECK(box.standing_of(second) == "accepted/delivered");
    CHECK(box.row(second).external_id == "m2"); // not taken away by what does not name it
    (void)box.hear(receipt("m2", R::read));
    CHECK(box.standing_of(second) == "accepted/read");
    CHECK(box.standing_of(first) == "accepted/sent");

    auto const third = box.queue("three"); // the receipt overtakes the answer
    REQUIRE(std::holds_alternative<store::AttemptBegun>(box.begin(third)));
    (void)box.hear(receipt("", R::sent, "t3"));
    (void)box.record(accepted("m3"));
    (void)box.hear(receipt("m3", R::delivered));
    CHECK(box.standing_of(third) == "accepted/delivered");
}
