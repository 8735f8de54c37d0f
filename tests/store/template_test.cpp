#include "deskbridge/store/template.hpp"
#include "deskbridge/store/account.hpp"
#include "deskbridge/store/event_log.hpp"
#include "support/temp_store.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace deskbridge;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp noon = from_ms(1'795'910'400'000);

MessageTemplate approved(std::string name, std::string language = "de")
{
    MessageTemplate one;
    one.external_id = name + "/" + language;
    one.name = std::move(name);
    one.language = std::move(language);
    one.category = "utility";
    one.status = "approved";
    one.components = R"([{"type":"BODY","text":"Hello {{1}}"}])";
    return one;
}

class Lists {
public:
    Lists()
    {
        account = store_.write([](store::Tx& tx) {
            std::array const all{store::ConfiguredAccount{.channel = "whatsapp", .number = "700", .name = "support"}};
            return store::configure_accounts(tx, all, noon).front();
        });
    }
    store::TemplateTally sync(std::vector<MessageTemplate> const& listed, Timestamp at)
    {
        return store_.write([&](store::Tx& tx) {
            store::begin_templates(tx, account, at + 24h);
            return store::finish_templates(tx, account, store::save_templates(tx, account, listed, at, at), at);
        });
    }
    void told(TemplateChange const& change, Timestamp at) { told(change, at, at); }
    void told(TemplateChange const& change, Timestamp said_at, Timestamp at)
    {
        store_.write([&](store::Tx& tx) { store::apply_template_change(tx, account, change, said_at, at); });
    }
    void refused(TemplateChange const& change, Timestamp at)
    {
        store_.write([&](store::Tx& tx) { store::refuse_template(tx, account, change, at); });
    }
    std::vector<store::TemplateRow> list(std::vector<std::string> statuses = {}, std::int64_t after = 0, int limit = 50)
    {
        store::TemplateQuery const query{account, std::move(statuses), after, limit};
        return store_.read([&](store::Reading& reading) { return store::list_templates(reading, query); });
    }
    /// "name/language:status", in the list's order.
    std::vector<std::string> names(std::vector<std::string> statuses = {})
    {
        std::vector<std::string> out;
        for (auto const& row : list(std::move(statuses)))
            out.push_back(row.as.name + "/" + row.as.language + ":" + row.as.status);
        return out;
    }
    store::TemplateList stands()
    {
        auto const found = store_.read([&](store::Reading& reading) { return store::find_template_list(reading, account); });
        return found.value_or(store::TemplateList{});
    }
    std::vector<std::string> events()
    {
        std::vector<std::string> out;
        for (auto const& event : store_.read([](store::Reading& reading) { return store::load_events(reading, {}, 1000); }))
            if (event.type.starts_with("template."))
                out.push_back(event.type + " " + event.data);
        return out;
    }

    AccountId account;

private:
    test::TempStore store_;
};

} // namespace

TEST_CASE("templates: a list is added, changed, and what it lacks is deleted; only changes are told")
{
    Lists lists;
    auto const first = lists.sync({approved("b"), approved("a", "en"), approved("a", "de")}, noon);
    CHECK(first.added == 3);
    CHECK(lists.names() == std::vector<std::string>{"a/de:approved", "a/en:approved", "b/de:approved"});
    CHECK(lists.events() == std::vector<std::string>{R"(template.synced {"added":3,"changed":0,"gone":0})"});

    auto paused = approved("b");
    paused.status = "paused";
    paused.quality = "red";
    auto const second = lists.sync({approved("a", "de"), paused}, noon + 1h);
    CHECK(second.changed == 1);
    CHECK(second.gone == 1);
    CHECK(lists.names() == std::vector<std::string>{"a/de:approved", "b/de:paused"});
    CHECK(lists.names({"deleted"}) == std::vector<std::string>{"a/en:deleted"});
    auto const events = lists.events();
    REQUIRE(events.size() == 4);
    CHECK(events[1] == R"(template.changed {"template":1,"name":"b","language":"de","status":"paused","category":"utility",)"
                       R"("quality":"red","before":{"status":"approved","quality":""}})");
    CHECK(events[3] == R"(template.synced {"added":0,"changed":1,"gone":1})");

    lists.sync({approved("a", "de"), paused}, noon + 2h);
    CHECK(lists.events().size() == 4); // nothing new is nothing to tell
}

TEST_CASE("templates: a page begins behind the one before, by name and language")
{
    Lists lists;
    lists.sync({approved("a", "de"), approved("a", "en"), approved("b"), approved("c")}, noon);
    auto const first = lists.list({}, 0, 2);
    REQUIRE(first.size() == 2);
    auto const second = lists.list({}, first.back().id, 2);
    REQUIRE(second.size() == 2);
    CHECK(first[1].as.language == "en");
    CHECK(second[0].as.name == "b");
    CHECK(lists.list({}, second.back().id, 2).empty());
}

