#pragma once

#include <sqlite3.h>

namespace deskbridge::test {

/// SQLite's handle of the first database that is opened while this lives: of a store, the writer's.
class FirstConnection {
public:
    FirstConnection()
    {
        seen = nullptr;
        sqlite3_auto_extension(reinterpret_cast<void (*)()>(remember));
    }
    ~FirstConnection() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(remember)); }
    FirstConnection(FirstConnection const&) = delete;
    FirstConnection& operator=(FirstConnection const&) = delete;

    [[nodiscard]] sqlite3* handle() const noexcept { return seen; }
    /// From now on it does not wait for locks. Nothing may be under way on it.
    void give_up_at_once() const noexcept { sqlite3_busy_timeout(seen, 0); }

private:
    static int remember(sqlite3* db, char const**, sqlite3_api_routines const*)
    {
        if (seen == nullptr)
            seen = db;
        return SQLITE_OK;
    }
    static inline sqlite3* seen{nullptr};
};

} // namespace deskbridge::test
