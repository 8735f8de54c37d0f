#include "scene.hpp"

#include <catch2/catch.hpp>

#include <latch>
#include <thread>

using namespace deskbridge;
using namespace deskbridge::store;
using test::has;
using test::put;
using test::TempStore;

namespace {

constexpr auto endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
constexpr auto insert = "INSERT INTO cursor (name, seq) VALUES ('x', 1)";
constexpr auto all_names = "SELECT name FROM cursor ORDER BY name";

} // namespace

TEST_CASE("reader: one job sees one snapshot, whatever is committed meanwhile")
{
    TempStore store;
    store.write([](Tx& tx) { put(tx, "old"); });
    std::latch reading{1};
    std::latch written{1};
    bool old_seen = false;
    bool new_seen = true;
    std::thread reader{[&] {
        auto const done = store->read_now([&](Reading& r) {
            old_seen = has(r, "old");
            reading.count_down();
            written.wait();
            new_seen = has(r, "new");
        });
        static_cast<void>(done);
    }};
    reading.wait();
    store.write([](Tx& tx) { put(tx, "new"); });
    written.count_down();
    reader.join();
    CHECK(old_seen);
    CHECK_FALSE(new_seen);
    CHECK(store.read([](Reading& r) { return has(r, "new"); }));
}

TEST_CASE("reader: sees nothing before the commit")
{
    TempStore store;
    test::HeldWriter held{store};
    held.write(Lane::agent, 0, [](Tx& tx) { put(tx, "a"); });
    CHECK_FALSE(store.read([](Reading& r) { return has(r, "a"); }));
    held.release();
    CHECK(store.read([](Reading& r) { return has(r, "a"); }));
}

TEST_CASE("reader: what goes wrong is answered, and the next job works")
{
    struct Case {
        std::string label;
        std::function<void(Reading&)> job;
        Fault fault;
    };
    auto const c = GENERATE(values<Case>({
        {"it cannot write", [](Reading& r) { r.prepare(insert).run(); }, Fault::storage},
        {"a query that takes too long is broken off", [](Reading& r) { r.prepare(endless).run(); }, Fault::unavailable},
        {"short queries in a row that does not end", [](Reading& r) { for (;;) (void)has(r, "x"); }, Fault::unavailable},
        {"it says so itself", [](Reading&) { throw Rollback{{Fault::not_found, ""}}; }, Fault::not_found},
        {"an exception", [](Reading&) { throw std::runtime_error{""}; }, Fault::storage},
    }));
    INFO(c.label);
    TempStore store{{.readers = 1, .query_limit = std::chrono::milliseconds{50}, .job_limit = std::chrono::milliseconds{100}}};
    auto const done = store->read_now(c.job);
    REQUIRE(done.has_error());
    CHECK(done.error().fault == c.fault);
    CHECK_FALSE(store.read([](Reading& r) { return has(r, "x"); }));
}

TEST_CASE("reader: the same query inside its own loop")
{
    TempStore store;
    store.write([](Tx& tx) {
        put(tx, "a");
        put(tx, "b");
    });
    auto const pairs = store.read([](Reading& r) {
        std::string seen;
        auto outer = r.prepare(all_names);
        while (outer.step()) {
            auto inner = r.prepare(all_names);
            while (inner.step())
                seen += outer.text(0) + inner.text(0) + " ";
        }
        return seen;
    });
    CHECK(pairs == "aa ab ba bb ");
}
