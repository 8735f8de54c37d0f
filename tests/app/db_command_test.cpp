#include "command_line.hpp"

#include "forked.hpp"
#include "support/run_sql.hpp"
#include "support/scratch_folder.hpp"

#include "deskbridge/core/log.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/store/event_log.hpp"
#include "deskbridge/store/store.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>

using namespace deskbridge;
namespace fs = std::filesystem;

namespace {

/// A database of three events, in `folder`.
fs::path database_in(test::ScratchFolder const& folder)
{
    NoLog log;
    Metrics metrics;
    auto const file = folder.path() / "deskbridge.db";
    auto opened = store::Store::open({.path = file}, log, metrics);
    REQUIRE(opened.has_value());
    auto const done = (*opened)->write_now([](store::Tx& tx) {
        for (int i = 0; i < 3; ++i)
            store::append_event(tx, {.type = "shelf.added"});
    });
    REQUIRE(done.has_value());
    return file;
}

} // namespace

TEST_CASE("db check: a restore is advised for damage in a daemon's own database alone")
{
    struct Case {
        std::string label;
        std::string sql; ///< "": the file is overwritten with what is no database
        bool configured;
        std::string advice;
        bool restore;
    };
    auto const c = GENERATE(values<Case>({
        {"damage in the database", "DELETE FROM event WHERE seq = 2", true, "deskbridge db restore BACKUP", true},
        {"damage in a copy", "DELETE FROM event WHERE seq = 2", false, "take another backup", false},
        {"a newer database", "PRAGMA user_version = 99", true, "use the Deskbridge that wrote it", false},
        {"a newer copy", "PRAGMA user_version = 99", false, "use the Deskbridge that wrote it", false},
        {"another program's file", "PRAGMA application_id = 7", false, "no Deskbridge database", false},
        {"no database", "", false, "no Deskbridge database", false},
        {"another program's file, configured", "PRAGMA application_id = 7", true, "look at [store] path", true},
    }));
    INFO(c.label);
    test::ScratchFolder const folder;
    auto file = database_in(folder);
    if (!c.configured) { // no lock beside it: a copy of somebody's
        auto const copy = folder.path() / "copy.db";
        fs::copy_file(file, copy);
        file = copy;
    }
    if (c.sql.empty())
        (void)folder.write("copy.db", std::string(8192, 'x'));
    else
        test::run_sql(file, c.sql);
    auto const config = folder.write("d.toml", "[store]\npath = \"deskbridge.db\"\n").string();

    auto const ran = test::run({{"db", "check", file.string(), "--config", config}});
    CHECK(ran.status == app::exit_failure);
    CHECK_THAT(ran.said, Catch::StartsWith("fix:   ") && Catch::Contains(c.advice));
    CHECK((ran.said.find("db restore") != std::string::npos) == c.restore);
    auto const told = nlohmann::json::parse(ran.told);
    CHECK(told.at("sound") == false);
    CHECK_FALSE(told.at("findings").empty());
}

TEST_CASE("db check: in a pipe it tells one object, with or without --json")
{
    test::ScratchFolder const folder;
    auto const file = database_in(folder);
    auto const config = folder.write("d.toml", "[store]\npath = \"deskbridge.db\"\n").string();
    auto const plain = test::run({{"db", "check", "--config", config}});
    CHECK(plain.status == app::exit_ok);
    CHECK(plain.said.empty());
    CHECK(plain.told == test::run({{"db", "check", "--config", config, "--json"}}).told);
    CHECK(nlohmann::json::parse(plain.told).at("events") == 3);
}
