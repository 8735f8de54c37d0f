#include "scene.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <thread>

using namespace deskbridge;
using namespace deskbridge::store;
using test::has;
using test::HeldWriter;
using test::put;
using test::TempStore;

namespace {

constexpr auto break_a_check = "INSERT INTO agent (name, role, created_at_ms) VALUES ('x', 'king', 0)";
constexpr auto break_strictness = "INSERT INTO cursor (name, seq) VALUES ('x', 'not a number')";
constexpr auto break_a_reference = "INSERT INTO journal_contact (journal_id, contact_id) VALUES (77, 77)";
constexpr auto no_such_table = "INSERT INTO missing_table (x) VALUES (1)";

std::uint64_t count(TempStore& store, char const* name)
{
    return store.metrics.counter(name).value();
}

} // namespace

TEST_CASE("writer: what was answered is there after a restart, and its value comes back")
{
    TempStore store;
    auto const answer = store.write([](Tx& tx) {
        put(tx, "a");
        return std::string{"done"};
    });
    CHECK(answer == "done");
    store.reopen();
    CHECK(store.read([](Reading& reading) { return has(reading, "a"); }));
}

TEST_CASE("writer: jobs that wait together commit together")
{
    TempStore store;
    HeldWriter held{store};
    for (int i = 0; i < 50; ++i)
        held.write(Lane::intake, 100, [i](Tx& tx) { put(tx, std::to_string(i)); });
    for (auto const& answer : held.release())
        CHECK(answer.has_value());
    CHECK(count(store, "deskbridge_store_batch_jobs_total") == 51);
    CHECK(count(store, "deskbridge_store_batches_total") == 1);
    CHECK(store.metrics.histogram("deskbridge_commit_seconds").count() == 1);
    CHECK(store.metrics.gauge("deskbridge_store_queue_jobs", R"(lane="intake")").value() == 0);
}

TEST_CASE("writer: a batch has a limit")
{
    TempStore store{{.max_batch_jobs = 10}};
    HeldWriter held{store};
    for (int i = 0; i < 29; ++i)
        held.write(Lane::agent, 0, [i](Tx& tx) { put(tx, std::to_string(i)); });
    held.release();
    CHECK(count(store, "deskbridge_store_batches_total") == 3);
}

TEST_CASE("writer: a failing job is undone alone and hears why")
{
    struct Case {
        std::string label;
        std::function<void(Tx&)> breaks;
        Fault fault;
        std::string detail;
    };
    auto const sql = [](char const* query) { return [query](Tx& tx) { tx.prepare(query).run(); }; };
    auto const c = GENERATE_COPY(values<Case>({
        {"it asked for it", [](Tx&) { throw Rollback{{Fault::forbidden, "no"}}; }, Fault::forbidden, "no"},
        {"a CHECK", sql(break_a_check), Fault::conflict, "agent_role_known"},
        {"a type", sql(break_strictness), Fault::conflict, "cursor.seq"},
        {"a reference", sql(break_a_reference), Fault::conflict, "FOREIGN KEY"},
        {"broken SQL", sql(no_such_table), Fault::storage, "no such table"},
        {"too big", [](Tx& tx) { put(tx, std::string(17 << 20, 'x')); }, Fault::malformed, "too big"},
        {"an exception: its type, not its words", [](Tx&) { throw std::out_of_range{"secret words"}; }, Fault::storage,
         "a job threw std::out_of_range"},
    }));
    INFO(c.label);
    TempStore store;
    HeldWriter held{store};
    held.write(Lane::agent, 0, [](Tx& tx) { put(tx, "before"); });
    held.write(Lane::agent, 0, [&](Tx& tx) {
        put(tx, "half");
        c.breaks(tx);
    });
    held.write(Lane::agent, 0, [](Tx& tx) { put(tx, "after"); });
    auto const answers = held.release();

    CHECK(answers[1].has_value());
    REQUIRE(answers[2].has_error());
    CHECK(answers[2].error().fault == c.fault);
    CHECK_THAT(answers[2].error().detail, Catch::Contains(c.detail) && !Catch::Contains("secret"));
    CHECK(answers[3].has_value());
    store.reopen();
    CHECK(store.read([](Reading& r) { return has(r, "before") && has(r, "after") && !has(r, "half"); }));
}

TEST_CASE("writer: nested work is undone alone, the rest of the job goes on")
{
    TempStore store;
    auto const inner = store.write([](Tx& tx) {
        put(tx, "outer");
        auto const kept = tx.nested([](Tx& within) { put(within, "kept"); });
        auto const undone = tx.nested([](Tx& within) {
            put(within, "undone");
            auto const deeper = within.nested([](Tx& deep) { put(deep, "undone with it"); });
            if (deeper)
                throw Rollback{{Fault::conflict, "second thoughts"}};
        });
        put(tx, "end");
        return std::pair{kept.has_value(), undone.has_error() ? undone.error().detail : ""};
    });
    CHECK(inner.first);
    CHECK(inner.second == "second thoughts");
    CHECK(store.read([](Reading& r) {
        return has(r, "outer") && has(r, "kept") && has(r, "end") && !has(r, "undone") && !has(r, "undone with it");
    }));
}

