#include "world.hpp"

#include "deskbridge/flow/upkeep.hpp"
#include "deskbridge/store/idempotency.hpp"
#include "deskbridge/store/outgoing_file.hpp"
#include "deskbridge/store/shelf.hpp"
#include "support/scratch_folder.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

/// What lies in the tables that upkeep tidies.
struct Left {
    std::int64_t bodies{0};
    std::int64_t keys{0};
    std::int64_t requests{0};
    std::int64_t parked{0};
    friend bool operator==(Left const&, Left const&) = default;
};

std::ostream& operator<<(std::ostream& out, Left const& left)
{
    return out << left.bodies << " bodies, " << left.keys << " keys, " << left.requests << " requests, " << left.parked << " parked";
}

Left left_in(World& world)
{
    return world.store.read([](store::Reading& reading) {
        auto q = reading.prepare("SELECT (SELECT count(*) FROM journal WHERE body IS NOT NULL), (SELECT count(*) FROM inbound_event), "
                                 "(SELECT count(*) FROM idempotency), (SELECT count(*) FROM receipt WHERE intent_id IS NULL) "
                                 "+ (SELECT count(*) FROM message_parked)");
        REQUIRE(q.step());
        return Left{q.integer(0), q.integer(1), q.integer(2), q.integer(3)};
    });
}

/// Steps until there is nothing more to do; answers how many.
int sweep(World& world, flow::Upkeep& upkeep)
{
    int steps = 1;
    while (world.run(upkeep.step()))
        ++steps;
    return steps;
}

void say(World& world, std::string const& id)
{
    Customer const writer{"mara", "Mara", "14155550101", "US.1"};
    auto message = message_of(writer, id, world.now());
    message["type"] = "text";
    message["text"] = {{"body", "hello"}};
    auto const body = webhook({messages_change({"700100200300400"}, writer, nlohmann::json::array({message}))});
    REQUIRE(world.deliver(world.sign(body)).status == 200);
}

void park_receipt(World& world, std::string const& id)
{
    Receipt receipt;
    receipt.message = {id};
    receipt.at = world.now();
    auto const what = world.store.write(
        [&](store::Tx& tx) { return store::apply_receipt(tx, world.account().id, receipt, world.now()).what; });
    REQUIRE(what == store::ReceiptEffect::What::parked);
}

void ask_once(World& world, std::string const& key)
{
    store::Repeatable const request{{ActorKind::agent, 1}, key, "the same"};
    world.store.write([&](store::Tx& tx) { store::remember_request(tx, request, "1", world.now()); });
}

} // namespace

TEST_CASE("Upkeep forgets each thing after its own time, and nothing before")
{
    World world;
    flow::Upkeep upkeep{{*world.store, world.clock, world.log, world.metrics}};
    say(world, "wamid.1");
    park_receipt(world, "wamid.foreign");
    ask_once(world, "k1");
    auto const begun = world.now();
    struct Step {
        std::chrono::hours after;
        Left left;
    };
    for (auto const& step : {Step{24h * 7 - 1h, {1, 1, 1, 1}}, Step{24h * 7, {1, 1, 0, 1}}, Step{24h * 30 - 1h, {1, 1, 0, 1}},
                             Step{24h * 30, {0, 1, 0, 0}}, Step{24h * 37 - 1h, {0, 1, 0, 0}}, Step{24h * 37, {0, 0, 0, 0}}}) {
        INFO(step.after.count() << " hours later");
        world.clock.set(begun + step.after);
        sweep(world, upkeep);
        CHECK(left_in(world) == step.left);
    }
    CHECK(world.metrics.counter("deskbridge_upkeep_dropped_total", R"(what="keys")").value() == 1);
    CHECK(world.metrics.counter("deskbridge_upkeep_dropped_total", R"(what="bodies")").value() == 1);
}

TEST_CASE("Upkeep leaves alone what lies on the shelf, with its keys, until somebody has decided")
{
    World world;
    flow::Upkeep upkeep{{*world.store, world.clock, world.log, world.metrics}};
    REQUIRE(world.deliver(world.sign("no JSON")).status == 200);
    auto const begun = world.now();
    world.clock.set(begun + 24h * 100);
    sweep(world, upkeep);
    CHECK(left_in(world).bodies == 1);
    world.store.write([&](store::Tx& tx) { return store::resolve_shelf_entry(tx, {1}, {store::ShelfResolution::dropped}, world.now()); });
    sweep(world, upkeep);
    CHECK(left_in(world).bodies == 0);
}

TEST_CASE("Upkeep of much goes in many small steps")
{
    World world;
    flow::Upkeep upkeep{{*world.store, world.clock, world.log, world.metrics}};
    for (int i = 0; i < 250; ++i)
        ask_once(world, "k" + std::to_string(i));
    world.clock.set(world.now() + 24h * 8);
    CHECK(world.run(upkeep.step()));
    CHECK(left_in(world).requests == 150);
    CHECK(sweep(world, upkeep) == 2);
    CHECK(left_in(world).requests == 0);
}

