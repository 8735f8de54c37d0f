#pragma once

#include "deskbridge/core/log.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/store/backup.hpp"
#include "deskbridge/store/store.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

namespace deskbridge::store {

/// Copies of the open database, one at a time, on a thread and a connection of their own: writes go on meanwhile. A copy gets
/// its name only when it is complete, synced, and was found sound.
/// Threads: any. `~Backups` breaks off what is under way, and waits for a `start` that is.
class Backups {
public:
    Backups(StoreSettings const& settings, Log& log, Metrics& metrics, std::function<bool()> disk_low);
    ~Backups();
    Backups(Backups const&) = delete;
    Backups& operator=(Backups const&) = delete;

    /// Looks at the place first, and blocks for as long as its disk does.
    /// Errors: conflict (one is under way, the file is there), malformed (not a name for it), storage, unavailable (stopped).
    [[nodiscard]] Result<void> start(std::filesystem::path const& file, bool replace);
    [[nodiscard]] BackupProgress progress() const;
    /// The write-ahead log must be emptied: the copy's snapshot has to go.
    void interrupt() noexcept { break_off(Why::wal); }
    void stop();

private:
    enum class Why { none, wal, disk, closing };
    void break_off(Why why) noexcept;
    void run(std::filesystem::path file, bool replace);
    [[nodiscard]] bool busy() const;
    [[nodiscard]] Result<std::uint64_t> make(std::filesystem::path const& file, std::filesystem::path const& part, bool replace);
    [[nodiscard]] bool go_on(std::int64_t done, std::int64_t all);
    [[nodiscard]] Error explain(std::string const& detail) const;
    void set_state(BackupProgress::State state);

    StoreSettings const& settings_;
    Log& log_;
    Counter& done_;
    Counter& failed_;
    std::function<bool()> disk_low_;
    std::atomic<Why> why_{Why::none};
    std::mutex starting_; ///< held by whoever starts or stops; taken before `mutex_`
    mutable std::mutex mutex_;
    BackupProgress progress_;
    bool same_disk_{false};
    bool stopped_{false};
    std::thread thread_;
};

} // namespace deskbridge::store
