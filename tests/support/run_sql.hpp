#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace deskbridge::test {

/// Does something to a database file that no daemon has open.
inline void run_sql(std::filesystem::path const& file, std::string const& sql)
{
    sqlite3* db = nullptr;
    bool const opened = sqlite3_open(file.c_str(), &db) == SQLITE_OK;
    bool const done = opened && sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
    std::string const why = done ? "" : sqlite3_errmsg(db);
    sqlite3_close(db);
    if (!done)
        throw std::runtime_error{sql + ": " + why};
}

} // namespace deskbridge::test
