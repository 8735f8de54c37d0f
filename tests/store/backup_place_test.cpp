#include "backup_scene.hpp"
#include "scene.hpp"
#include "support/run_sql.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace deskbridge;
using namespace deskbridge::store;
using test::back_up;
using test::begin_log;
using test::ScratchFolder;
using test::TempStore;

TEST_CASE("backup: what cannot be is refused before anything is begun")
{
    TempStore store;
    ScratchFolder folder;
    auto const there = folder.write("there.db", "precious");
    auto const home = store.settings().path.parent_path();
    auto const database = store.settings().path.filename().string();
    auto const through = folder.path() / "through";
    std::filesystem::create_directory_symlink(home, through);
    auto const hard = folder.path() / "hard";
    begin_log(store);
    std::filesystem::create_hard_link(home / (database + "-wal"), hard);
    struct Case {
        std::string label;
        std::filesystem::path file;
        Fault fault;
        std::string detail;
    };
    std::vector<Case> const cases{
        {"a file that is there", there, Fault::conflict, "--force"},
        {"no directory", folder.path() / "none" / "x.db", Fault::malformed, "no directory"},
        {"not absolute", "x.db", Fault::malformed, "absolute"},
        {"a directory", folder.path(), Fault::malformed, "not a file"},
        {"the database itself", store.settings().path, Fault::malformed, "the database itself"},
        {"its log", store.settings().path.string() + "-wal", Fault::malformed, "the database itself"},
        {"its lock", store.settings().path.string() + ".lock", Fault::malformed, "the database itself"},
        {"its log, by another path", through / (database + "-wal"), Fault::malformed, "the database itself"},
        {"its log, with a dot", home / "." / (database + "-wal"), Fault::malformed, "the database itself"},
        {"a hard link to its log", hard, Fault::malformed, "the database itself"},
    };
    for (auto const& c : cases) {
        INFO(c.label);
        auto const begun = store->start_backup(c.file, c.fault == Fault::malformed);
        REQUIRE(begun.has_error());
        CHECK(begun.error().fault == c.fault);
        CHECK_THAT(begun.error().detail, Catch::Contains(c.detail));
    }
    CHECK(store->backup().state == BackupProgress::State::none);
    CHECK(std::filesystem::file_size(there) == 8);
    auto const begun = store->start_backup(there, true); // no copy of ours: keys, a configuration, somebody's work
    REQUIRE(begun.has_error());
    CHECK_THAT(begun.error().detail, Catch::Contains("earlier backups only"));
    auto const copy = folder.path() / "copy.db";
    CHECK(back_up(store, copy).state == BackupProgress::State::done);
    CHECK(back_up(store, copy, true).state == BackupProgress::State::done);
    CHECK(inspect(copy)->findings.empty());
    (void)folder.write("copy.db-wal", "");
    CHECK_THAT(store->start_backup(copy, true).error().detail, Catch::Contains("copy's own log"));
    std::filesystem::remove(folder.path() / "copy.db-wal");
    test::run_sql(copy, "DELETE FROM cursor WHERE name = 'backup'"); // as a daemon does that opens it
    CHECK_THAT(store->start_backup(copy, true).error().detail, Catch::Contains("a daemon has opened it"));
}
