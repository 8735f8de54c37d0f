#include "faulty_disk.hpp"

#include "store/log_vfs.hpp"
#include "support/scratch_folder.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <memory>
#include <random>
#include <string>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

using Database = std::unique_ptr<sqlite3, int (*)(sqlite3*)>;

Database open(std::filesystem::path const& file, char const* layer)
{
    sqlite3* raw = nullptr;
    int const code = sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, layer);
    Database db{raw, sqlite3_close_v2};
    REQUIRE(code == SQLITE_OK);
    return db;
}

int run(Database const& db, std::string const& sql)
{
    return sqlite3_exec(db.get(), sql.c_str(), nullptr, nullptr, nullptr);
}

std::string value(Database const& db, char const* sql)
{
    std::string out;
    auto const keep = [](void* into, int, char** values, char**) {
        *static_cast<std::string*>(into) = values[0] ? values[0] : "";
        return 0;
    };
    REQUIRE(sqlite3_exec(db.get(), sql, keep, &out, nullptr) == SQLITE_OK);
    return out;
}

Database open_gathering(std::filesystem::path const& file, char const* synchronous = "PRAGMA synchronous = FULL")
{
    REQUIRE(store::gathering_log() != nullptr);
    auto db = open(file, store::gathering_log());
    for (auto const* sql : {"PRAGMA journal_mode = WAL", synchronous, "PRAGMA wal_autocheckpoint = 0", "PRAGMA cache_size = 20",
                            "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, bytes BLOB)"})
        REQUIRE(run(db, sql) == SQLITE_OK);
    return db;
}

} // namespace

TEST_CASE("log: what is gathered is there for whoever reads, however much one transaction writes")
{
    ScratchFolder const folder;
    auto const file = folder.path() / "a.db";
    auto const writing = open_gathering(file, GENERATE("PRAGMA synchronous = FULL", "PRAGMA synchronous = NORMAL", "PRAGMA synchronous = OFF"));
    auto const reading = open(file, nullptr); // the system's own layer
    std::mt19937 dice{7};
    int rows = 0;
    for (int transaction = 0; transaction < 60; ++transaction) {
        int const added = static_cast<int>(dice() % 40);
        bool const kept = dice() % 4 != 0;
        REQUIRE(run(writing, "BEGIN IMMEDIATE") == SQLITE_OK);
        for (int row = 0; row < added; ++row) // more than the cache holds: pages are written, and read again, before the commit
            REQUIRE(run(writing, "INSERT INTO t (bytes) VALUES (zeroblob(" + std::to_string(1 + dice() % 20000) + "))") == SQLITE_OK);
        CHECK(value(reading, "SELECT count(*) FROM t") == std::to_string(rows));
        REQUIRE(run(writing, kept ? "COMMIT" : "ROLLBACK") == SQLITE_OK);
        rows += kept ? added : 0;
        CHECK(value(reading, "SELECT count(*) FROM t") == std::to_string(rows));
        if (dice() % 8 == 0)
            REQUIRE(sqlite3_wal_checkpoint_v2(writing.get(), nullptr, dice() % 2 == 0 ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr) == SQLITE_OK);
    }
    CHECK(rows > 200);
    CHECK(value(reading, "PRAGMA integrity_check") == "ok");
    CHECK(value(writing, "PRAGMA integrity_check") == "ok");
}

TEST_CASE("log: a write that was put off and fails is the commit's error, and what comes after it is sound")
{
    FaultyDisk disk;
    ScratchFolder const folder;
    auto const file = folder.path() / "a.db";
    auto const writing = open_gathering(file);
    REQUIRE(run(writing, "INSERT INTO t (bytes) VALUES (zeroblob(5000))") == SQLITE_OK);
    disk.fail_writes(SQLITE_IOERR_WRITE);
    CHECK((run(writing, "INSERT INTO t (bytes) VALUES (zeroblob(5000))") & 0xff) == SQLITE_IOERR);
    disk.fail_writes(SQLITE_FULL);
    CHECK(run(writing, "INSERT INTO t (bytes) VALUES (zeroblob(5000))") == SQLITE_FULL);
    disk.fail_writes(SQLITE_OK);
    CHECK(run(writing, "INSERT INTO t (bytes) VALUES (zeroblob(5000))") == SQLITE_OK);
    auto const reading = open(file, nullptr);
    CHECK(value(reading, "SELECT count(*) FROM t") == "2");
    CHECK(value(reading, "PRAGMA integrity_check") == "ok");
}
