#include "backup_scene.hpp"
#include "outbox_box.hpp"
#include "scene.hpp"
#include "support/run_sql.hpp"

#include "deskbridge/store/account.hpp"
#include "deskbridge/store/backup.hpp"
#include "deskbridge/store/epoch.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <set>
#include <thread>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

using namespace deskbridge;
using namespace deskbridge::store;
using test::back_up;
using test::begin_log;
using test::has;
using test::put;
using test::run_sql;
using test::ScratchFolder;
using test::TempStore;
using namespace std::chrono_literals;
using State = BackupProgress::State;

namespace {

/// What is found in a copy after `sql` was done to it.
Inspection inspection_after(std::filesystem::path const& sound, std::string const& sql)
{
    ScratchFolder folder;
    auto const file = folder.path() / "x.db";
    std::filesystem::copy_file(sound, file);
    run_sql(file, sql);
    auto const found = inspect(file);
    REQUIRE(found.has_value());
    return *found;
}

std::optional<AccountRow> account_of(TempStore& store, AccountId id)
{
    return store.read([id](Reading& reading) { return find_account(reading, id); });
}

} // namespace

TEST_CASE("backup: a sound copy of one moment, for the owner alone, while others write")
{
    TempStore store;
    begin_log(store);
    ScratchFolder folder;
    auto const file = folder.path() / "copy.db";
    for (int i = 0; i < 20; ++i)
        store.write([i](Tx& tx) { put(tx, std::to_string(i) + std::string(200'000, 'x')); });
    REQUIRE(store->start_backup(file, false).has_value());
    for (int i = 0; store->backup().state == State::copying || store->backup().state == State::checking; ++i)
        store.write([i](Tx& tx) { put(tx, "meanwhile " + std::to_string(i)); });

    auto const progress = store->backup();
    INFO(progress.reason);
    REQUIRE(progress.state == State::done);
    CHECK(progress.pages_done == progress.pages);
    CHECK(progress.bytes == std::filesystem::file_size(file));
    CHECK_FALSE(std::filesystem::exists(file.parent_path() / ("." + file.filename().string() + ".deskbridge-part")));
    CHECK_FALSE(std::filesystem::exists(file.string() + "-wal"));
    struct stat status {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600U);
    auto const found = inspect(file);
    REQUIRE(found.has_value());
    CHECK(found->findings.empty());
    CHECK(found->is_backup);
    CHECK(store.metrics.counter("deskbridge_backups_total", R"(outcome="done")").value() == 1);
}

TEST_CASE("backup: a store that closes breaks it off and leaves nothing behind")
{
    TempStore store;
    begin_log(store);
    ScratchFolder folder;
    for (int i = 0; i < 40; ++i)
        store.write([i](Tx& tx) { put(tx, std::to_string(i) + std::string(400'000, 'x')); });
    REQUIRE(store->start_backup(folder.path() / "copy.db", false).has_value());
    store.close();
    for (auto const& entry : std::filesystem::directory_iterator{folder.path()})
        CHECK((entry.path().filename() == "copy.db" && inspect(entry.path())->findings.empty())); // it may have been done before
}

TEST_CASE("check: what is wrong is found, and said in a sentence")
{
    TempStore store;
    ScratchFolder folder;
    auto const sound = folder.path() / "sound.db";
    store.write([](Tx& tx) {
        for (int i = 0; i < 5; ++i)
            append_event(tx, {.type = "shelf.added"});
    });
    REQUIRE(back_up(store, sound).state == State::done);
    struct Case {
        std::string label;
        std::string sql;
        std::string finding; ///< empty: sound
        Ailment ailment{Ailment::damaged};
    };
    auto const c = GENERATE(values<Case>({
        {"nothing", "SELECT 1", "", Ailment::none},
        {"a row of the log is gone", "DELETE FROM event WHERE seq = 3", "1 rows are missing in the event log"},
        {"the log's counter was put back", "UPDATE sqlite_sequence SET seq = 2 WHERE name = 'event'", "counter of the event log is behind"},
        {"a reader is beyond the log", "INSERT INTO cursor VALUES ('search', 99)", "beyond its end"},
        {"a reference leads nowhere", "PRAGMA foreign_keys = OFF; INSERT INTO journal_contact (journal_id, contact_id) VALUES (7, 7)",
         "a row of journal_contact refers to a row of"},
        {"another program's", "PRAGMA application_id = 7", "not one of Deskbridge", Ailment::foreign},
        {"a newer program's", "PRAGMA user_version = 99", "schema 99 of a newer Deskbridge", Ailment::newer},
    }));
    INFO(c.label);
    auto const found = inspection_after(sound, c.sql);
    CHECK(found.ailment == c.ailment);
    CHECK(found.findings.empty() == c.finding.empty());
    if (!found.findings.empty())
        CHECK_THAT(found.findings.front(), Catch::Contains(c.finding));
}

TEST_CASE("check: damaged bytes, no database at all, and no file")
{
    ScratchFolder folder;
    CHECK(inspect(folder.path() / "none.db").error().fault == Fault::not_found);
    auto const garbage = inspect(folder.write("garbage.db", std::string(8192, 'x')));
    REQUIRE(garbage.has_value());
    CHECK(garbage->ailment == Ailment::foreign);
    CHECK(garbage->findings == std::vector<std::string>{"file is not a database"});

    TempStore store;
    begin_log(store);
    for (int i = 0; i < 2000; ++i)
        store.write([i](Tx& tx) { put(tx, "row " + std::to_string(i)); });
    auto const file = folder.path() / "torn.db";
    REQUIRE(back_up(store, file).state == State::done);
    std::fstream bytes{file, std::ios::in | std::ios::out | std::ios::binary};
    bytes.seekp(static_cast<std::streamoff>(std::filesystem::file_size(file)) - 4096 + 8);
    bytes << std::string(2000, '\x7f');
    bytes.close();
    auto const torn = inspect(file);
    REQUIRE(torn.has_value());
    CHECK(torn->ailment == Ailment::damaged);
    CHECK_FALSE(torn->findings.empty());
}

TEST_CASE("check and restore: never while a daemon has the database open")
{
    TempStore store;
    begin_log(store);
    ScratchFolder folder;
    auto const file = folder.path() / "copy.db";
    REQUIRE(back_up(store, file).state == State::done);
    CHECK(inspect_live(store.settings().path).error().fault == Fault::conflict);
    CHECK(restore(store.settings().path, file, test::noon).error().fault == Fault::conflict);
    store.write([](Tx& tx) { put(tx, "untouched"); });
    store.close();
    auto const sound = inspect_live(store.settings().path);
    REQUIRE(sound.has_value());
    CHECK(sound->findings.empty());
    CHECK_FALSE(sound->is_backup);
    store.open();
    CHECK(store.read([](Reading& r) { return has(r, "untouched"); }));
}

TEST_CASE("restore: the copy takes the place, what was there is kept, and a bad copy changes nothing")
{
    TempStore store;
    begin_log(store);
    ScratchFolder folder;
    auto const file = folder.path() / "copy.db";
    store.write([](Tx& tx) { put(tx, "old"); });
    REQUIRE(back_up(store, file).state == State::done);
    store.write([](Tx& tx) { put(tx, "new"); });
    store.close();
    bool const root = ::geteuid() == 0; // restores for a service that runs as somebody else
    if (root)
        REQUIRE(::chown(store.settings().path.c_str(), 65534, 65534) == 0);
    CHECK(restore(store.settings().path, folder.write("bad.db", std::string(8192, 'x')), test::noon).error().fault == Fault::malformed);
    CHECK(restore(store.settings().path, store.settings().path, test::noon).error().fault == Fault::malformed);
    auto const restored = restore(store.settings().path, file, test::noon);
    REQUIRE(restored.has_value());
    REQUIRE(restored->aside.has_value());
    struct stat status {};
    REQUIRE(::stat(store.settings().path.c_str(), &status) == 0);
    CHECK(status.st_uid == (root ? 65534U : ::geteuid()));
    store.open();
    CHECK(store.read([](Reading& r) { return has(r, "old") && !has(r, "new"); }));
    store.close();
    std::filesystem::rename(*restored->aside, store.settings().path);
    store.open();
    CHECK(store.read([](Reading& r) { return has(r, "old") && has(r, "new"); }));
}

TEST_CASE("restore: where the old database cannot be kept, all is as it was")
{
    TempStore store;
    begin_log(store);
    ScratchFolder folder;
    REQUIRE(back_up(store, folder.path() / "copy.db").state == State::done);
    store.close();
    auto const& database = store.settings().path;
    std::ofstream{database.string() + "-wal"} << "log";
    auto const [end, reason] = GENERATE(std::pair{"", "keep the old database"}, std::pair{"-wal", "keep the old log"});
    std::filesystem::create_directory(database.string() + ".replaced-19700101T000000Z" + end);
    using Files = std::set<std::filesystem::path>;
    using Entries = std::filesystem::directory_iterator;
    Files const before(Entries{database.parent_path()}, Entries{});
    auto const tried = restore(database, folder.path() / "copy.db", from_ms(0));
    REQUIRE(tried.has_error());
    CHECK_THAT(tried.error().detail, Catch::Contains(reason));
    CHECK(Files(Entries{database.parent_path()}, Entries{}) == before);
}

TEST_CASE("restore: a copy sends nothing by itself, and asks about everything that was not done")
{
    test::OutboxBox box;
    ScratchFolder folder;
    auto const file = folder.path() / "copy.db";
    auto const sent = box.queue("sent");
    (void)box.send(sent, test::accepted("wamid.1"));
    auto const flying = box.queue("on its way");
    (void)box.begin(flying);
    auto const waiting = box.queue("waiting");
    auto const notice = box.queue("a notice", MessageClass::notice);
    box.store.write([&](Tx& tx) { return pause_account(tx, box.anna.account, {PausedBy::provider, "locked", test::noon}, {}); });
    REQUIRE(back_up(box.store, file).state == State::done);

    box.store.close();
    REQUIRE(restore(box.store.settings().path, file, test::noon).has_value());
    box.store.open();
    auto const epoch = box.store.write([](Tx& tx) { return begin_epoch(tx, test::noon); });
    REQUIRE(epoch.restored.has_value());
    CHECK(epoch.number > box.epoch);
    CHECK(epoch.restored->paused == 1);
    CHECK(epoch.restored->doubted == 2);
    box.store.write([](Tx& tx) { return recover_outbox(tx, test::noon).size(); });
    CHECK(account_of(box.store, box.anna.account)->paused->by == PausedBy::restore);
    CHECK(box.row(sent).state == IntentState::accepted);
    CHECK(box.row(flying).state == IntentState::unknown);
    CHECK(box.row(waiting).state == IntentState::held);
    CHECK(box.row(waiting).reason == "restored");
    CHECK(box.row(notice).state == IntentState::unknown);
    CHECK(box.row(notice).settled_at.has_value());
    CHECK(box.ready().empty());

    auto const again = box.store.write([](Tx& tx) { return begin_epoch(tx, test::noon); });
    CHECK_FALSE(again.restored.has_value());
    box.store.write([&](Tx& tx) { return resume_account(tx, box.anna.account, {}, test::noon); });
    CHECK(box.ready().empty()); // resuming sends nothing that nobody has decided about
}
