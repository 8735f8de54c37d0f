#include "deskbridge/core/message_template.hpp"
#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/marketing_choice.hpp"
#include "deskbridge/store/outbox_view.hpp"
#include "deskbridge/store/template.hpp"
#include "store/outbox_box.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

using Because = Refused::Because;
using Source = store::MarketingChoice::Source;

/// A customer, and a list with one template of marketing and one that is of use.
struct Shop : OutboxBox {
    Shop()
    {
        std::vector<MessageTemplate> const listed{{"1", "news", "en", "marketing", "approved", "", ""},
                                                {"2", "update", "en", "utility", "approved", "", ""}};
        store.write([&](store::Tx& tx) {
            store::begin_templates(tx, anna.account, noon + 24h);
            (void)store::finish_templates(tx, anna.account, store::save_templates(tx, anna.account, listed, noon, noon), noon);
        });
    }
    MessageId queue_template(std::string const& name, Timestamp now = noon)
    {
        auto out = outgoing(anna, "A template", now, MessageClass::agent);
        out.shown.template_call = TemplateCall{name, "en", {}};
        out.parts = {out.shown};
        return queue(out);
    }
    void choose(bool wanted, Timestamp told_at, ContactId contact = {})
    {
        store.write([&](store::Tx& tx) {
            store::note_marketing_choice(tx, anna.account, contact ? contact : anna.contact, {wanted, Source::customer, told_at}, noon);
        });
    }
    std::optional<Timestamp> stopped()
    {
        return store.read([&](store::Reading& reading) { return store::marketing_stopped_at(reading, anna.account, anna.contact); });
    }
    std::string status_of(std::string const& name)
    {
        return store.read([&](store::Reading& reading) { return store::templates_named(reading, anna.account, name); }).front().as.status;
    }
    Timestamp list_wanted_at()
    {
        return store.read([&](store::Reading& reading) { return store::find_template_list(reading, anna.account); })->next_at;
    }
    std::size_t changes()
    {
        auto const events = store.read([](store::Reading& reading) { return store::load_events(reading, {}, 1000); });
        return static_cast<std::size_t>(std::count_if(events.begin(), events.end(), [](auto const& e) { return e.type == "contact.marketing_changed"; }));
    }
};

Refused paused_template()
{
    return {"why", Because::unusable_template, {132015, "Template is paused", "", "WhatsApp has paused the template."}, "paused"};
}

Receipt failed(Because because, ProviderError error, std::string template_status = {})
{
    Receipt said{{"m1"}, "t1", ReceiptStatus::failed, noon + 1min, {std::move(error)}, {}, because};
    said.template_status = std::move(template_status);
    return said;
}

} // namespace

TEST_CASE("refusals: a template that is refused at once is marked, and its list is wanted")
{
    Shop shop;
    auto const message = shop.queue_template("update");
    (void)shop.send(message, paused_template(), noon + 1h);
    CHECK(shop.row(message).reason == "template_unusable");
    CHECK(shop.row(message).error_sentence == "WhatsApp has paused the template.");
    CHECK(store::error_words(shop.row(message)) == "WhatsApp has paused the template.");
    CHECK(shop.row(message).error_title == "Template is paused");
    CHECK(shop.status_of("update") == "paused");
    CHECK(shop.status_of("news") == "approved");
    CHECK(shop.list_wanted_at() == noon + 1h);
}

TEST_CASE("refusals: one that fails later is marked too, before and after its answer is known")
{
    bool const early = GENERATE(false, true);
    Shop shop;
    auto const message = shop.queue_template("update");
    REQUIRE(std::holds_alternative<store::AttemptBegun>(shop.begin(message)));
    auto said = failed(Because::unusable_template, {132016, "Template is disabled", "", "WhatsApp has disabled the template."}, "disabled");
    if (early) {
        said.token.clear();
        (void)shop.hear(said, noon + 1min);
        (void)shop.record(Accepted{{"m1"}, {}});
    } else {
        (void)shop.record(Accepted{{"m1"}, {}});
        (void)shop.hear(said, noon + 1min);
    }
    CHECK(shop.row(message).failed_at == noon + 1min);
    CHECK(shop.row(message).error_sentence == "WhatsApp has disabled the template.");
    CHECK(shop.list_wanted_at() < noon + 1h);
    CHECK(shop.status_of("update") == (early ? "approved" : "disabled")); // of what was parked the list tells
    auto const intent = shop.row(message).id;
    auto const receipts = shop.store.read([&](store::Reading& reading) { return store::receipts_of(reading, intent); });
    REQUIRE(receipts.size() == 1);
    CHECK(receipts.front().error_sentence == "WhatsApp has disabled the template.");
}

