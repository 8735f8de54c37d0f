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

namespace deskbridge::store {

/// Watches the space where the database lies, and keeps some of it back: a ballast file with real blocks, which is removed
/// when a write met a full disk, so that outcomes of sends still find room, and made again when there is space.
///
/// Space is low below the low-water mark, the missing ballast not counted; and from a full disk on until the ballast is there
/// again. Looks at a rhythm of its own, for the file system may not answer for long.
/// Ownership: `~DiskGuard` ends the thread; the ballast file stays. Threads: `low`, `full` any.
class DiskGuard {
public:
    /// Looks once. With neither mark nor ballast it only tells the free space.
    DiskGuard(StoreSettings const& settings, Log& log, Metrics& metrics);
    ~DiskGuard();
    DiskGuard(DiskGuard const&) = delete;
    DiskGuard& operator=(DiskGuard const&) = delete;

    [[nodiscard]] bool low() const noexcept { return low_.load(std::memory_order_acquire); }
    /// A write met a full disk: the ballast goes, at once.
    void full() noexcept;
    void start();
    void stop();

private:
    using Clock = std::chrono::steady_clock;
    void run();
    void look();
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