TEST_CASE("writer: lanes are served in their order, the intake's jobs run first, and the last one is not starved")
{
    TempStore store;
    std::string order;
    HeldWriter held{store, HeldWriter::whole_batch};
    auto const note = [&](char letter) { return [&order, letter](Tx&) { order += letter; }; };
    for (int i = 0; i < 100; ++i)
        held.write(Lane::outcome, 0, note('o'));
    held.write(Lane::upkeep, 0, note('u'));
    held.write(Lane::intake, 0, note('i'));
    held.write(Lane::agent, 0, note('a'));
    held.release();
    REQUIRE(order.size() == 103);
    CHECK(order.find('i') < order.find('o'));
    CHECK(order.find('o') < order.find('a'));
    CHECK(order.find('a') < order.find('u'));
    CHECK(order.find('u') < 40);
}

TEST_CASE("writer: a full queue refuses at once, intake before the others")
{
    struct Case {
        std::string label;
        StoreSettings settings;
        Lane lane;
        std::size_t bytes;
        int fit;
    };
    auto const c = GENERATE(values<Case>({
        {"jobs, intake", {.max_queued_jobs = 10}, Lane::intake, 0, 8},
        {"jobs, agents", {.max_queued_jobs = 10}, Lane::agent, 0, 10},
        {"bytes, intake", {.max_queued_bytes = 1000}, Lane::intake, 200, 4},
        {"bytes, outcomes", {.max_queued_bytes = 1000}, Lane::outcome, 200, 5},
    }));
    INFO(c.label);
    TempStore store{c.settings};
    HeldWriter held{store};
    for (int i = 0; i < 12; ++i)
        held.write(c.lane, c.bytes, [i](Tx& tx) { put(tx, std::to_string(i)); });
    auto const answers = held.release();
    for (int i = 0; i < 12; ++i) {
        auto const& answer = answers[static_cast<std::size_t>(i) + 1];
        INFO("job " << i);
        REQUIRE(answer.has_value() == (i < c.fit));
        if (!answer)
            CHECK(answer.error().fault == Fault::unavailable);
    }
    CHECK(store.read([&](Reading& r) { return has(r, std::to_string(c.fit - 1)) && !has(r, std::to_string(c.fit)); }));
}

TEST_CASE("writer: closing the store finishes what is queued")
{
    TempStore store;
    std::vector<Result<void>> answers;
    {
        HeldWriter held{store};
        for (int i = 0; i < 300; ++i)
            held.write(Lane::upkeep, 0, [i](Tx& tx) { put(tx, std::to_string(i)); });
        held.let_go();
        store.close();
        answers = held.answers();
    }
    CHECK(std::all_of(answers.begin(), answers.end(), [](auto const& answer) { return answer.has_value(); }));
    store.open();
    CHECK(store.read([](Reading& r) { return has(r, "0") && has(r, "299"); }));
}

TEST_CASE("writer: a coroutine resumes on its own executor, after the commit")
{
    boost::asio::io_context io; // outlives the store
    TempStore store;
    std::optional<std::thread::id> resumed_on;
    bool durable = false;
    auto task = [&]() -> boost::asio::awaitable<void> {
        auto job = [](Tx& tx) { put(tx, "a"); };
        auto const done = co_await store->write(job);
        resumed_on = std::this_thread::get_id();
        auto look = [](Reading& reading) { return has(reading, "a"); };
        auto const seen = co_await store->read(look);
        durable = done.has_value() && seen.has_value() && *seen;
    };
    boost::asio::co_spawn(io, task, boost::asio::detached);
    io.run(); // does not return before the answer, though nothing is posted meanwhile
    CHECK(resumed_on == std::this_thread::get_id());
    CHECK(durable);
}

TEST_CASE("writer: an io_context may end as soon as its coroutine was answered")
{
    TempStore store;
    for (int i = 0; i < 300; ++i) { // for the thread sanitizer: the answering thread is done with the context by then
        boost::asio::io_context io;
        bool answered = false;
        auto task = [&]() -> boost::asio::awaitable<void> {
            auto look = [](Reading& reading) { return has(reading, "a"); };
            answered = (co_await store->read(look)).has_value();
        };
        boost::asio::co_spawn(io, task, boost::asio::detached);
        io.run();
        REQUIRE(answered);
    }
}

TEST_CASE("writer: the committed event counter is exact, and listeners hear of it")
{
    boost::asio::io_context io; // outlives the store
    TempStore store;
    int calls = 0;
    store->on_events(io.get_executor(), [&] { ++calls; });
    auto const log_one = [](Tx& tx) { append_event(tx, {.type = "shelf.added"}); };

    CHECK(store->committed_seq() == 0);
    store.write(log_one);
    store.write(log_one);
    CHECK(store->committed_seq() == 2);
    io.run();
    CHECK(calls == 1); // several commits, one call

    auto const undone = store->write_now([&](Tx& tx) {
        log_one(tx);
        throw Rollback{{Fault::conflict, ""}};
    });
    CHECK(undone.has_error());
    store.write([&](Tx& tx) {
        auto const ignored = tx.nested([&](Tx& within) {
            log_one(within);
            throw Rollback{{Fault::conflict, ""}};
        });
        CHECK(ignored.has_error());
    });
    CHECK(store->committed_seq() == 2);
    io.restart();
    io.run();
    CHECK(calls == 1);

    store.reopen();
    CHECK(store->committed_seq() == 2);
}
