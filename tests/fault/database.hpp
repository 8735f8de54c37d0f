#pragma once

#include <filesystem>
#include <string>
#include <vector>

struct sqlite3;

namespace fault {

/// A database that no other process has open, asked in SQL of the judges' own. One thread at a time.
class Database {
public:
    /// Throws: std::runtime_error, as every query does.
    explicit Database(std::filesystem::path const& file);
    ~Database();
    Database(Database const&) = delete;
    Database& operator=(Database const&) = delete;

    /// All rows, as text; NULL is "".
    [[nodiscard]] std::vector<std::vector<std::string>> rows(char const* sql) const;
    /// The first column of the first row; "" if there is none.
    [[nodiscard]] std::string value(char const* sql) const;

private:
    sqlite3* db_{nullptr};
};

} // namespace fault
