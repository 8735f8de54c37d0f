#include "deskbridge/store/account_health.hpp"
#include "deskbridge/store/account.hpp"
#include "deskbridge/store/event_log.hpp"
#include "support/temp_store.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace deskbridge;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp noon = from_ms(1'795'910'400'000); // a full hour

HealthFinding quality(std::string state, Severity severity)
{
    return {HealthAspect::quality, std::move(state), severity, severity == Severity::ok ? "" : "Customers block it.", "", {}, {}};
}

class Accounts {
public:
    Accounts()
    {
        account = store_.write([](store::Tx& tx) {
            std::array const all{store::ConfiguredAccount{.channel = "whatsapp", .number = "700", .name = "support"}};
            return store::configure_accounts(tx, all, noon).front();
        });
    }
    bool told(HealthFinding const& finding, HealthSource source, Timestamp at)
    {
        return store_.write([&](store::Tx& tx) { return store::apply_finding(tx, account, finding, {source, at, at + 1s}); });
    }
    std::vector<store::HealthRow> rows()
    {
        return store_.read([&](store::Reading& reading) { return store::health_of(reading, account); });
    }
    /// "quality:red", in the order of the aspects.
    std::vector<std::string> states()
    {
        std::vector<std::string> out;
        for (auto const& row : rows())
            out.push_back(std::string{render_health_aspect(row.as.aspect)} + ":" + row.as.state);
        return out;
    }
    store::AccountCheck check()
    {
        auto const found = store_.read([&](store::Reading& reading) { return store::find_account_check(reading, account); });
        return found.value_or(store::AccountCheck{});
    }
    std::vector<std::string> events(std::string_view type)
    {
        std::vector<std::string> out;
        for (auto const& event : store_.read([](store::Reading& reading) { return store::load_events(reading, {}, 1000); }))
            if (event.type == type)
                out.push_back(event.data);
        return out;
    }
    void came(Timestamp at)
    {
        store_.write([&](store::Tx& tx) { store::count_inbound(tx, account, at); });
    }
    test::TempStore& store() { return store_; }

    AccountId account;

private:
    test::TempStore store_;
};

using Texts = std::vector<std::string>;

} // namespace

TEST_CASE("account health: the latest word counts by the clock of who told it, and only changes are told")
{
    Accounts accounts;
    CHECK_FALSE(accounts.told(quality("green", Severity::ok), HealthSource::check, noon)); // well at first sight is no news
    CHECK(accounts.told(quality("red", Severity::error), HealthSource::webhook, noon + 2h));
    CHECK_FALSE(accounts.told(quality("green", Severity::ok), HealthSource::webhook, noon + 1h)); // came late
    CHECK_FALSE(accounts.told(quality("red", Severity::error), HealthSource::check, noon + 3h));
    REQUIRE(accounts.rows().size() == 1);
    auto const row = accounts.rows().front();
    CHECK(row.as.state == "red");
    CHECK(row.since == noon + 2h); // it has been so since then
    CHECK(row.told_at == noon + 3h);
    CHECK(row.heard_at == noon + 3h + 1s);
    CHECK(row.source == HealthSource::check);
    CHECK(accounts.events("account.health_changed") ==
          Texts{R"({"aspect":"quality","state":"red","severity":"error","source":"webhook",)"
                R"("cause":"Customers block it.","before":{"state":"green","severity":"ok"}})"});
}

TEST_CASE("account health: a provider's clock and ours may differ by a minute")
{
    Accounts accounts;
    accounts.told(quality("red", Severity::error), HealthSource::check, noon);
    CHECK_FALSE(accounts.told(quality("green", Severity::ok), HealthSource::webhook, noon - 61s));
    CHECK(accounts.told(quality("green", Severity::ok), HealthSource::webhook, noon - 59s));
    CHECK_FALSE(accounts.told(quality("red", Severity::error), HealthSource::webhook, noon - 60s)); // one clock has no doubt
}

TEST_CASE("account health: what a clock wrote that was days ahead does not stand against what is true now")
{
    Accounts accounts;
    accounts.told(quality("red", Severity::error), HealthSource::check, noon + 100h);
    CHECK(accounts.told(quality("green", Severity::ok), HealthSource::check, noon));
    CHECK(accounts.states() == Texts{"quality:green"});
}

TEST_CASE("account health: alerts stand beside each other by their kind; a restriction ends by itself")
{
    Accounts accounts;
    HealthFinding alert{HealthAspect::alert, "active", Severity::error};
    for (auto const* kind : {"spam", "billing"}) {
        alert.subject = kind;
        accounts.told(alert, HealthSource::webhook, noon);
    }
    HealthFinding restricted{HealthAspect::standing, "restricted", Severity::error};
    restricted.until = noon + 24h;
    accounts.told(restricted, HealthSource::webhook, noon);
    CHECK(accounts.states() == Texts{"standing:restricted", "alert:active", "alert:active"});
    auto const end_at = [&](Timestamp at) {
        return accounts.store().write([&](store::Tx& tx) { return store::end_what_is_over(tx, accounts.account, at); });
    };
    CHECK(end_at(noon + 23h) == 0);
    CHECK(end_at(noon + 24h) == 1);
    CHECK(accounts.states().front() == "standing:over");
    CHECK(accounts.rows().front().since == noon + 24h);
}

