#include "deskbridge/store/epoch.hpp"
#include "support/noon.hpp"
#include "support/temp_store.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

sqlite3* first_opened = nullptr; ///< the writer's, which looks through the file

int remember(sqlite3* db, char const**, sqlite3_api_routines const*)
{
    if (first_opened == nullptr)
        first_opened = db;
    return SQLITE_OK;
}

/// Pages that the writer has read since it was opened.
int pages_read()
{
    int now = 0, most = 0;
    sqlite3_db_status(first_opened, SQLITE_DBSTATUS_CACHE_MISS, &now, &most, 0);
    return now;
}

/// After a stop that nobody asked for: how many pages a start reads that looks through the file for so long.
int pages_read_by_start(TempStore& store, std::chrono::milliseconds limit)
{
    store.change([limit](store::StoreSettings& settings) { settings.check_limit = limit; });
    first_opened = nullptr;
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(remember));
    store.reopen();
    sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(remember));
    return pages_read();
}

} // namespace

TEST_CASE("After an unclean stop a large file is looked through for as long as allowed, and no longer")
{
    TempStore store;
    store.write([](store::Tx& tx) { (void)store::begin_epoch(tx, noon); }); // and never ended
    for (int i = 0; i < 64; ++i)
        store.write([](store::Tx& tx) { tx.prepare("INSERT INTO journal (hook, received_at_ms, body_sha256, headers, retain_until_ms, body) "
                                                   "VALUES ('h', 1, zeroblob(32), '{}', 1, zeroblob(1000000))").run(); });
    constexpr int pages = 64 * 1000000 / 4096;
    CHECK(pages_read_by_start(store, std::chrono::hours{1}) > pages);
    CHECK(pages_read_by_start(store, std::chrono::milliseconds{1}) < pages / 2);
}
