#include "database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <memory>
#include <stdexcept>

namespace fault {

Database::Database(std::filesystem::path const& file)
{
    if (sqlite3_open_v2(file.c_str(), &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK)
        throw std::runtime_error("cannot open " + file.string());
}

Database::~Database()
{
    sqlite3_close(db_);
}

std::vector<std::vector<std::string>> Database::rows(char const* sql) const
{
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(db_, sql, -1, &raw, nullptr) != SQLITE_OK)
        throw std::runtime_error(fmt::format("{}: {}", sql, sqlite3_errmsg(db_)));
    std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> const stmt{raw, sqlite3_finalize};
    std::vector<std::vector<std::string>> out;
    int step = sqlite3_step(raw);
    for (; step == SQLITE_ROW; step = sqlite3_step(raw)) {
        auto& row = out.emplace_back();
        for (int i = 0; i < sqlite3_column_count(raw); ++i) {
            auto const* text = reinterpret_cast<char const*>(sqlite3_column_text(raw, i));
            row.emplace_back(text ? text : "");
        }
    }
    if (step != SQLITE_DONE)
        throw std::runtime_error(fmt::format("{}: {}", sql, sqlite3_errmsg(db_)));
    return out;
}

std::string Database::value(char const* sql) const
{
    auto const all = rows(sql);
    return all.empty() ? std::string{} : all.front().front();
}

} // namespace fault
