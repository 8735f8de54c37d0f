#include "child.hpp"
#include "store/connection.hpp"
#include "support/read_file.hpp"
#include "support/scratch_folder.hpp"

#include "deskbridge/core/log.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/store/store.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <algorithm>
#include <csignal>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

using namespace deskbridge;
using namespace deskbridge::store;
using test::ScratchFolder;
namespace fs = std::filesystem;

namespace {

using Database = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;
using Texts = std::vector<std::string>;

Database open(std::string const& name)
{
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(name.c_str(), &db) == SQLITE_OK);
    return {db, &sqlite3_close};
}

void run(Database const& db, std::string const& sql)
{
    INFO(sql);
    REQUIRE(sqlite3_exec(db.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
}

Texts texts(Database const& db, char const* sql)
{
    Texts out;
    auto const keep = [](void* all, int, char** columns, char**) {
        static_cast<Texts*>(all)->emplace_back(columns[0] ? columns[0] : "NULL");
        return 0;
    };
    REQUIRE(sqlite3_exec(db.get(), sql, keep, &out, nullptr) == SQLITE_OK);
    return out;
}

std::vector<fs::path> migration_files()
{
    std::vector<fs::path> files;
    for (auto const& entry : fs::directory_iterator{fs::path{DESKBRIDGE_SOURCE_DIR} / "schemas" / "sql"})
        if (entry.path().filename() != "latest.sql")
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

auto const schema = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name";

/// The schema after so many migrations, of each number from 0 on.
std::vector<Texts> sums()
{
    std::vector<Texts> out{{}};
    auto const db = open(":memory:");
    for (auto const& file : migration_files()) {
        run(db, test::read_file(file));
        out.push_back(texts(db, schema));
    }
    return out;
}

/// What a first Deskbridge left: its schema, and one of a customer's files.
void make_old(fs::path const& file)
{
    auto const db = open(file.string());
    run(db, "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL");
    run(db, test::read_file(migration_files().front()));
    run(db, "PRAGMA application_id = 1147880050; PRAGMA user_version = 1;"
            "INSERT INTO account (account_id, channel, number, name, created_at_ms) VALUES (7, 'whatsapp', '1', 'support', 0);"
            "INSERT INTO contact (contact_id, created_at_ms) VALUES (1, 0);"
            "INSERT INTO conversation (conversation_id, account_id, contact_id, created_at_ms) VALUES (1, 7, 1, 0);"
            "INSERT INTO message (message_id, conversation_id, account_id, direction, actor_kind, kind, provider_at_ms, received_at_ms) "
            "VALUES (1, 1, 7, 'in', 'customer', 'image', 0, 0), (2, 1, 7, 'in', 'customer', 'text', 0, 0);"
            "DELETE FROM message WHERE message_id = 2;"
            "INSERT INTO media (message_id, position, external_id, mime_type) VALUES (1, 0, 'm1', 'image/jpeg')");
}

int statements_left = 0; // of a child

int count_statement(unsigned, void*, void*, void*)
{
    if (--statements_left == 0)
        ::raise(SIGKILL);
    return 0;
}

int watch_connection(sqlite3* db, char const**, sqlite3_api_routines const*)
{
    return sqlite3_trace_v2(db, SQLITE_TRACE_PROFILE, count_statement, nullptr);
}

/// Kills this process when the n-th statement from now on, on any new connection, has ended.
void die_after(int n)
{
    statements_left = n;
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch_connection));
}

bool opens(fs::path const& file)
{
    NoLog log;
    Metrics metrics;
    return Store::open({.path = file}, log, metrics).has_value();
}

/// A copy of what lies there: looking at the original would recover it in the daemon's place.
Database look_at(fs::path const& file, fs::path const& copy)
{
    for (auto const* suffix : {"", "-wal"}) {
        fs::remove(copy.string() + suffix);
        if (fs::exists(file.string() + suffix))
            fs::copy_file(file.string() + suffix, copy.string() + suffix);
    }
    return open(copy.string());
}

std::size_t version_of(Database const& db)
{
    return std::stoul(texts(db, "PRAGMA user_version").front());
}

void check_rows(Database const& db)
{
    CHECK(texts(db, "SELECT external_id FROM media") == Texts{"m1"});
    CHECK(texts(db, "SELECT seq FROM sqlite_sequence WHERE name = 'message'") == Texts{"2"}); // a number is never given twice
    CHECK(texts(db, "PRAGMA integrity_check") == Texts{"ok"});
    CHECK(texts(db, "PRAGMA foreign_key_check").empty());
}

} // namespace

