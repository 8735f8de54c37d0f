#include "deskbridge/store/event_type.hpp"
#include "support/read_file.hpp"
#include "support/temp_store.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <set>

using namespace deskbridge;
using test::TempStore;

namespace {

std::filesystem::path const source{DESKBRIDGE_SOURCE_DIR};
auto const latest = source / "schemas" / "sql" / "latest.sql";

using Database = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;

Database open(std::string const& name)
{
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(name.c_str(), &db) == SQLITE_OK);
    return {db, &sqlite3_close};
}

std::vector<std::string> column_of(sqlite3* db, std::string const& query, int column)
{
    sqlite3_stmt* statement = nullptr;
    REQUIRE(sqlite3_prepare_v2(db, query.c_str(), -1, &statement, nullptr) == SQLITE_OK);
    std::vector<std::string> all;
    while (sqlite3_step(statement) == SQLITE_ROW)
        all.emplace_back(reinterpret_cast<char const*>(sqlite3_column_text(statement, column)));
    REQUIRE(sqlite3_finalize(statement) == SQLITE_OK);
    return all;
}

std::vector<std::string> schema_of(sqlite3* db)
{
    return column_of(db, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid", 0);
}

// Without comments and with single spaces: what it means, not how it was written down.
std::string normal(std::string const& sql)
{
    std::string out;
    for (std::size_t i = 0; i < sql.size(); ++i) {
        if (sql.compare(i, 2, "--") == 0)
            i = std::min(sql.find('\n', i), sql.size() - 1);
        if (std::isspace(static_cast<unsigned char>(sql[i])) == 0)
            out += sql[i];
        else if (!out.empty() && out.back() != ' ' && out.back() != '(')
            out += ' ';
        if (out.ends_with(" )"))
            out.erase(out.size() - 2, 1);
    }
    return out;
}

std::set<std::string> normal_set(std::vector<std::string> const& statements)
{
    std::set<std::string> out;
    for (auto const& sql : statements)
        out.insert(normal(sql));
    return out;
}

std::vector<std::string> migrated_schema()
{
    TempStore store;
    store.close();
    return schema_of(open(store.settings().path.string()).get());
}

} // namespace

TEST_CASE("schema: latest.sql is the sum of the migrations")
{
    auto const migrated = migrated_schema();
    if (std::getenv("DESKBRIDGE_WRITE_LATEST") != nullptr) {
        std::ofstream out{latest};
        out << "-- The sum of all migrations, for reading; made by DESKBRIDGE_WRITE_LATEST=1 test_store 'schema*'\n";
        for (auto const& sql : migrated)
            out << "\n" << sql << ";\n";
    }
    auto const summed = open(":memory:");
    REQUIRE(sqlite3_exec(summed.get(), test::read_file(latest).c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    INFO("if the migrations are right, run: DESKBRIDGE_WRITE_LATEST=1 build/dev/bin/test_store 'schema*'");
    CHECK(normal_set(schema_of(summed.get())) == normal_set(migrated));
}

TEST_CASE("schema: what the house demands of every table")
{
    TempStore store;
    store.close();
    auto const db = open(store.settings().path.string());
    for (auto const& sql : schema_of(db.get())) {
        INFO(sql);
        if (sql.starts_with("CREATE TABLE"))
            CHECK_THAT(sql, Catch::Contains("STRICT"));
        // A CHECK or UNIQUE without a name cannot be told apart in an error.
        auto const plain = normal(sql);
        for (auto const* word : {"CHECK (", "UNIQUE ("})
            for (auto at = plain.find(word); at != std::string::npos && sql.starts_with("CREATE TABLE"); at = plain.find(word, at + 1)) {
                auto const before = plain.substr(0, at);
                auto const named = before.rfind("CONSTRAINT ");
                REQUIRE(named != std::string::npos);
                CHECK(std::count(before.begin() + static_cast<std::ptrdiff_t>(named), before.end(), ' ') == 2);
            }
    }
}

// A list of more than two words in a CHECK, or in the condition of an index, builds a table for each row.
TEST_CASE("schema: a row that every message writes is checked without a table of its own")
{
    TempStore store;
    store.close();
    auto const db = open(store.settings().path.string());
    for (std::string const table : {"attempt", "contact", "conversation", "event", "identity", "inbound_event", "intent", "journal", "message",
                                    "message_placement", "receipt", "ticket", "timer"}) {
        INFO(table);
        std::string columns;
        std::string values;
        for (auto const& column : column_of(db.get(), "PRAGMA table_info(" + table + ")", 1)) {
            columns += (columns.empty() ? "" : ", ") + column;
            values += (values.empty() ? "?" : ", ?");
        }
        auto const steps = column_of(db.get(), "EXPLAIN INSERT INTO " + table + " (" + columns + ") VALUES (" + values + ")", 1);
        REQUIRE_FALSE(steps.empty());
        CHECK(std::count(steps.begin(), steps.end(), "OpenEphemeral") == 0);
    }
}

TEST_CASE("schema: the catalogue of event types and the program agree")
{
    auto const catalogue = nlohmann::json::parse(test::read_file(source / "schemas" / "json" / "event-types.json"));
    std::set<std::string> written;
    for (auto const& [name, entry] : catalogue.at("types").items()) {
        INFO(name);
        CHECK_FALSE(entry.at("meaning").get<std::string>().empty());
        CHECK(entry.at("data").is_object());
        written.insert(name);
    }
    std::set<std::string> known;
    for (auto const name : store::event_types)
        known.emplace(name);
    CHECK(written == known);
}