TEST_CASE("templates: a webhook changes what it speaks of, and each change is one event")
{
    Lists lists;
    lists.sync({approved("a")}, noon);
    lists.told({.external_id = "a/de", .name = "", .language = "", .status = "paused", .reason = "FIRST_PAUSE"}, noon + 1min);
    lists.told({.external_id = "", .name = "a", .language = "de", .quality = "yellow"}, noon + 2min);
    lists.told({.external_id = "", .name = "a", .language = "de", .quality = "yellow"}, noon + 3min);
    auto const row = lists.list().front();
    CHECK(row.as.status == "paused");
    CHECK(row.as.reason == "FIRST_PAUSE");
    CHECK(row.as.quality == "yellow");
    CHECK(row.changed_at == noon + 2min);
    CHECK(lists.events().size() == 3);
    CHECK(lists.stands().next_at == noon + 24h); // the webhooks said all
}

TEST_CASE("templates: a webhook that is late, means another one, or says an unknown word changes nothing and has the list asked for")
{
    struct Case {
        std::string label;
        TemplateChange change;
        Timestamp said_at;
    };
    auto const c = GENERATE(values<Case>({
        {"late", {.external_id = "a/de", .name = "a", .language = "de", .status = "paused"}, noon - 1h},
        {"an earlier template of that name", {.external_id = "old", .name = "a", .language = "de", .status = "deleted"}, noon + 1h},
        {"a word of tomorrow", {.external_id = "a/de", .name = "a", .language = "de"}, noon + 1h},
    }));
    INFO(c.label);
    Lists lists;
    lists.sync({approved("a")}, noon);
    lists.told(c.change, c.said_at, noon + 1h);
    CHECK(lists.names() == std::vector<std::string>{"a/de:approved"});
    CHECK(lists.stands().next_at == noon + 1h + 20s);
}

TEST_CASE("templates: one that waits for the provider is looked at again within the hour")
{
    Lists lists;
    auto paused = approved("a");
    paused.status = "paused";
    lists.sync({paused, approved("b")}, noon);
    CHECK(lists.stands().next_at == noon + 1h);
}

TEST_CASE("templates: what a webhook does not tell whole is asked for")
{
    Lists lists;
    lists.sync({approved("a")}, noon);
    SECTION("an unknown template")
    {
        lists.told({.external_id = "9", .name = "new", .language = "de", .status = "approved"}, noon + 1min);
        CHECK(lists.names() == std::vector<std::string>{"a/de:approved"});
        CHECK(lists.stands().next_at == noon + 80s);
    }
    SECTION("other parts")
    {
        TemplateChange change{.external_id = "a/de", .name = "a", .language = "de"};
        change.components = R"([{"type":"BODY","text":"Bye {{1}}"},{"type":"FOOTER","text":"x"}])";
        lists.told(change, noon + 1min);
        CHECK(lists.list().front().as.components == R"([{"text":"Bye {{1}}","type":"BODY"},{"text":"x","type":"FOOTER"}])");
        CHECK(lists.stands().next_at == noon + 80s);
    }
}

TEST_CASE("templates: the reason that a webhook told stays as long as the status that it was about")
{
    Lists lists;
    lists.sync({approved("a")}, noon);
    lists.told({.external_id = "a/de", .name = "a", .language = "de", .status = "paused", .reason = "FIRST_PAUSE"}, noon + 1min);
    auto listed = approved("a");
    listed.status = "paused";
    lists.sync({listed}, noon + 2min);
    CHECK(lists.list().front().as.reason == "FIRST_PAUSE");
    lists.sync({approved("a")}, noon + 3min);
    CHECK(lists.list().front().as.reason.empty());
}

TEST_CASE("templates: what a webhook told after a page was asked for stays")
{
    Lists lists;
    lists.sync({approved("a")}, noon);
    lists.told({.external_id = "a/de", .name = "a", .language = "de", .status = "disabled"}, noon + 2min);
    lists.sync({approved("a")}, noon + 1min); // its answer was on its way when the webhook came
    CHECK(lists.names() == std::vector<std::string>{"a/de:disabled"});
    lists.sync({approved("a")}, noon + 3min);
    CHECK(lists.names() == std::vector<std::string>{"a/de:approved"});
}

TEST_CASE("templates: one that the provider refuses is unusable until the list tells, and the list is wanted at once")
{
    Lists lists;
    (void)lists.sync({approved("a"), approved("b")}, noon);
    lists.refused({"", "a", "de", {}, "paused", {}, "WhatsApp has paused it."}, noon + 1h);
    CHECK(lists.names() == std::vector<std::string>{"a/de:paused", "b/de:approved"});
    CHECK(lists.list().front().as.reason == "WhatsApp has paused it.");
    CHECK(lists.stands().next_at == noon + 1h);
    lists.refused({"", "a", "de", {}, "unavailable"}, noon + 1h); // what is known to be worse stays
    lists.refused({"", "b", "de"}, noon + 1h);                    // of a parameter nothing follows but the question
    lists.refused({"", "nobody", "de", {}, "paused"}, noon + 1h);
    CHECK(lists.names() == std::vector<std::string>{"a/de:paused", "b/de:approved"});
    (void)lists.sync({approved("a"), approved("b")}, noon + 2h);
    CHECK(lists.names() == std::vector<std::string>{"a/de:approved", "b/de:approved"});
}