TEST_CASE("Upkeep removes files that were brought in and never sent, and leaves what was kept again meanwhile")
{
    World world;
    ScratchFolder const scratch;
    store::MediaFolder const folder{scratch.path() / "media"};
    REQUIRE(folder.prepare().has_value());
    async::Pool pool{1};
    flow::Upkeep upkeep{{*world.store, world.clock, world.log, world.metrics, &folder, &pool}};
    auto const keep = [&](std::string const& bytes) {
        auto draft = folder.draft();
        REQUIRE(draft.has_value());
        draft->append(bytes);
        auto const kept = store::keep_file(*draft, {});
        REQUIRE(kept.has_value());
        return *kept;
    };
    auto const bring = [&](std::string const& bytes) {
        auto const file = keep(bytes);
        world.store.write([&](store::Tx& tx) { return store::bring_file(tx, {0, "a.txt", "", file, world.now()}, {ActorKind::agent, 1}); });
        return *folder.place_of(file.sha256);
    };
    auto const is_of = [](std::filesystem::path const& file, Timestamp at) {
        std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::from_sys(at));
    };
    auto const begun = world.now();
    auto const forgotten = bring("forgotten");
    auto const fresh = bring("kept by somebody just now");
    world.clock.set(begun + 24h * 7 - 1h);
    is_of(forgotten, begun);
    sweep(world, upkeep);
    CHECK(std::filesystem::exists(forgotten));
    world.clock.set(begun + 24h * 7);
    is_of(fresh, world.now() - 10min);
    sweep(world, upkeep);
    CHECK_FALSE(std::filesystem::exists(forgotten));
    CHECK(std::filesystem::exists(fresh));
    CHECK(world.metrics.counter("deskbridge_upkeep_dropped_total", R"(what="files")").value() == 2);
    CHECK(world.number_of("SELECT count(*) FROM event WHERE type = 'attachment.discarded'") == 2);
    CHECK(world.number_of("SELECT count(*) FROM outgoing_file WHERE removed_at_ms IS NULL") == 1);
    is_of(fresh, begun);
    (void)keep("kept by somebody just now"); // which makes it new again
    CHECK(std::filesystem::last_write_time(fresh) > std::filesystem::file_time_type::clock::from_sys(begun));
    is_of(fresh, begun);
    sweep(world, upkeep);
    CHECK_FALSE(std::filesystem::exists(fresh));
    CHECK(world.number_of("SELECT count(*) FROM outgoing_file WHERE removed_at_ms IS NULL") == 0);
}

TEST_CASE("Upkeep goes past files that cannot be removed, says so once a sweep, and comes back to them")
{
    World world;
    ScratchFolder const scratch;
    store::MediaFolder const folder{scratch.path() / "media"};
    REQUIRE(folder.prepare().has_value());
    async::Pool pool{1};
    flow::Upkeep upkeep{{*world.store, world.clock, world.log, world.metrics, &folder, &pool}};
    constexpr int stuck = 100; // as many as a step looks at
    std::vector<std::filesystem::path> files;
    std::vector<std::filesystem::path> in_the_way;
    for (int n = 0; n <= stuck; ++n) {
        auto draft = folder.draft();
        REQUIRE(draft.has_value());
        draft->append("file " + std::to_string(n));
        auto const file = store::keep_file(*draft, {});
        REQUIRE(file.has_value());
        world.store.write([&](store::Tx& tx) { return store::bring_file(tx, {0, "a.txt", "", *file, world.now()}, {ActorKind::agent, 1}); });
        files.push_back(*folder.place_of(file->sha256));
        std::filesystem::last_write_time(files.back(), std::filesystem::file_time_type::clock::from_sys(world.now()));
        if (n == stuck)
            break;
        in_the_way.push_back(folder.path() / "incoming" / file->sha256); // a folder of its name, where it goes first
        std::filesystem::create_directories(in_the_way.back() / "x");
    }
    world.clock.set(world.now() + 24h * 7);
    sweep(world, upkeep);
    sweep(world, upkeep);
    CHECK_FALSE(std::filesystem::exists(files.back()));
    CHECK(std::filesystem::exists(files.front()));
    auto const told = [&] {
        return std::count_if(world.log.lines.begin(), world.log.lines.end(), [](std::string const& line) {
            return line.find("upkeep_failed what=files reason=") != std::string::npos && line.find("cannot be moved") != std::string::npos;
        });
    };
    CHECK(told() == 2);
    for (auto const& one : in_the_way)
        std::filesystem::remove_all(one);
    sweep(world, upkeep);
    CHECK_FALSE(std::filesystem::exists(files.front()));
    CHECK(told() == 2);
}