TEST_CASE("refusals: a template that became unusable while it waited is not tried, and says why")
{
    Shop shop;
    auto const message = shop.queue_template("update");
    auto const other = shop.queue_template("news");
    shop.store.write([&](store::Tx& tx) {
        TemplateChange paused{{}, "update", "en"};
        paused.status = "paused";
        store::refuse_template(tx, shop.anna.account, paused, noon);
    });
    CHECK(std::holds_alternative<std::vector<store::OutboxEffect>>(shop.begin(message)));
    CHECK(shop.standing_of(message) == "refused");
    CHECK(shop.row(message).reason == "template_unusable");
    CHECK(shop.row(message).attempts == 0);
    CHECK_THAT(shop.row(message).error_sentence, Catch::Contains("The template update (en)"));
    CHECK(std::holds_alternative<store::AttemptBegun>(shop.begin(other)));
}

TEST_CASE("refusals: of two sources of a choice the later by our clock counts, of one the later by its own")
{
    struct Case {
        std::string label;
        Source first;
        Timestamp first_told;
        Source second;
        Timestamp second_told;
        bool second_counts;
    };
    auto const c = GENERATE(values<Case>({
        {"their clock is behind ours", Source::refusal, noon + 5min, Source::customer, noon, true},
        {"and ahead of it", Source::customer, noon + 1h, Source::refusal, noon, true},
        {"an older word of the same source", Source::customer, noon + 1h, Source::customer, noon, false},
    }));
    INFO(c.label);
    Shop shop;
    auto const choose = [&](bool wanted, Source source, Timestamp told, Timestamp heard) {
        shop.store.write([&](store::Tx& tx) { store::note_marketing_choice(tx, shop.anna.account, shop.anna.contact, {wanted, source, told}, heard); });
    };
    bool const stop_first = GENERATE(true, false);
    choose(!stop_first, c.first, c.first_told, noon + 6min);
    choose(stop_first, c.second, c.second_told, noon + 7min);
    CHECK(shop.stopped().has_value() == (stop_first != c.second_counts));
}

TEST_CASE("refusals: who wants no marketing gets none, and everything else; a resume lifts it")
{
    Shop shop;
    (void)shop.send(shop.queue_template("news"), Refused{"why", Because::opted_out, {131050, "t", "", "No marketing."}}, noon);
    CHECK(shop.stopped() == noon);
    CHECK(shop.changes() == 1);
    auto const next = shop.queue_template("news", noon + 1min);
    CHECK(std::holds_alternative<std::vector<store::OutboxEffect>>(shop.begin(next, noon + 1min)));
    CHECK(shop.row(next).state == IntentState::refused);
    CHECK(shop.row(next).reason == "opted_out");
    CHECK(shop.row(next).attempts == 0);
    CHECK(store::error_words(shop.row(next)) == no_marketing_wanted);
    auto const useful = shop.queue_template("update", noon + 2min);
    (void)shop.send(useful, Accepted{{"m2"}, {}}, noon + 2min);
    shop.choose(true, noon + 3min);
    CHECK_FALSE(shop.stopped());
    (void)shop.send(shop.queue_template("news", noon + 4min), Accepted{{"m3"}, {}}, noon + 4min);
    CHECK(shop.changes() == 2);
}

TEST_CASE("refusals: marketing that waits is not sent once the customer has said stop, until they say start")
{
    Shop shop;
    auto const says = [&](std::optional<Timestamp> stopped) {
        shop.store.write([&](store::Tx& tx) {
            auto contact = *store::find_contact(tx, shop.anna.contact);
            contact.stopped_at = stopped;
            store::save_contact(tx, contact);
        });
    };
    auto const waits = shop.queue_template("news", noon);
    says(noon + 1min);
    CHECK(std::holds_alternative<std::vector<store::OutboxEffect>>(shop.begin(waits, noon + 2min)));
    CHECK(shop.row(waits).reason == "opted_out");
    CHECK(store::error_words(shop.row(waits)) == no_marketing_after_stop);
    (void)shop.send(shop.queue_template("update", noon + 3min), Accepted{{"m1"}, {}}, noon + 3min);
    says(std::nullopt);
    (void)shop.send(shop.queue_template("news", noon + 4min), Accepted{{"m2"}, {}}, noon + 4min);
}

