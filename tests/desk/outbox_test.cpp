#include "outbox_by_hand.hpp"

#include "deskbridge/store/account.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace std::chrono_literals;
using test::accepted;
using test::hash;
using test::refused;
using test::Scene;
using test::unknown;
using Outbox = test::OutboxByHand;

namespace {

enum class Verb { cancel, retry, sent, not_sent, keep };

Result<store::TimelineItem> do_it(Scene& scene, Verb verb, MessageId message)
{
    switch (verb) {
    case Verb::cancel: return scene.perform_as(scene.ben, desk::Cancel{message});
    case Verb::retry: return scene.perform_as(scene.ben, desk::Retry{message});
    case Verb::sent: return scene.perform_as(scene.ben, desk::Resolve{message, store::Verdict::sent});
    case Verb::not_sent: return scene.perform_as(scene.ben, desk::Resolve{message, store::Verdict::not_sent});
    case Verb::keep: break;
    }
    return scene.perform_as(scene.ben, desk::Keep{message});
}

} // namespace

TEST_CASE("outbox: what an agent does about a message is done, or the sentence says why it is too late")
{
    struct Case {
        std::string label;
        std::optional<Outcome> outcome; ///< nullopt: still queued
        Verb verb;
        std::string delivery; ///< "": a conflict
        std::string said;
    };
    auto const c = GENERATE(values<Case>({
        {"cancel: it waits", std::nullopt, Verb::cancel, "cancelled", ""},
        {"cancel: too late", accepted, Verb::cancel, "", " was accepted at 2026-01-05 00:00:01 UTC; nothing to cancel"},
        {"cancel: in doubt", unknown, Verb::cancel, "", "nobody knows whether it arrived; nothing to cancel"},
        {"cancel: refused", refused, Verb::cancel, "", "was refused at 2026-01-05 00:00:01 UTC (refused_by_provider: Message undeliverable (131026)); nothing"},
        {"retry: refused", refused, Verb::retry, "queued", ""},
        {"retry: it waits", std::nullopt, Verb::retry, "", "waits for its turn; nothing to send again"},
        {"retry: accepted", accepted, Verb::retry, "", "nothing to send again"},
        {"retry: in doubt", unknown, Verb::retry, "", "say first whether it arrived"},
        {"resolve: it was sent", unknown, Verb::sent, "accepted", ""},
        {"resolve: it was not", unknown, Verb::not_sent, "cancelled", ""},
        {"resolve: nobody doubts", accepted, Verb::sent, "", "was accepted at 2026-01-05 00:00:01 UTC; it is not in doubt"},
        {"keep: nothing is kept", std::nullopt, Verb::keep, "", "waits for its turn; nothing of it is kept"},
    }));
    INFO(c.label);
    Outbox outbox;
    auto const message = outbox.reply("on its way");
    if (c.outcome)
        outbox.end(message, *c.outcome);
    auto const before = outbox.scene.now_in_log();
    auto const done = do_it(outbox.scene, c.verb, message);
    REQUIRE(done.has_value() == !c.delivery.empty());
    if (done) {
        CHECK(done->delivery == c.delivery);
        for (auto const& event : outbox.scene.logged(before))
            CHECK(event.actor == outbox.scene.ben.actor());
        CHECK(outbox.shown(message).history.back().who == "Ben");
        return;
    }
    CHECK(done.error().fault == Fault::conflict);
    CHECK_THAT(done.error().detail, Catch::StartsWith("message " + std::to_string(message.value) + " "));
    CHECK_THAT(done.error().detail, Catch::Contains(c.said));
    CHECK(outbox.scene.events(before).empty());
}

TEST_CASE("outbox: what was never to be sent is named as what it is")
{
    Outbox outbox;
    auto& scene = outbox.scene;
    auto const said = scene.customer_says(outbox.ticket, "hello");
    auto const note = scene.perform(desk::Note{hash(outbox.ticket), "careful", ""});
    REQUIRE(note.has_value());
    struct Case {
        MessageId message;
        Fault fault;
        std::string said;
    };
    for (auto const& c : {Case{said, Fault::conflict, "the customer's own"}, Case{note->message.id, Fault::conflict, "a note for agents"},
                          Case{{9999}, Fault::not_found, "there is no message 9999"}}) {
        INFO(c.said);
        for (auto const verb : {Verb::cancel, Verb::retry, Verb::sent, Verb::keep}) {
            auto const done = do_it(scene, verb, c.message);
            REQUIRE(done.has_error());
            CHECK(done.error().fault == c.fault);
            CHECK_THAT(done.error().detail, Catch::Contains(c.said));
        }
        CHECK(scene.perform(desk::ShowOutbox{c.message}).error().fault == c.fault);
    }
}

