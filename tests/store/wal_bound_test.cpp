#include "scene.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <algorithm>
#include <thread>

using namespace deskbridge;
using namespace deskbridge::store;
using test::has;
using test::put;
using test::TempStore;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t mib = 1 << 20;
constexpr std::int64_t batch = mib; // what one job of these tests adds

/// Somebody who is not of this program, has the file open, and does not let go of what they see.
class Pin {
public:
    explicit Pin(std::filesystem::path const& file)
    {
        REQUIRE(sqlite3_open(file.c_str(), &db_) == SQLITE_OK);
        REQUIRE(sqlite3_exec(db_, "PRAGMA wal_autocheckpoint = 0; BEGIN; SELECT count(*) FROM cursor", nullptr, nullptr, nullptr) == SQLITE_OK);
    }
    ~Pin() { let_go(); }
    Pin(Pin const&) = delete;
    Pin& operator=(Pin const&) = delete;
    void let_go()
    {
        if (db_ == nullptr)
            return;
        sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        sqlite3_close(db_);
        db_ = nullptr;
    }

private:
    sqlite3* db_{nullptr};
};

Result<void> take_in(TempStore& store, int n)
{
    boost::asio::io_context io;
    Result<void> heard = Error{Fault::storage, "no answer"};
    auto task = [&]() -> boost::asio::awaitable<void> {
        auto job = [n](Tx& tx) { put(tx, std::to_string(n) + std::string(500'000, 'x')); };
        auto answer = co_await store->write(job, Lane::intake);
        heard = std::move(answer);
    };
    boost::asio::co_spawn(io, task, boost::asio::detached);
    io.run();
    return heard;
}

std::int64_t wal_bytes(TempStore& store)
{
    return store.metrics.gauge("deskbridge_wal_bytes").value();
}

StoreSettings small_log()
{
    return {.readers = 1,
            .wal = {.warn = 4 * mib, .restart = 8 * mib, .refuse = 16 * mib}};
}

} // namespace

TEST_CASE("wal: somebody's reading that does not end cannot grow it without bound, and when it ends all goes on")
{
    TempStore store{small_log()};
    store.write([](Tx& tx) { put(tx, "first"); });
    Pin pin{store.settings().path};
    int refused = 0;
    std::int64_t highest = 0;
    for (int i = 0; i < 80; ++i) {
        auto const heard = take_in(store, i);
        if (!heard) {
            ++refused;
            CHECK(heard.error().fault == Fault::unavailable);
        }
        highest = std::max(highest, wal_bytes(store));
    }
    CHECK(refused > 0);
    CHECK(store->room() == Room::wal_full);
    CHECK(highest > 8 * mib);
    CHECK(highest < 16 * mib + 6 * batch); // the checkpoint looks more often than that
    bool readable = false; // a checkpoint that is tried at this very moment breaks a reading off
    for (int tries = 0; tries < 100 && !readable; ++tries)
        readable = store->read_now([](Reading& r) { return has(r, "first"); }).has_value();
    CHECK(readable);
    store.write([](Tx& tx) { put(tx, "an outcome"); });

    pin.let_go();
    for (int tries = 0; tries < 3000 && store->room() != Room::enough; ++tries)
        std::this_thread::sleep_for(10ms);
    CHECK(store->room() == Room::enough);
    CHECK(wal_bytes(store) < 4 * mib);
    CHECK(take_in(store, 1000).has_value());
    CHECK(std::filesystem::file_size(store.settings().path.string() + "-wal") < 16 * mib);
}

TEST_CASE("wal: a reader of ours that would hold it is broken off")
{
    auto settings = small_log();
    settings.job_limit = 1h; // only the writer ends it
    settings.query_limit = 1h;
    TempStore store{settings};
    store.write([](Tx& tx) { put(tx, "first"); });
    Result<void> heard = Error{Fault::conflict, "no answer"};
    std::thread reader{[&] {
        heard = store->read_now([&](Reading& r) {
            for (;;)
                (void)has(r, "first");
        });
    }};
    for (int i = 0; i < 80; ++i)
        CHECK(take_in(store, i).has_value());
    reader.join();
    REQUIRE(heard.has_error());
    CHECK(heard.error().fault == Fault::unavailable);
    CHECK(wal_bytes(store) < 16 * mib);
    CHECK(store.read([](Reading& r) { return has(r, "first"); }));
}
