#include "outbox_by_hand.hpp"

using namespace deskbridge;
using test::accepted;
using test::refused;
using test::unknown;
using Outbox = test::OutboxByHand;

TEST_CASE("outbox: the list, by state and account, page by page, with what is open and who is paused")
{
    Outbox outbox;
    auto& scene = outbox.scene;
    auto const gone = outbox.reply("gone");
    outbox.end(gone, accepted);
    auto const dead = outbox.reply("dead");
    outbox.end(dead, refused);
    auto const doubt = outbox.reply("doubt");
    outbox.end(doubt, unknown);
    auto const waiting = outbox.reply("waiting");
    auto const found = [&](desk::ListOutbox query) {
        std::vector<std::int64_t> messages;
        for (;;) {
            auto const list = scene.perform_as(scene.ben, query);
            REQUIRE(list.has_value());
            for (auto const& line : list->page.lines)
                messages.push_back(line.intent.message.value);
            if (!list->page.next)
                return messages;
            query.before = list->page.next;
        }
    };
    using Numbers = std::vector<std::int64_t>;
    using enum IntentState;
    CHECK(found({{queued, IntentState::unknown}, true, false, "", {}, 50}) == Numbers{waiting.value, doubt.value});
    CHECK(found({{queued, IntentState::unknown}, true, false, "", {}, 1}) == Numbers{waiting.value, doubt.value});
    CHECK(found({{IntentState::unknown}, true, false, "support", {}, 50}) == Numbers{doubt.value});
    CHECK(found({{IntentState::refused, expired}, false, true, "", {}, 50}) == Numbers{dead.value});
    CHECK(found({{queued, IntentState::unknown, IntentState::refused, IntentState::accepted}, false, false, "", {}, 2}) ==
          Numbers{waiting.value, doubt.value, dead.value, gone.value});
    auto const list = scene.perform(desk::ListOutbox{{queued}, true, false, "", {}, 50});
    REQUIRE(list.has_value());
    CHECK((list->counts.of[0] == 1 && list->counts.of[3] == 1));
    CHECK(list->counts.oldest_unknown.has_value());
    CHECK(list->page.lines.front().account_name == "support");
    CHECK(list->page.lines.front().contact_name == "Maria");
    CHECK(list->paused.empty());
    auto const nowhere = scene.perform(desk::ListOutbox{{queued}, true, false, "sales", {}, 50});
    REQUIRE(nowhere.has_error());
    CHECK(nowhere.error().fault == Fault::malformed);
    CHECK_THAT(nowhere.error().detail, Catch::Contains("there is support"));
}

TEST_CASE("outbox: what the screen calls a message finds it, receipts included")
{
    using enum ReceiptStatus;
    struct Case {
        std::vector<ReceiptStatus> came;
        std::string word;
    };
    auto const c = GENERATE(values<Case>({
        {{}, "accepted"},
        {{sent}, "sent"},
        {{sent, delivered}, "delivered"},
        {{read}, "read"},
        {{played}, "played"},
        {{sent, failed}, "failed"},
        {{delivered, failed}, "delivered"}, // the provider contradicts itself
    }));
    INFO(c.word);
    Outbox outbox;
    auto const message = outbox.reply("hello");
    outbox.end(message, accepted);
    for (auto const status : c.came)
        outbox.receive(status);
    CHECK(outbox.shown(message).message.delivery == c.word);
    for (auto const asked : {sent, delivered, read, played}) {
        desk::ListOutbox query;
        query.open = false;
        query.receipts = {asked};
        CHECK((outbox.count(query) == 1) == (render_receipt_status(asked) == c.word));
    }
    desk::ListOutbox query;
    query.open = false;
    query.failed = true;
    CHECK((outbox.count(query) == 1) == (c.word == "failed"));
}

TEST_CASE("outbox: what waits because its account rests says so, and until when")
{
    Outbox outbox;
    auto const message = outbox.reply("hello");
    auto const until = outbox.scene.clock.now() + std::chrono::seconds{40};
    auto const stands = [&] { return outbox.shown(message).parts.front().stands; };
    CHECK(stands().find("it may go now") != std::string::npos);
    outbox.scene.rests = {{outbox.scene.account, until, RestReason::no_connection}};
    CHECK(stands().find("account support sends nothing until") != std::string::npos);
    CHECK(stands().find("the provider cannot be reached") != std::string::npos);
    auto const list = outbox.scene.perform(desk::ListOutbox{});
    REQUIRE(list.has_value());
    REQUIRE(list->resting.size() == 1);
    CHECK(list->resting.front().name == "support");
    CHECK(list->resting.front().rest.until == until);
}

TEST_CASE("outbox: while customers complain replies go on, and the list says that templates wait")
{
    Outbox outbox;
    auto const message = outbox.reply("hello");
    auto const now = outbox.scene.clock.now();
    auto const stands = [&] { return outbox.shown(message).parts.front().stands; };
    outbox.scene.rests = {{outbox.scene.account, now + std::chrono::seconds{600}, RestReason::complaints}};
    CHECK(stands().find("it may go now") != std::string::npos);
    outbox.scene.store.write([&](store::Tx& tx) {
        auto q = tx.prepare("UPDATE intent SET content = ?1");
        OutboundContent content;
        content.template_call = TemplateCall{"news", "en", {}};
        auto const written = render_content(content);
        q.bind(1, std::string_view{written});
        q.run();
    });
    CHECK(stands().find("account support sends no templates until") != std::string::npos);
    outbox.scene.rests.insert(outbox.scene.rests.begin(), {outbox.scene.account, now + std::chrono::seconds{40}, RestReason::throttled});
    CHECK(stands().find("sends no templates until") != std::string::npos);
    auto const list = outbox.scene.perform(desk::ListOutbox{});
    REQUIRE(list.has_value());
    REQUIRE(list->resting.size() == 2);
    CHECK(list->resting.front().rest.reason == RestReason::throttled);
    CHECK(list->resting.back().rest.reason == RestReason::complaints);
}

TEST_CASE("outbox: what an earlier attempt may have brought is sent again only if somebody says so")
{
    Outbox outbox;
    auto const message = outbox.reply("hello");
    outbox.end(message, unknown);
    outbox.scene.store.write([&](store::Tx& tx) { // as when it was presumed not sent, and refused the second time
        tx.prepare("UPDATE attempt SET settled_by = 'presumption'").run();
        tx.prepare("UPDATE intent SET state = 'refused', state_reason = 'refused_by_provider', settled_at_ms = 1, unknown_since_ms = NULL").run();
    });
    CHECK(outbox.shown(message).may_have_arrived);
    auto const no = outbox.scene.perform(desk::Retry{message});
    REQUIRE_FALSE(no.has_value());
    CHECK(no.error().fault == Fault::conflict);
    CHECK(no.error().detail.find("may have arrived") != std::string::npos);
    CHECK(outbox.scene.perform(desk::Retry{message, true}).has_value());
    CHECK(outbox.shown(message).message.delivery == "queued");
}