TEST_CASE("outbox: one message with every try, and what it waits for")
{
    Outbox outbox;
    auto const first = outbox.reply("first");
    auto const second = outbox.reply("second");
    outbox.end(first, unknown);

    auto const doubtful = outbox.shown(first);
    REQUIRE(doubtful.parts.size() == 1);
    REQUIRE(doubtful.parts.front().attempts.size() == 1);
    CHECK(doubtful.parts.front().attempts.front().outcome == "unknown");
    CHECK(doubtful.parts.front().attempts.front().error_detail == "no answer");
    CHECK(doubtful.account_name == "support");
    CHECK_THAT(doubtful.parts.front().stands, Catch::Contains("nobody knows whether it arrived; it waits for the provider's word"));

    auto const blocked = outbox.shown(second);
    REQUIRE(blocked.parts.front().ahead.size() == 1);
    CHECK(blocked.parts.front().ahead.front().message == first);
    CHECK_THAT(blocked.parts.front().stands, Catch::Contains("waits behind message " + std::to_string(first.value) + " of the same conversation"));

    REQUIRE(do_it(outbox.scene, Verb::sent, first).has_value());
    CHECK_THAT(outbox.shown(second).parts.front().stands, Catch::Contains("it may go now"));
    CHECK(outbox.shown(first).parts.front().attempts.front().settled_by == "agent");
    outbox.begin(second);
    CHECK(outbox.shown(second).parts.front().stands == "is on its way at this moment");
}

TEST_CASE("outbox: a pause is an administrator's, has a reason, outlives a restart, and is in the log with who made it")
{
    Outbox outbox;
    auto& scene = outbox.scene;
    auto const message = outbox.reply("hello");
    auto const before = scene.now_in_log();
    auto const by_agent = scene.perform_as(scene.ben, desk::PauseAccount{"support", "incident"});
    REQUIRE(by_agent.has_error());
    CHECK(by_agent.error().fault == Fault::forbidden);
    CHECK(scene.perform(desk::PauseAccount{"support", " "}).error().fault == Fault::malformed);
    CHECK(scene.perform(desk::PauseAccount{"nobody", "incident"}).error().fault == Fault::not_found);
    CHECK(scene.perform(desk::ResumeAccount{"support"}).error().detail == "account support is not paused");
    CHECK(scene.events(before).empty());

    auto const paused = scene.perform(desk::PauseAccount{"support", "incident\n4711"});
    REQUIRE(paused.has_value());
    CHECK(paused->paused->reason == "incident 4711");
    CHECK(scene.events(before) == "account.paused");
    CHECK(scene.logged(before).front().actor == scene.ana.actor());
    CHECK_THAT(outbox.shown(message).parts.front().stands, Catch::Contains("account support is paused since 2026-01-05 00:00:00 UTC: incident 4711"));
    auto const again = scene.perform(desk::PauseAccount{std::to_string(scene.account.value), "other"});
    REQUIRE(again.has_error());
    CHECK_THAT(again.error().detail, Catch::Contains("is paused already since 2026-01-05 00:00:00 UTC: incident 4711"));
    CHECK(scene.perform(desk::ListAccounts{})->front().account.paused->reason == "incident 4711");

    auto const rings = scene.rings;
    REQUIRE(scene.perform(desk::ResumeAccount{"support"}).has_value());
    CHECK(scene.rings == rings + 1);
    CHECK(scene.events(before) == "account.paused account.resumed");
    REQUIRE(scene.perform(desk::PauseAccount{"support", "kept"}).has_value());
    scene.store.reopen();
    CHECK(scene.store.read([&](store::Reading& r) { return store::find_account(r, scene.account)->paused->reason; }) == "kept");
}

TEST_CASE("outbox: an administrator takes over a pause that would have ended by itself")
{
    Outbox outbox;
    auto& scene = outbox.scene;
    scene.store.write([&](store::Tx& tx) { store::pause_account(tx, scene.account, {store::PausedBy::provider, "The token has expired.", scene.clock.now()}, {}); });
    auto const paused = scene.perform(desk::PauseAccount{"support", "the provider closed it"});
    REQUIRE(paused.has_value());
    CHECK(paused->paused->reason == "the provider closed it");
}
