#pragma once

#include "deskbridge/core/metrics.hpp"
#include "deskbridge/store/store.hpp"

#include "waiting.hpp"

#include <array>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace deskbridge::store {

struct WriteJob {
    std::function<void(Tx&)> const* run{nullptr};
    std::size_t bytes{0};
    std::unique_ptr<Waiting> waiting;
    bool repeatable{false}; ///< may run twice; set by its lane
};

/// The bounded queue in front of the writer: four lanes, each first in, first out.
///
/// Lanes are served in their order, by turns, so that a full one cannot starve those behind it.
/// Threads: `push`, `close`, `size` any; `take` the writer.
class JobQueue {
public:
    JobQueue(StoreSettings const& settings, Metrics& metrics);

    /// Errors: unavailable (full, or closed); `job` then is untouched. The intake lane is full at 80 %.
    [[nodiscard]] Result<void> push(WriteJob& job, Lane lane);

    enum class Woke { jobs, time, closed };
    /// Waits until there is a job, or the time is over (0: never). closed: empty for good.
    [[nodiscard]] Woke wait(std::chrono::milliseconds limit = {});
    /// At most `max` jobs that are there now.
    [[nodiscard]] std::vector<WriteJob> take(std::size_t max);
    [[nodiscard]] std::size_t size() const;
    void close();

private:
    struct LaneState {
        std::deque<WriteJob> jobs;
        Gauge* depth{nullptr};
    };
    [[nodiscard]] bool full_for(Lane lane, std::size_t bytes) const;
    void take_from(LaneState& lane, std::size_t limit, std::vector<WriteJob>& taken);

    StoreSettings const& settings_;
    mutable std::mutex mutex_;
    std::condition_variable filled_;
    std::array<LaneState, 4> lanes_;
    std::size_t jobs_{0};
    std::size_t bytes_{0};
    bool closed_{false};
};

} // namespace deskbridge::store