TEST_CASE("refusals: an opt-out that is told later is kept, of a plain text it says nothing about marketing")
{
    bool const is_template = GENERATE(true, false);
    Shop shop;
    auto const message = is_template ? shop.queue_template("news") : shop.queue("Hello");
    (void)shop.send(message, Accepted{{"m1"}, {}});
    (void)shop.hear(failed(Because::opted_out, {131050, "t", "", "No marketing."}), noon + 2min);
    CHECK(shop.stopped() == (is_template ? std::optional{noon + 1min} : std::nullopt));
}

TEST_CASE("marketing: the latest word counts, in whatever order they come, for one account, and through a merge")
{
    Shop shop;
    shop.choose(true, noon + 2min); // what is so already is kept, and told to nobody
    CHECK(shop.changes() == 0);
    shop.choose(false, noon + 1min);
    CHECK_FALSE(shop.stopped());
    shop.choose(false, noon + 3min);
    CHECK(shop.stopped() == noon + 3min);
    auto const other = shop.store.read([&](store::Reading& reading) {
        return store::marketing_stopped_at(reading, AccountId{shop.anna.account.value + 1}, shop.anna.contact);
    });
    CHECK_FALSE(other);

    auto const twin = shop.store.write([&](store::Tx& tx) { return store::insert_contact(tx, "Anna", "", noon); });
    shop.choose(true, noon + 5min, twin);
    CHECK(shop.stopped());
    shop.store.write([&](store::Tx& tx) { store::merge_contacts(tx, twin, shop.anna.contact, noon, "the same person"); });
    CHECK_FALSE(shop.stopped());
}

TEST_CASE("refusals: a closed window that is open here is doubted once, at once and by a late receipt")
{
    auto const told = GENERATE(as<std::string>{}, "at once", "later", "before the answer");
    INFO(told);
    OutboxBox box;
    auto const id = box.queue("hello");
    auto const closed = [&](Timestamp now) {
        auto said = receipt(told == "at once" ? "" : "m" + std::to_string(box.tokens), ReceiptStatus::failed, {}, now);
        said.because = Because::window_closed;
        REQUIRE(std::holds_alternative<store::AttemptBegun>(box.begin(id, now)));
        if (told == "at once")
            return (void)box.record(Refused{"131047", Because::window_closed, {131047, "t", "", "Closed."}}, now, true);
        if (told == "before the answer")
            (void)box.hear(said, now);
        (void)box.record(accepted(said.message.value), now, true);
        if (told == "later")
            (void)box.hear(said, now);
    };
    closed(noon + 1min);
    CHECK(box.row(id).state == IntentState::retry_wait);
    CHECK(box.row(id).reason == "window_doubted");
    auto const again = box.row(id).next_at;
    CHECK(again >= noon + 1min + 5s);
    CHECK(again <= noon + 1min + 30s);
    CHECK(box.ready(again) == std::vector<std::string>{"hello"});
    closed(again);
    CHECK(box.row(id).state == IntentState::kept);
    CHECK(box.row(id).attempts == 2);
}

TEST_CASE("refusals: the second try's own receipts count, not those of the first")
{
    OutboxBox box;
    auto const id = box.queue("hello");
    auto said = receipt("m1", ReceiptStatus::failed, {}, noon + 1min);
    said.because = Because::window_closed;
    (void)box.send(id, accepted("m1"), noon + 1min);
    (void)box.hear(said, noon + 1min);
    auto const again = box.row(id).next_at;
    (void)box.send(id, accepted("m2"), again);
    (void)box.hear(receipt("m1", ReceiptStatus::sent, {}, noon), again + 1s);
    CHECK(box.standing_of(id) == "accepted");
    (void)box.hear(receipt("m2", ReceiptStatus::delivered, {}, again), again + 1s);
    CHECK(box.standing_of(id) == "accepted/delivered");
}

TEST_CASE("refusals: within a minute of the customer's message the window counts as closed")
{
    OutboxBox box;
    auto const id = box.queue("hello");
    (void)box.send(id, Refused{"131047", Because::window_closed, {131047, "t", "", "Closed."}}, noon + 59s, true);
    CHECK(box.row(id).state == IntentState::kept);
}
