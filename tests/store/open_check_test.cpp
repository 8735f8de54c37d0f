#include "faulty_disk.hpp"
#include "store/look_through.hpp"
#include "support/first_connection.hpp"
#include "support/noon.hpp"
#include "support/temp_store.hpp"

#include "deskbridge/store/epoch.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <condition_variable>
#include <latch>
#include <mutex>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

constexpr int bodies = 16;
constexpr int pages = bodies * 1000000 / 4096;

void fill(TempStore& store)
{
    store.write([](store::Tx& tx) { (void)store::begin_epoch(tx, noon); }); // and never ended
    for (int i = 0; i < bodies; ++i)
        store.write([](store::Tx& tx) { tx.prepare("INSERT INTO journal (hook, received_at_ms, body_sha256, headers, retain_until_ms, body) "
                                                   "VALUES ('h', 1, zeroblob(32), '{}', 1, zeroblob(1000000))").run(); });
}

/// Until there is nothing left to break off.
bool wait_for_end(std::stop_token const& over)
{
    std::mutex mutex;
    std::condition_variable_any bell;
    std::unique_lock lock{mutex};
    bell.wait(lock, over, [] { return false; });
    return false;
}

} // namespace

TEST_CASE("After an unclean stop the whole file is looked through, if time allows")
{
    TempStore store;
    fill(store);
    store.change([](store::StoreSettings& settings) { settings.check_limit = std::chrono::hours{1}; });
    store.close();
    FirstConnection const writer;
    store.open();
    int now = 0, most = 0;
    sqlite3_db_status(writer.handle(), SQLITE_DBSTATUS_CACHE_MISS, &now, &most, 0);
    CHECK(now > pages);
}

TEST_CASE("When time is over, looking through the file ends with the row at hand")
{
    FaultyDisk disk;
    TempStore store;
    fill(store);
    store.close();
    store::Connection connection{store.settings().path, store::Connection::Role::writer};
    SECTION("in the middle")
    {
        constexpr int half = pages / 2;
        std::latch reading{1};
        std::latch broken_off{1};
        int asked = 0;
        disk.before_read(half, [&] {
            reading.count_down();
            broken_off.wait();
        });
        auto const looked = store::look_through(connection, [&](std::stop_token const& over) {
            if (++asked == 1) {
                reading.wait();
                return true;
            }
            broken_off.count_down(); // time was over before that page had been read
            return wait_for_end(over);
        });
        CHECK_FALSE(looked.complete);
        CHECK(looked.found == "ok");
        CHECK(disk.reads() < half + 300); // the chain of pages of one body is read to its end
    }
    SECTION("never")
    {
        disk.before_read(0, {});
        auto const looked = store::look_through(connection, wait_for_end);
        CHECK(looked.complete);
        CHECK(looked.found == "ok");
        CHECK(disk.reads() >= pages);
    }
}

TEST_CASE("Patience is over when its time has come, and ends at once when it is asked to")
{
    auto const patience = store::patience_of(std::chrono::milliseconds{0});
    std::stop_source over;
    CHECK(patience(over.get_token()));
    CHECK(patience(over.get_token()));
    over.request_stop();
    CHECK_FALSE(patience(over.get_token()));
    CHECK_FALSE(store::patience_of(std::chrono::hours{1})(over.get_token()));
}
