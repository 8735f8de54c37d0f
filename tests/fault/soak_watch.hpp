#pragma once

#include "daemon.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace fault {

/// How the daemon stands at one moment.
struct Sample {
    int life{0};      ///< which start of it
    double hours{0};  ///< since that start
    double resident_kib{0};
    double descriptors{0};
    double threads{0};
    double wal_mib{0};
    double jobs{0};    ///< in all queues of the store
    double intents{0}; ///< queued, claimed or waiting for a retry
};

using Figure = double Sample::*;

/// Looks at a daemon again and again. Descriptors are read from /proc, so it must be started with DESKBRIDGE_CORE_DUMPS=1,
/// unless root looks.
class SoakWatch {
public:
    explicit SoakWatch(Daemon const& daemon) : daemon_{daemon} {}

    void started(); ///< a new life begins
    void look();
    [[nodiscard]] std::vector<Sample> const& all() const noexcept { return all_; }
    /// Of the latest life, without its first quarter: caches fill, pools grow to their size.
    [[nodiscard]] std::vector<Sample> warm() const;

private:
    Daemon const& daemon_;
    int life_{0};
    std::chrono::steady_clock::time_point since_{};
    std::vector<Sample> all_;
};

/// What a figure does over samples: least squares over time.
struct Trend {
    double per_hour{0};
    double hours{0}; ///< from the first sample to the last
    [[nodiscard]] double growth() const noexcept { return per_hour * hours; }
};
[[nodiscard]] Trend trend_of(std::vector<Sample> const& samples, Figure figure);
/// The smallest value that at least `share` of the samples do not exceed.
[[nodiscard]] double quantile_of(std::vector<Sample> const& samples, Figure figure, double share);

/// What may grow over so long and still be called flat. Below half a day, what a process of this size does by itself.
[[nodiscard]] double memory_allowance_kib(double hours) noexcept;
constexpr double descriptor_allowance = 4; ///< of a median: connections come and go
constexpr double wal_allowance_mib = 64;

/// "" or which of memory, descriptors and threads grew, and by how much.
[[nodiscard]] std::string growth_in(std::vector<Sample> const& warm);

} // namespace fault
