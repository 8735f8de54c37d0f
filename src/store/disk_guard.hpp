#pragma once

#include "deskbridge/core/log.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/store/store.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include <sys/types.h>

namespace deskbridge::store {

/// Which file a name stands for.
struct FileIdentity {
    dev_t device{};
    ino_t inode{};
    friend bool operator==(FileIdentity const&, FileIdentity const&) = default;
};

/// Watches that the database stays where it lies, and the space there, and keeps some of it back: a ballast file with real blocks, which is removed
/// when a write met a full disk, so that outcomes of sends still find room, and made again when there is space.
///
/// Space is low below the low-water mark, the missing ballast not counted; and from a full disk on until the ballast is there
/// again. Looks at a rhythm of its own, for the file system may not answer for long.
/// Ownership: `~DiskGuard` ends the thread; the ballast file stays. Threads: `low`, `file_gone`, `full` any.
class DiskGuard {
public:
    /// Looks once. With neither mark nor ballast it only tells the free space.
    DiskGuard(StoreSettings const& settings, Log& log, Metrics& metrics);
    ~DiskGuard();
    DiskGuard(DiskGuard const&) = delete;
    DiskGuard& operator=(DiskGuard const&) = delete;

    /// The database is no longer the file of that name that it was at the start: removed, or another in its place.
    [[nodiscard]] bool file_gone() const noexcept { return file_gone_.load(std::memory_order_acquire); }
    [[nodiscard]] bool low() const noexcept { return low_.load(std::memory_order_acquire); }
    /// A write met a full disk: the ballast goes, at once.
    void full() noexcept;
    void start();
    void stop();

private:
    using Clock = std::chrono::steady_clock;
    void run();
    void look();
    void look_for_file();
    void settle(std::uint64_t free);
    [[nodiscard]] bool make_ballast();
    void drop_ballast() noexcept;

    StoreSettings const& settings_;
    Log& log_;
    std::filesystem::path ballast_;
    Gauge& free_bytes_;
    Gauge& low_gauge_;
    Gauge& ballast_bytes_;
    Counter& full_total_;
    std::optional<FileIdentity> identity_;
    std::atomic<bool> file_gone_{false};
    std::atomic<bool> low_{false};
    std::mutex mutex_;
    std::condition_variable wake_;
    Clock::time_point full_at_{};
    bool ballast_made_{false};
    bool ballast_told_{false};
    bool stopping_{false};
    std::thread thread_;
};

/// The ballast file of a database.
[[nodiscard]] std::filesystem::path ballast_file(std::filesystem::path const& database);

/// Bytes that an ordinary user may still write where `path` lies; nullopt: the system does not say.
[[nodiscard]] std::optional<std::uint64_t> free_space(std::filesystem::path const& path) noexcept;

} // namespace deskbridge::store
