#include "outbox_box.hpp"

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;
using R = ReceiptStatus;

TEST_CASE("outbox: where receipts take long, silence says nothing for as long")
{
    OutboxBox box;
    store::SendPolicy evidence;
    evidence.unknown = UnknownPolicy::evidence;
    auto const taken = [&](std::string const& external, std::chrono::seconds begun) {
        (void)box.send(box.queue("status", MessageClass::answer), accepted(external), noon + begun);
    };
    auto const told = [&](std::string const& external, std::chrono::seconds at) {
        (void)box.hear(receipt(external, R::sent), noon + at);
        (void)box.hear(receipt(external, R::read), noon + at + 30s); // says when they looked, not how receipts come
    };
    auto const id = box.queue("hello");
    (void)box.send(id, Unknown{"timeout", {}}, noon);
    taken("m2", 2s);
    taken("m3", 3s);
    told("m3", 4s);
    SECTION("three times the slowest")
    {
        told("m2", 62s);
        auto const waits = box.tend(noon + 150s, evidence);
        CHECK(waits.effects.empty());
        CHECK(waits.look_again == noon + 180s);
        (void)box.tend(noon + 180s, evidence);
        CHECK(box.standing_of(id) == "retry_wait");
    }
    SECTION("what is not told of yet is slower with every second")
    {
        CHECK(box.tend(noon + 300s, evidence).effects.empty());
        CHECK(box.tend(noon + 600s, evidence).effects.empty());
        (void)box.tend(noon + 900s, evidence);
        CHECK(box.standing_of(id) == "held");
    }
    SECTION("a receipt of a message that nobody knows may be its own")
    {
        told("m2", 5s);
        (void)box.hear(receipt("stranger", R::sent), noon + 10s);
        CHECK(box.tend(noon + 300s, evidence).effects.empty());
        (void)box.tend(noon + 900s, evidence);
        CHECK(box.standing_of(id) == "held");
    }
}

TEST_CASE("outbox: after a silence what was held back has time to follow")
{
    OutboxBox box;
    store::SendPolicy evidence;
    evidence.unknown = UnknownPolicy::evidence;
    auto const id = box.queue("hello");
    (void)box.send(id, Unknown{"timeout", {}}, noon);
    (void)box.send(box.queue("status", MessageClass::answer), accepted("m2"), noon + 390s); // the only one that was sent in a silence
    (void)box.hear(receipt("m2", R::sent), noon + 400s);                                     // which ends here
    CHECK(box.tend(noon + 401s, evidence).effects.empty());
    CHECK(box.tend(noon + 519s, evidence).look_again == noon + 520s);
    (void)box.tend(noon + 520s, evidence);
    CHECK(box.standing_of(id) == "retry_wait");
}

TEST_CASE("outbox: what the provider took twice is told, whichever of both it tells of first")
{
    OutboxBox box;
    store::SendPolicy evidence;
    evidence.unknown = UnknownPolicy::evidence;
    auto const id = box.queue("hello");
    (void)box.send(id, Unknown{"timeout", {}});
    (void)box.send(box.queue("status", MessageClass::answer), accepted("m2"), noon + 2s);
    (void)box.hear(receipt("m2", R::sent), noon + 2s);
    (void)box.tend(noon + 122s, evidence);
    REQUIRE(box.standing_of(id) == "retry_wait");
    auto const told = [&] {
        auto const types = box.events_of(id);
        return std::count(types.begin(), types.end(), "message.duplicated");
    };
    SECTION("the second one, then the first")
    {
        CHECK_FALSE(box.send(id, accepted("second"), noon + 123s).duplicate);
        CHECK(told() == 0);
        CHECK(box.hear(receipt("first", R::sent, "t1"), noon + 130s).duplicate == id);
        CHECK_FALSE(box.hear(receipt("first", R::delivered, "t1"), noon + 131s).duplicate.has_value());
        CHECK_FALSE(box.hear(receipt("second", R::delivered), noon + 132s).duplicate.has_value());
        CHECK(told() == 1);
    }
    SECTION("the first one while the second is under way")
    {
        (void)box.begin(id, noon + 123s);
        CHECK_FALSE(box.hear(receipt("first", R::sent, "t1"), noon + 124s).duplicate.has_value());
        CHECK(box.record(accepted("second"), noon + 125s).duplicate);
        CHECK(told() == 1);
    }
    SECTION("not what the provider gave up again")
    {
        (void)box.send(id, accepted("second"), noon + 123s);
        (void)box.hear(receipt("second", R::failed), noon + 124s);
        CHECK_FALSE(box.hear(receipt("first", R::sent, "t1"), noon + 130s).duplicate.has_value());
        CHECK(told() == 0);
    }
    SECTION("and not of what it gives up with the same word")
    {
        (void)box.send(id, accepted("second"), noon + 123s);
        CHECK_FALSE(box.hear(receipt("first", R::failed, "t1"), noon + 130s).duplicate.has_value());
        CHECK(told() == 0);
    }
    SECTION("sent again by hand only by whoever says so")
    {
        (void)box.send(id, Refused{"no", Refused::Because::message, {}}, noon + 123s);
        REQUIRE(box.standing_of(id) == "refused");
        CHECK(box.store.read([&](store::Reading& reading) { return store::may_have_arrived(reading, id); }));
    }
}

TEST_CASE("outbox: what certainly did not arrive may be sent again without a word")
{
    OutboxBox box;
    auto const id = box.queue("hello");
    (void)box.send(id, NotSent{.why = "reset"});
    (void)box.send(id, Refused{"no", Refused::Because::message, {}}, noon + 1h);
    CHECK_FALSE(box.store.read([&](store::Reading& reading) { return store::may_have_arrived(reading, id); }));
}