TEST_CASE("migrations: killed after any statement, a database has the schema of its number, and the next start goes on from there")
{
    auto const sum = sums();
    bool const old = GENERATE(false, true);
    std::vector<int> seen(sum.size());
    bool died = true;
    for (int n = 1; died; ++n) {
        INFO((old ? "a database of the first schema" : "an empty folder") << ", killed after statement " << n);
        ScratchFolder folder;
        auto const file = folder.path() / "x.db";
        if (old)
            make_old(file);
        auto const status = test::status_of(test::in_child([&] {
            die_after(n);
            if (!opens(file))
                ::_exit(98);
        }));
        died = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
        REQUIRE((died || status == 0));
        {
            auto const left = look_at(file, folder.path() / "left.db");
            auto const version = version_of(left);
            REQUIRE(version < sum.size());
            ++seen[version];
            CHECK(texts(left, schema) == sum[version]);
            if (old)
                check_rows(left);
        }
        REQUIRE(opens(file));
        auto const now = open(file.string());
        CHECK(version_of(now) == sum.size() - 1);
        CHECK(texts(now, schema) == sum.back());
        if (old) {
            check_rows(now);
            CHECK(texts(now, "SELECT account_id FROM media") == Texts{"7"});
        }
    }
    for (std::size_t version = old ? 1 : 0; version < seen.size(); ++version) {
        INFO("schema " << version);
        CHECK(seen[version] > 1); // else nothing was ever killed there
    }
}

namespace {

/// What a Deskbridge of that schema left.
void make(fs::path const& file, std::size_t version, std::string const& rows)
{
    make_old(file);
    auto const db = open(file.string());
    auto const files = migration_files();
    for (std::size_t number = 2; number <= version; ++number)
        run(db, test::read_file(files[number - 1]));
    run(db, "PRAGMA user_version = " + std::to_string(version) + ";" + rows);
}

} // namespace

TEST_CASE("migrations: restrictions of which no end was kept end thirty days after they were told, and nothing else does")
{
    ScratchFolder folder;
    auto const file = folder.path() / "x.db";
    make(file, 18,
         "INSERT INTO account_health (account_id, aspect, subject, state, severity, cause, next_step, until_ms, source, since_ms, told_at_ms, heard_at_ms) "
         "VALUES (7, 'standing', 'restriction', 'restricted', 'error', '', '', NULL, 'webhook', 1, 1000, 1),"
         "(7, 'standing', 'ban', 'disabled', 'error', '', '', NULL, 'webhook', 1, 1000, 1),"
         "(7, 'standing', 'other', 'restricted', 'error', '', '', 5, 'webhook', 1, 1000, 1)");
    REQUIRE(opens(file));
    CHECK(texts(open(file.string()), "SELECT until_ms FROM account_health ORDER BY subject") == Texts{"NULL", "5", "2592001000"});
}