TEST_CASE("account checks: wishes, patience, and what came of it")
{
    Accounts accounts;
    auto& store = accounts.store();
    auto const want = [&](store::CheckWish const& wish) {
        store.write([&](store::Tx& tx) { store::want_check(tx, accounts.account, wish); });
    };
    auto const begin = [&] { return store.write([&](store::Tx& tx) { return store::begin_check(tx, accounts.account, noon + 24h); }); };
    auto const finish = [&](std::string const& problem, Timestamp next_at) {
        store::Checked const checked{{quality("yellow", Severity::warning)}, problem, noon, next_at};
        store.write([&](store::Tx& tx) { store::finish_check(tx, accounts.account, checked, noon + 1s); });
    };
    CHECK_FALSE(begin());
    finish("", noon + 24h);
    CHECK(accounts.check().checked_at == noon + 1s);
    CHECK(accounts.check().next_at == noon + 24h);
    CHECK(accounts.states() == Texts{"quality:yellow"});

    want({.at = noon + 20s});
    want({.at = noon + 40s, .with_hook = true});
    CHECK(accounts.check().next_at == noon + 20s);
    CHECK(begin()); // with the hook
    want({.at = noon + 5s}); // while it is under way
    finish("busy", noon + 1min);
    CHECK(accounts.check().next_at == noon + 5s);
    CHECK(accounts.check().failures == 1);
    CHECK(accounts.check().problem == "busy");

    CHECK_FALSE(begin());
    finish("busy", noon + 1h);
    want({.at = noon + 2s}); // the provider asked for patience
    CHECK(accounts.check().next_at == noon + 1h);
    want({.at = noon + 3s, .by = {ActorKind::agent, 1}});
    CHECK(accounts.check().next_at == noon + 3s);
    CHECK(accounts.events("account.check_requested").size() == 1);
}

TEST_CASE("arrivals: counted by the hour, compared with the weeks before, forgotten in the end; one ends a silence")
{
    Accounts accounts;
    auto& store = accounts.store();
    for (int back = 1; back <= 4; ++back)
        for (int n = 0; n < back; ++n)
            accounts.came(noon - back * week + std::chrono::minutes{10 * n});
    accounts.came(noon - 2h);
    auto const hours = earlier_hours({noon, noon + 1h}, "UTC");
    auto const weeks = store.read([&](store::Reading& reading) { return store::count_earlier_weeks(reading, accounts.account, hours); });
    CHECK(weeks == EarlierWeeks{1, 2, 3, 4});
    auto const last = [&] { return store.read([&](store::Reading& reading) { return store::last_inbound(reading, accounts.account); }); };
    CHECK(last() == noon - 2h);

    accounts.told({HealthAspect::silence, "silent", Severity::warning}, HealthSource::deskbridge, noon + 1h);
    accounts.came(noon - 1h); // an old body, read again
    CHECK(accounts.states() == Texts{"silence:silent"});
    accounts.came(noon + 2h);
    CHECK(accounts.states() == Texts{"silence:heard"});
    CHECK(accounts.events("account.health_changed").size() == 2);

    auto const dropped = store.write([&](store::Tx& tx) { return store::drop_inbound_hours(tx, noon - 2 * week, 100); });
    CHECK(dropped == 2);
    CHECK(last() == noon + 2h);
}

TEST_CASE("account health: accounts are marked by the worst of them, those of the configuration alone")
{
    Accounts accounts;
    auto& store = accounts.store();
    auto const marks = [&] {
        Texts shown;
        for (auto const& mark : store.read([](store::Reading& reading) { return store::mark_accounts(reading); }))
            shown.push_back(mark.name + ":" + std::string{render_severity(mark.worst)} + (mark.silent ? ":silent" : ""));
        return shown;
    };
    auto const health = [&] {
        return store.read([&](store::Reading& reading) { return store::find_account(reading, accounts.account)->health; });
    };
    CHECK(marks() == Texts{"support:ok"});
    CHECK(health() == Severity::ok);
    accounts.told({HealthAspect::silence, "silent", Severity::warning}, HealthSource::deskbridge, noon);
    CHECK(marks() == Texts{"support:warning:silent"});
    accounts.told(quality("red", Severity::error), HealthSource::check, noon);
    CHECK(marks() == Texts{"support:error:silent"});
    CHECK(health() == Severity::error);
    store.write([](store::Tx& tx) { (void)store::configure_accounts(tx, {}, noon); });
    CHECK(marks().empty());
    CHECK(accounts.states() == Texts{"quality:red", "silence:not_watched"}); // nobody wonders at a number that is retired
    CHECK(store.read([](store::Reading& reading) { return store::load_health(reading); }).empty());
}
