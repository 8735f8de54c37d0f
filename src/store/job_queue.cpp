#include "job_queue.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace deskbridge::store {

namespace {

constexpr std::array<std::string_view, 4> lane_names{"outcome", "agent", "intake", "upkeep"};
// How many jobs of each lane one turn takes. Outcomes first: they shorten the time in which a send is unknown.
constexpr std::array<std::size_t, 4> turn{16, 8, 7, 1};

} // namespace

JobQueue::JobQueue(StoreSettings const& settings, Metrics& metrics) : settings_{settings}
{
    for (std::size_t i = 0; i < lanes_.size(); ++i)
        lanes_[i].depth = &metrics.gauge("deskbridge_store_queue_jobs", metric_label("lane", lane_names[i]));
}

bool JobQueue::full_for(Lane lane, std::size_t bytes) const
{
    auto const share = [&](std::size_t whole) { return lane == Lane::intake ? whole / 5 * 4 : whole; };
    return jobs_ + 1 > share(settings_.max_queued_jobs) || bytes_ + bytes > share(settings_.max_queued_bytes);
}

Result<void> JobQueue::push(WriteJob& job, Lane lane)
{
    {
        std::lock_guard const lock{mutex_};
        if (closed_)
            return Error{Fault::unavailable, "the store is closing"};
        if (full_for(lane, job.bytes))
            return Error{Fault::unavailable, "the writer's queue is full"};
        auto& state = lanes_[static_cast<std::size_t>(lane)];
        ++jobs_;
        bytes_ += job.bytes;
        job.repeatable = lane == Lane::intake;
        state.jobs.push_back(std::move(job));
        state.depth->add(1);
    }
    filled_.notify_one();
    return {};
}

JobQueue::Woke JobQueue::wait(std::chrono::milliseconds limit)
{
    std::unique_lock lock{mutex_};
    auto const filled = [this] { return jobs_ > 0 || closed_; };
    if (limit.count() == 0)
        filled_.wait(lock, filled);
    else if (!filled_.wait_for(lock, limit, filled))
        return Woke::time;
    return jobs_ > 0 ? Woke::jobs : Woke::closed;
}

void JobQueue::take_from(LaneState& lane, std::size_t limit, std::vector<WriteJob>& taken)
{
    for (std::size_t n = std::min(limit, lane.jobs.size()); n > 0; --n) {
        auto& job = lane.jobs.front();
        --jobs_;
        bytes_ -= job.bytes;
        taken.push_back(std::move(job));
        lane.jobs.pop_front();
        lane.depth->add(-1);
    }
}

std::vector<WriteJob> JobQueue::take(std::size_t max)
{
    std::lock_guard const lock{mutex_};
    std::vector<WriteJob> taken;
    while (jobs_ > 0 && taken.size() < max)
        for (std::size_t i = 0; i < lanes_.size(); ++i)
            take_from(lanes_[i], std::min(turn[i], max - taken.size()), taken);
    return taken;
}

std::size_t JobQueue::size() const
{
    std::lock_guard const lock{mutex_};
    return jobs_;
}

void JobQueue::close()
{
    {
        std::lock_guard const lock{mutex_};
        closed_ = true;
    }
    filled_.notify_one();
}

} // namespace deskbridge::store
