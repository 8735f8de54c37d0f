#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

/// Reads the file by itself: no query of the daemon's takes part.
namespace deskbridge::test::sim {

using Row = std::vector<std::string>;

class Database {
public:
    explicit Database(std::filesystem::path const& file)
    {
        if (sqlite3_open_v2(file.c_str(), &db_, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK)
            throw std::runtime_error{"cannot open what the daemon left"};
    }
    ~Database() { sqlite3_close(db_); }
    Database(Database const&) = delete;
    Database& operator=(Database const&) = delete;

    [[nodiscard]] std::vector<Row> rows(char const* sql) const
    {
        sqlite3_stmt* q = nullptr;
        if (sqlite3_prepare_v2(db_, sql, -1, &q, nullptr) != SQLITE_OK)
            throw std::runtime_error{std::string{"judge: "} + sqlite3_errmsg(db_)};
        std::vector<Row> all;
        while (sqlite3_step(q) == SQLITE_ROW) {
            Row row;
            for (int c = 0; c < sqlite3_column_count(q); ++c) {
                auto const* text = reinterpret_cast<char const*>(sqlite3_column_text(q, c)); // NOLINT: SQLite's bytes
                row.emplace_back(text ? text : "");
            }
            all.push_back(std::move(row));
        }
        sqlite3_finalize(q);
        return all;
    }
    [[nodiscard]] std::string first(char const* sql) const
    {
        auto const all = rows(sql);
        return all.empty() ? std::string{} : all.front().front();
    }

private:
    sqlite3* db_{nullptr};
};

} // namespace deskbridge::test::sim
