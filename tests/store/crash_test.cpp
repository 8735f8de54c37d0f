#include "child.hpp"
#include "faulty_disk.hpp"
#include "scene.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

using namespace deskbridge;
using namespace deskbridge::store;
using test::has;
using test::in_child;
using test::put;
using test::ScratchFolder;
using test::status_of;
using test::TempStore;

namespace {

std::unique_ptr<Store> open_or_die(std::filesystem::path const& file, Log& log, Metrics& metrics)
{
    auto opened = Store::open({.path = file}, log, metrics);
    if (!opened)
        ::_exit(98);
    return std::move(*opened);
}

int write_until_killed(std::filesystem::path const& file, int answers, int first)
{
    NoLog log;
    Metrics metrics;
    auto const store = open_or_die(file, log, metrics);
    for (int n = first;; ++n) {
        if (!store->write_now([n](Tx& tx) { put(tx, std::to_string(n)); }))
            ::_exit(97);
        if (::write(answers, &n, sizeof n) != sizeof n)
            ::_exit(96);
    }
}

} // namespace

TEST_CASE("crash: whatever was answered before kill -9 is there afterwards")
{
    ScratchFolder folder;
    auto const file = folder.path() / "d" / "x.db";
    int answered = 0;
    for (int round = 0; round < 5; ++round) {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        auto const child = in_child([&] { write_until_killed(file, ends[1], answered + 1); });
        ::close(ends[1]);
        for (int more = 7 * (round + 1); more > 0; --more)
            REQUIRE(::read(ends[0], &answered, sizeof answered) == sizeof answered);
        ::kill(child, SIGKILL);
        while (::read(ends[0], &answered, sizeof answered) == sizeof answered) {
        }
        ::close(ends[0]);
        auto const status = status_of(child);
        REQUIRE(WIFSIGNALED(status));

        NoLog log;
        Metrics metrics;
        auto const opened = Store::open({.path = file}, log, metrics);
        REQUIRE(opened.has_value());
        auto const missing = (*opened)->read_now([&](Reading& r) {
            int count = 0;
            for (int n = 1; n <= answered; ++n)
                count += has(r, std::to_string(n)) ? 0 : 1;
            return count;
        });
        REQUIRE(missing.has_value());
        CHECK(*missing == 0);
    }
}

TEST_CASE("crash: an I/O error at the commit stops the process, and nobody gets an answer")
{
    struct Case {
        std::string label;
        int sync;
        int write;
    };
    auto const c = GENERATE(values<Case>({
        {"a sync fails", SQLITE_IOERR_FSYNC, SQLITE_OK},
        {"a write fails", SQLITE_OK, SQLITE_IOERR_WRITE},
        {"the file is damaged", SQLITE_OK, SQLITE_CORRUPT},
    }));
    INFO(c.label);
    ScratchFolder folder;
    auto const child = in_child([&] {
        test::FaultyDisk disk;
        NoLog log;
        Metrics metrics;
        auto const store = open_or_die(folder.path() / "x.db", log, metrics);
        disk.fail_syncs(c.sync);
        disk.fail_writes(c.write);
        auto const answer = store->write_now([](Tx& tx) { put(tx, "a"); });
        ::_exit(answer.has_value() ? 1 : 2);
    });
    auto const status = status_of(child);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 70);
}

TEST_CASE("crash: a disk that fails under the last checkpoint is no clean end; what was answered is in the log")
{
    struct Case {
        std::string label;
        int sync;
        int write;
        int status;
    };
    auto const c = GENERATE(values<Case>({
        {"nothing fails", SQLITE_OK, SQLITE_OK, 0},
        {"a sync fails", SQLITE_IOERR_FSYNC, SQLITE_OK, 70},
        {"a write fails", SQLITE_OK, SQLITE_IOERR_WRITE, 70},
        {"the disk is full, which is not an illness", SQLITE_OK, SQLITE_FULL, 0},
    }));
    INFO(c.label);
    ScratchFolder folder;
    auto const file = folder.path() / "x.db";
    NoLog log;
    Metrics metrics;
    auto const child = in_child([&] {
        test::FaultyDisk disk;
        auto store = open_or_die(file, log, metrics);
        if (!store->write_now([](Tx& tx) { put(tx, "answered"); }))
            ::_exit(97);
        disk.fail_syncs(c.sync);
        disk.fail_writes(c.write);
        store.reset();
    });
    auto const status = status_of(child);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == c.status);
    auto const opened = Store::open({.path = file}, log, metrics);
    REQUIRE(opened.has_value());
    auto const there = (*opened)->read_now([](Reading& r) { return has(r, "answered"); });
    REQUIRE(there.has_value());
    CHECK(*there);
}

TEST_CASE("crash: a full disk is an answer, and the store goes on when there is room again")
{
    test::FaultyDisk disk;
    TempStore store;
    store.write([](Tx& tx) { put(tx, "before"); });
    disk.fail_writes(SQLITE_FULL);
    {
        test::HeldWriter held{store};
        held.write(Lane::agent, 0, [](Tx& tx) { put(tx, "a"); });
        held.write(Lane::agent, 0, [](Tx& tx) { append_event(tx, {.type = "shelf.added"}); });
        for (auto const& answer : held.release()) {
            REQUIRE(answer.has_error());
            CHECK(answer.error().fault == Fault::unavailable);
        }
    }
    CHECK(store->committed_seq() == 0);
    CHECK(store.read([](Reading& r) { return has(r, "before") && !has(r, "a"); }));
    disk.fail_writes(SQLITE_OK);
    store.write([](Tx& tx) { put(tx, "later"); });
    store.reopen();
    CHECK(store.read([](Reading& r) { return has(r, "before") && has(r, "later") && !has(r, "a"); }));
}

TEST_CASE("crash: the log is folded back while the store works")
{
    TempStore store;
    constexpr std::int64_t mib = 1 << 20;
    for (int i = 0; i < 40; ++i)
        store.write([i](Tx& tx) { put(tx, std::to_string(i) + std::string(400'000, 'x')); });
    auto const wal = std::filesystem::file_size(store.settings().path.string() + "-wal");
    CHECK(wal < 8 * mib);
    CHECK(std::filesystem::file_size(store.settings().path) > 10 * mib);
    CHECK(store.metrics.gauge("deskbridge_wal_bytes").value() < 8 * mib);
    CHECK(store.metrics.gauge("deskbridge_wal_bytes").value() > 0);
}
