#include "faulty_disk.hpp"
#include "scene.hpp"
#include "store/connection.hpp"
#include "support/read_file.hpp"
#include "support/run_sql.hpp"

#include "deskbridge/store/epoch.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

using namespace deskbridge;
using namespace deskbridge::store;
using test::run_sql;
using test::ScratchFolder;
using test::TempStore;

namespace {

struct Setting {
    char const* pragma;
    std::string value;
};

void check_settings(Reading& reading, std::vector<Setting> const& settings)
{
    for (auto const& setting : settings) {
        INFO(setting.pragma);
        auto q = reading.prepare(setting.pragma);
        REQUIRE(q.step());
        CHECK(q.text(0) == setting.value);
    }
}

Error refusal(std::filesystem::path const& file)
{
    NoLog log;
    Metrics metrics;
    auto const opened = Store::open({.path = file}, log, metrics);
    REQUIRE(opened.has_error());
    return opened.error();
}

unsigned mode_of(std::filesystem::path const& path)
{
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

} // namespace

TEST_CASE("open: every connection has the settings that durability and safety rest on")
{
    TempStore store;
    std::vector<Setting> const writer{
        {"PRAGMA journal_mode", "wal"},    {"PRAGMA synchronous", "2"},        {"PRAGMA wal_autocheckpoint", "0"},
        {"PRAGMA foreign_keys", "1"},      {"PRAGMA trusted_schema", "0"},     {"PRAGMA mmap_size", "0"},
        {"PRAGMA cell_size_check", "1"},   {"PRAGMA cache_size", "-16384"},    {"PRAGMA temp_store", "2"},
        {"PRAGMA page_size", "4096"},      {"PRAGMA auto_vacuum", "2"},        {"PRAGMA application_id", "1147880050"},
        {"PRAGMA user_version", "27"},     {"PRAGMA busy_timeout", "5000"},    {"PRAGMA journal_size_limit", "67108864"},
        {"PRAGMA query_only", "0"},        {"PRAGMA locking_mode", "normal"},
    };
    store.write([&](Tx& tx) { check_settings(tx, writer); });
    std::vector<Setting> const reader{
        {"PRAGMA query_only", "1"},    {"PRAGMA wal_autocheckpoint", "0"}, {"PRAGMA trusted_schema", "0"},
        {"PRAGMA mmap_size", "0"},     {"PRAGMA cell_size_check", "1"},    {"PRAGMA cache_size", "-8192"},
        {"PRAGMA temp_store", "2"},    {"PRAGMA busy_timeout", "5000"},
    };
    store.read([&](Reading& r) { check_settings(r, reader); });
}

TEST_CASE("open: whichever sync of a file's birth fails, the store is refused or logs ahead")
{
    test::FaultyDisk disk;
    bool met = true;
    int refused = 0;
    for (int n = 1; met; ++n) {
        INFO("sync " << n);
        ScratchFolder const folder;
        NoLog log;
        Metrics metrics;
        disk.fail_sync_once(n, SQLITE_IOERR_FSYNC);
        auto opened = Store::open({.path = folder.path() / "x.db", .ballast = 0}, log, metrics);
        met = disk.sync_failed();
        disk.fail_sync_once(0, SQLITE_OK); // what comes later stops the process, as it should
        refused += opened ? 0 : 1;
        if (opened)
            REQUIRE((*opened)->write_now([](Tx& tx) { check_settings(tx, {{"PRAGMA journal_mode", "wal"}}); }).has_value());
        CHECK(opened.has_value() == !met);
    }
    CHECK(refused > 2);
}

TEST_CASE("open: directory and files are for the owner alone")
{
    TempStore store;
    auto const file = store.settings().path;
    CHECK(mode_of(file.parent_path()) == 0700);
    for (auto const* suffix : {"", "-wal", "-shm", ".lock"}) {
        INFO(suffix);
        CHECK(mode_of(file.string() + suffix) == 0600);
    }
}

TEST_CASE("open: a second process is told who holds the database")
{
    TempStore store;
    auto const error = refusal(store.settings().path);
    CHECK(error.fault == Fault::conflict);
    CHECK_THAT(error.detail, Catch::Contains("process " + std::to_string(::getpid())));
    store.close();
    store.open();
}

TEST_CASE("open: another name of the database is no second database")
{
    TempStore store;
    auto const file = store.settings().path;
    auto const other = file.parent_path() / "other.db";
    SECTION("a symbolic link")
    {
        std::filesystem::create_symlink(file, other);
        CHECK_THAT(refusal(other).detail, Catch::Contains("process " + std::to_string(::getpid())));
    }
    SECTION("a hard link")
    {
        std::filesystem::create_hard_link(file, other);
        CHECK_THAT(refusal(other).detail, Catch::Contains("second name") && Catch::Contains("-samefile"));
    }
}

TEST_CASE("open: a file that is not ours is left alone, and said so")
{
    ScratchFolder folder;
    auto const file = folder.path() / "some.db";
    SECTION("another program's database")
    {
        run_sql(file, "CREATE TABLE theirs (x); PRAGMA application_id = 7");
        CHECK_THAT(refusal(file).detail, Catch::Contains("not one of Deskbridge") && Catch::Contains(file.string()));
    }
    SECTION("no database at all")
    {
        std::ofstream{file} << std::string(8192, 'x');
        CHECK_THAT(refusal(file).detail, Catch::Contains("not a database") && Catch::Contains(file.string()));
        CHECK(test::read_file(file) == std::string(8192, 'x'));
    }
    SECTION("made by a newer program")
    {
        NoLog log;
        Metrics metrics;
        REQUIRE(Store::open({.path = file}, log, metrics).has_value());
        run_sql(file, "PRAGMA user_version = 99");
        auto const before = test::read_file(file);
        CHECK_THAT(refusal(file).detail, Catch::Contains("schema 99") && Catch::Contains("newer") && Catch::Contains(file.string()));
        CHECK(test::read_file(file) == before);
    }
    SECTION("a directory that cannot be made")
    {
        std::ofstream{file} << "x";
        CHECK_THAT(refusal(file / "sub" / "x.db").detail, Catch::Contains("cannot create"));
    }
}

TEST_CASE("open: after an unclean stop a damaged file is found before anything builds upon it")
{
    ScratchFolder folder;
    auto const file = folder.path() / "x.db";
    NoLog log;
    Metrics metrics;
    bool const clean = GENERATE(false, true);
    {
        auto const opened = Store::open({.path = file}, log, metrics);
        REQUIRE(opened.has_value());
        REQUIRE((*opened)->write_now([clean](Tx& tx) {
            auto const epoch = begin_epoch(tx, Timestamp{});
            if (clean)
                end_epoch(tx, epoch.number, Timestamp{});
            for (int i = 0; i < 2000; ++i)
                test::put(tx, "row number " + std::to_string(i));
        }).has_value());
    }
    std::int64_t root = 0;
    {
        sqlite3* db = nullptr;
        REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
        auto const first_page = [](void* out, int, char** values, char**) {
            *static_cast<std::int64_t*>(out) = std::stoll(values[0]);
            return 0;
        };
        REQUIRE(sqlite3_exec(db, "SELECT rootpage FROM sqlite_schema WHERE name = 'cursor'", first_page, &root, nullptr) == SQLITE_OK);
        sqlite3_close(db);
    }
    std::fstream bytes{file, std::ios::in | std::ios::out | std::ios::binary};
    bytes.seekp((root - 1) * 4096 + 8);
    bytes << std::string(2000, '\x7f');
    bytes.close();
    auto const opened = Store::open({.path = file, .check_limit = std::chrono::seconds{60}}, log, metrics);
    CHECK(opened.has_value() == clean);
    if (!opened)
        CHECK_THAT(opened.error().detail, Catch::Contains(file.string()) && Catch::Contains("damaged") && Catch::Contains("db restore"));
}

TEST_CASE("open: not with an SQLite that its makers withdrew, or that lacks what is used")
{
    CHECK(store::check_sqlite_version(3'040'001).has_value());
    CHECK(store::check_sqlite_version(3'053'000).has_value());
    auto const withdrawn = store::check_sqlite_version(3'052'000);
    REQUIRE_FALSE(withdrawn.has_value());
    CHECK(withdrawn.error().detail.starts_with("SQLite 3.52.0 is installed, which its makers withdrew"));
    auto const old = store::check_sqlite_version(3'039'004);
    REQUIRE_FALSE(old.has_value());
    CHECK(old.error().detail.starts_with("SQLite 3.39.4 is installed, which is older than 3.40.0"));
}
