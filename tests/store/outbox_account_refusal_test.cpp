#include "outbox_box.hpp"

#include "deskbridge/store/account.hpp"
#include "deskbridge/store/account_health.hpp"

#include <functional>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

ProviderError const no_payment{131042, "Business eligibility payment issue", "", "There is a problem with the payment method."};

Receipt fails(std::string const& id)
{
    auto said = receipt(id, ReceiptStatus::failed);
    said.because = Refused::Because::account;
    said.errors = {no_payment};
    return said;
}

std::optional<store::Pause> pause_of(OutboxBox& box)
{
    return box.store.read([&](store::Reading& reading) { return store::find_account(reading, box.anna.account)->paused; });
}

void resume(OutboxBox& box, Timestamp at)
{
    CHECK(box.store.write([&](store::Tx& tx) { return store::resume_account(tx, box.anna.account, {ActorKind::agent, 7}, at); }));
}

void pause(OutboxBox& box, Timestamp at)
{
    CHECK(box.store.write([&](store::Tx& tx) {
        return store::pause_account(tx, box.anna.account, {store::PausedBy::agent, "a holiday", at}, {ActorKind::agent, 7});
    }));
}

} // namespace

TEST_CASE("outbox: an account that is refused late is paused as by an answer: sentence, event, wish for a check")
{
    bool const in_answer = GENERATE(true, false);
    OutboxBox box;
    auto const id = box.queue("hello");
    std::optional<int> told;
    if (in_answer) {
        told = box.send(id, Refused{"There is a problem with the payment method. (Business eligibility payment issue; error 131042)",
                                    Refused::Because::account, no_payment}).paused_account;
    } else {
        (void)box.send(id, accepted("m1"));
        auto const effect = box.hear(fails("m1"), noon + 1min);
        REQUIRE(effect.effects.size() == 1);
        told = effect.effects.front().paused_account;
    }
    CHECK(told == 131042);
    auto const paused = pause_of(box);
    REQUIRE(paused);
    CHECK(paused->by == store::PausedBy::provider);
    CHECK(paused->reason == "There is a problem with the payment method. (Business eligibility payment issue; error 131042)");
    auto const all = box.store.read([](store::Reading& reading) { return store::load_events(reading, {}, 1000); });
    CHECK(std::count_if(all.begin(), all.end(), [](auto const& event) { return event.type == "account.paused"; }) == 1);
    auto const check = box.store.read([&](store::Reading& reading) { return store::find_account_check(reading, box.anna.account); });
    CHECK(check.has_value());
    (void)box.queue("and more");
    CHECK(box.ready(noon + 1min).empty());
}

TEST_CASE("outbox: a late refusal of the account that is old news does not stop it")
{
    struct Case {
        std::string label;
        std::function<void(OutboxBox&, MessageId)> meanwhile;
        Timestamp told;
        bool stops;
    };
    auto const nothing = [](OutboxBox&, MessageId) {};
    auto const c = GENERATE_COPY(values<Case>({
        {"news", nothing, noon + 1h, true},
        {"told more than a day later", nothing, noon + 25h, false},
        {"the account was resumed since",
         [](OutboxBox& box, MessageId) {
             pause(box, noon + 1min);
             resume(box, noon + 2min);
         },
         noon + 1h, false},
        {"it was resumed before the attempt", nothing, noon + 1h, true},
        {"it is paused by an agent, whose word stands", [](OutboxBox& box, MessageId) { pause(box, noon + 1min); }, noon + 1h, false},
        {"somebody has it sent again",
         [](OutboxBox& box, MessageId id) {
             (void)box.hear(receipt("m1", ReceiptStatus::failed), noon + 1min);
             auto const again = box.store.write([&](store::Tx& tx) { return store::retry_message(tx, id, {ActorKind::agent, 7}, noon + 2min); });
             REQUIRE(again.has_value());
             (void)box.send(id, accepted("m2"), noon + 2min);
         },
         noon + 1h, false},
    }));
    INFO(c.label);
    OutboxBox box;
    pause(box, noon - 2min);
    resume(box, noon - 1min);
    auto const id = box.queue("hello");
    (void)box.send(id, accepted("m1"));
    c.meanwhile(box, id);
    auto const told = box.hear(fails("m1"), c.told);
    auto const paused = pause_of(box);
    CHECK((paused && paused->by == store::PausedBy::provider) == c.stops);
    CHECK(std::any_of(told.effects.begin(), told.effects.end(), [](auto const& effect) { return effect.paused_account.has_value(); }) == c.stops);
}

TEST_CASE("outbox: a refusal of the account that overtakes the send's own answer stops it with that answer")
{
    OutboxBox box;
    auto const id = box.queue("hello");
    CHECK(box.hear(fails("m1")).what == store::ReceiptEffect::What::parked);
    CHECK_FALSE(pause_of(box));
    CHECK(box.send(id, accepted("m1")).paused_account == 131042);
    REQUIRE(pause_of(box));
    resume(box, noon + 1min);
    (void)box.hear(fails("m1"), noon + 2min);
    CHECK_FALSE(pause_of(box));
}
