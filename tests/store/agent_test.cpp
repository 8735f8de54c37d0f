#include "scene.hpp"

#include "deskbridge/store/agent.hpp"
#include "deskbridge/store/epoch.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::store;
using test::TempStore;

namespace {

Timestamp const made_at = from_ms(5'000);

Result<AgentId> add(TempStore& store, NewAgent const& agent)
{
    return store->write_now([&](Tx& tx) { return add_agent(tx, agent, {}, made_at); });
}

} // namespace

TEST_CASE("agent: found by name, by Unix user and by id; listed by name")
{
    TempStore store;
    auto const mia = add(store, {"mia", "mia_u", AgentRole::administrator});
    auto const ben = add(store, {"ben", std::nullopt, AgentRole::agent});
    REQUIRE((mia.has_value() && ben.has_value()));
    auto const [by_name, by_user, by_id, nobody, all] = store.read([&](Reading& r) {
        return std::tuple{find_agent_by_name(r, "mia"), find_agent_by_unix_user(r, "mia_u"), find_agent(r, *mia),
                          find_agent_by_unix_user(r, "ben"), load_agents(r)};
    });
    for (auto const& found : {by_name, by_user, by_id}) {
        REQUIRE(found.has_value());
        CHECK(found->id == *mia);
        CHECK(found->role == AgentRole::administrator);
        CHECK(found->created_at == made_at);
    }
    CHECK_FALSE(nobody.has_value());
    REQUIRE(all.size() == 2);
    CHECK(all[0].name == "ben");
    CHECK(all[0].unix_user == std::nullopt);
}

TEST_CASE("agent: names and Unix users are taken once, also by the disabled")
{
    struct Case {
        std::string label;
        NewAgent second;
        bool fits;
    };
    auto const c = GENERATE(values<Case>({
        {"another", {"ben", "ben_u", AgentRole::agent}, true},
        {"the same name", {"mia", "other", AgentRole::agent}, false},
        {"the same Unix user", {"ben", "mia_u", AgentRole::agent}, false},
        {"none has a Unix user", {"ben", std::nullopt, AgentRole::agent}, true},
    }));
    INFO(c.label);
    TempStore store;
    auto const mia = add(store, {"mia", "mia_u", AgentRole::agent});
    REQUIRE(mia.has_value());
    CHECK(store.write([&](Tx& tx) { return disable_agent(tx, *mia, {}, made_at); }));
    CHECK_FALSE(store.write([&](Tx& tx) { return disable_agent(tx, *mia, {}, made_at); }));
    CHECK(store.read([&](Reading& r) { return find_agent(r, *mia); })->disabled_at == made_at);
    auto const second = add(store, c.second);
    REQUIRE(second.has_value() == c.fits);
    if (!c.fits)
        CHECK(second.error().fault == Fault::conflict);
}

TEST_CASE("epoch: numbers rise; a start after a crash is known")
{
    TempStore store;
    auto const begin = [&] { return store.write([](Tx& tx) { return begin_epoch(tx, made_at); }); };
    auto const first = begin();
    CHECK(first.clean_start);
    store.write([&](Tx& tx) { end_epoch(tx, first.number, made_at); });
    auto const second = begin();
    CHECK(second.clean_start);
    CHECK(second.number > first.number);
    store.reopen(); // without end_epoch
    CHECK_FALSE(begin().clean_start);
}
