#include "look_through.hpp"

#include <sqlite3.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace deskbridge::store {

Patience patience_of(std::chrono::milliseconds limit)
{
    struct Bell {
        std::mutex mutex;
        std::condition_variable_any rings;
        std::chrono::milliseconds wait;
    };
    auto const bell = std::make_shared<Bell>();
    bell->wait = limit;
    return [bell](std::stop_token const& over) {
        constexpr std::chrono::milliseconds again{10}; // SQLite forgets what comes before a statement has begun
        std::unique_lock lock{bell->mutex};
        bell->rings.wait_for(lock, over, std::exchange(bell->wait, again), [&over] { return over.stop_requested(); });
        return !over.stop_requested();
    };
}

// A connection's own limit is asked between two steps of SQLite's machine, and looking at all pages of a file is one step.
Looked look_through(Connection& connection, Patience const& patience)
{
    std::jthread const breaking_off{[&connection, &patience](std::stop_token const& over) {
        while (patience(over))
            connection.interrupt();
    }};
    try {
        return {connection.text("PRAGMA quick_check(1)"), true};
    } catch (SqliteError const& error) {
        if ((error.code & 0xff) != SQLITE_INTERRUPT)
            throw;
        return {"ok", false};
    }
}

} // namespace deskbridge::store
