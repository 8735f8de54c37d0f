#include "scene.hpp"

#include "deskbridge/store/account.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::store;
using test::TempStore;

namespace {

Timestamp const t0 = from_ms(1'000);
Timestamp const t1 = from_ms(2'000);

ConfiguredAccount account(std::string number, std::string name)
{
    return {.channel = "whatsapp", .number = std::move(number), .name = std::move(name)};
}

std::vector<AccountId> configure(TempStore& store, std::vector<ConfiguredAccount> const& accounts, Timestamp now = t0)
{
    return store.write([&](Tx& tx) { return configure_accounts(tx, accounts, now); });
}

std::string log_of(TempStore& store)
{
    std::string types;
    for (auto const& event : store.read([](Reading& r) { return load_events(r, {}, 100); }))
        types += event.type + ":" + std::to_string(event.account.value) + " ";
    return types;
}

} // namespace

TEST_CASE("account: configuring the same again changes nothing")
{
    TempStore store;
    auto const first = configure(store, {account("1", "support"), account("2", "sales")});
    auto const again = configure(store, {account("2", "sales"), account("1", "support")});
    CHECK(again == std::vector{first[1], first[0]});
    CHECK(log_of(store) == "account.added:1 account.added:2 ");
}

TEST_CASE("account: renaming keeps its row; leaving the configuration keeps its data; coming back finds it")
{
    TempStore store;
    auto const id = configure(store, {account("1", "support")}).front();
    CHECK(configure(store, {account("1", "help")}, t1).front() == id);
    configure(store, {});
    auto const gone = store.read([&](Reading& r) { return find_account(r, id); });
    REQUIRE(gone.has_value());
    CHECK_FALSE(gone->configured);
    CHECK(gone->as.name == "help");
    CHECK(gone->created_at == t0);
    CHECK(configure(store, {account("1", "help")}).front() == id);
    auto const back = store.read([&](Reading& r) { return find_account(r, "whatsapp", "1"); });
    REQUIRE(back.has_value());
    CHECK(back->configured);
    CHECK(log_of(store) == "account.added:1 account.changed:1 account.unconfigured:1 account.changed:1 ");
}

TEST_CASE("account: a pause keeps its first reason and survives a new configuration")
{
    TempStore store;
    auto const id = configure(store, {account("1", "support")}).front();
    auto const pause = [&](char const* why, Timestamp at) {
        return store.write([=](Tx& tx) { return pause_account(tx, id, {PausedBy::provider, why, at}, {}); });
    };
    auto const resume = [&] { return store.write([=](Tx& tx) { return resume_account(tx, id, {ActorKind::agent, 7}, t1); }); };
    CHECK_FALSE(resume());
    CHECK(pause("The account is locked.", t0));
    CHECK_FALSE(pause("again", t1));
    configure(store, {account("1", "renamed")});
    auto const paused = store.read([&](Reading& r) { return find_account(r, id); });
    REQUIRE(paused.has_value());
    REQUIRE(paused->paused.has_value());
    CHECK(paused->paused->by == PausedBy::provider);
    CHECK(paused->paused->reason == "The account is locked.");
    CHECK(paused->paused->at == t0);
    CHECK(resume());
    CHECK_FALSE(store.read([&](Reading& r) { return find_account(r, id); })->paused.has_value());
    CHECK(log_of(store) == "account.added:1 account.paused:1 account.changed:1 account.resumed:1 ");
}

TEST_CASE("account: the last refusal only moves forward")
{
    TempStore store;
    auto const id = configure(store, {account("1", "support")}).front();
    auto const refuse = [&](Timestamp at) { store.write([=](Tx& tx) { note_intake_refusal(tx, id, at); }); };
    refuse(t1);
    refuse(t0);
    auto const last = store.read([&](Reading& r) {
        auto q = r.prepare("SELECT last_refusal_at_ms FROM account WHERE account_id = ?1");
        q.bind(1, id);
        return q.step() ? q.maybe_time(0) : std::nullopt;
    });
    CHECK(last == t1);
}