TEST_CASE("migrations: bodies on the shelf are known by their digest, and echoes keep what they found")
{
    ScratchFolder folder;
    auto const file = folder.path() / "x.db";
    make(file, 22,
         "INSERT INTO journal (journal_id, hook, received_at_ms, body, body_sha256, retain_until_ms) VALUES (4, 'h', 1, x'61', x'99', 2), (5, 'h', 1, x'62', x'AB', 2);"
         "INSERT INTO shelf (journal_id, reason, shelved_at_ms) VALUES (5, 'unreadable', 3), (4, 'unreadable', 3);"
         "INSERT INTO ticket (ticket_id, reference, conversation_id, status, opened_at_ms, last_activity_ms, last_step_at_ms) VALUES (1, '48213', 1, 'open', 0, 0, 0);"
         "INSERT INTO echo_mark (ticket_id, message_id, at_ms, status, unseen, last_step, last_step_at_ms, unanswered_agent_at_ms, last_activity_ms, "
         "timer_due_at_ms, timer_deadline_ms, timer_detail) VALUES (1, 2, 3, 'waiting', 1, 'replied', 4, 5, 6, 7, 8, 'opened')");
    REQUIRE(opens(file));
    auto const db = open(file.string());
    CHECK(texts(db, "SELECT hex(body_sha256) FROM shelf ORDER BY shelf_id") == Texts{"AB", "99"});
    CHECK(texts(db, "SELECT ticket_id || ' ' || message_id || ' ' || at_ms || ' ' || status || ' ' || unseen || ' ' || last_step || ' ' || "
                    "last_step_at_ms || ' ' || unanswered_agent_at_ms || ' ' || last_activity_ms || ' ' || timer_due_at_ms || ' ' || timer_deadline_ms || ' ' || "
                    "timer_detail FROM echo_mark") == Texts{"1 2 3 waiting 1 replied 4 5 6 7 8 opened"});
}

TEST_CASE("migrations: reply windows that were there stand at their minutes, and walks go on from the one they had begun")
{
    ScratchFolder folder;
    auto const file = folder.path() / "x.db";
    make(file, 25, "UPDATE conversation SET window_from_ms = 1764000059999; INSERT INTO window_walk (window_s, left_s, from_ms, conversation_id) VALUES (86400, 0, 1764000061000, 5)");
    REQUIRE(opens(file));
    CHECK(texts(open(file.string()), "SELECT window_minute FROM conversation UNION ALL SELECT minute || ' ' || conversation_id FROM window_walk") ==
          Texts{"29400000", "29400001 0"});
}

TEST_CASE("migrations: whoever waits hears before each file of an older database, and nothing of a fresh one")
{
    ScratchFolder folder;
    NoLog log;
    Metrics metrics;
    int heard = 0;
    StoreSettings settings{.path = folder.path() / "x.db", .migrating = [&] { ++heard; }};
    REQUIRE(Store::open(settings, log, metrics).has_value());
    CHECK(heard == 0);
    settings.path = folder.path() / "old.db";
    make_old(settings.path);
    REQUIRE(Store::open(settings, log, metrics).has_value());
    CHECK(heard == static_cast<int>(migration_files().size()) - 1);
    heard = 0;
    REQUIRE(Store::open(settings, log, metrics).has_value());
    CHECK(heard == 0);
}

TEST_CASE("migrations: whoever watches a connection is called while a statement runs")
{
    ScratchFolder folder;
    Connection connection{folder.path() / "x.db", Connection::Role::writer};
    int looks = 0;
    auto const run_long = [&] {
        CHECK(connection.integer("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT count(*) FROM n") == 100'000);
        return std::exchange(looks, 0);
    };
    connection.watch({}, [&] { ++looks; });
    CHECK(run_long() > 10);
    connection.watch(std::chrono::hours{1}, [&] { ++looks; });
    CHECK(run_long() == 0);
    connection.watch({}, {});
    CHECK(run_long() == 0);
}

TEST_CASE("migrations: rows that would refer to nothing undo a file that rebuilds tables")
{
    ScratchFolder folder;
    auto const file = folder.path() / "x.db";
    make(file, 15, "INSERT INTO receipt (account_id, external_id, status, provider_at_ms, received_at_ms) VALUES (99, 'm1', 'sent', 0, 0)");
    CHECK_FALSE(opens(file));
    CHECK(version_of(open(file.string())) == 15);
}
