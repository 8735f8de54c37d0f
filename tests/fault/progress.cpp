#include "progress.hpp"

#include <atomic>
#include <cstdio>
#include <new>
#include <stdexcept>
#include <utility>

#include <sys/mman.h>

namespace fault {

namespace {

constexpr std::chrono::seconds between_lines{30};

std::chrono::milliseconds steady_now()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

void say_on_standard_error(std::string const& line)
{
    (void)std::fputs((line + '\n').c_str(), stderr);
}

std::string seconds(double count)
{
    return std::to_string(static_cast<std::uint64_t>(count)) + " s";
}

} // namespace

struct Progress::Counted {
    std::atomic<std::uint64_t> done{0};
    std::atomic<std::uint64_t> failed{0};
    std::atomic<std::int64_t> told_at_ms{0};
};

Progress::Progress(std::string name, std::uint64_t units) : Progress{std::move(name), units, steady_now, say_on_standard_error} {}

Progress::Progress(std::string name, std::uint64_t units, Clock clock, Say say)
    : name_{std::move(name)}, units_{units}, clock_{std::move(clock)}, say_{std::move(say)}, begun_{clock_()}
{
    static_assert(std::atomic<std::uint64_t>::is_always_lock_free); // or processes could not share it
    auto* const memory = ::mmap(nullptr, sizeof(Counted), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        throw std::runtime_error{"no memory to count in"};
    counted_ = new (memory) Counted;
    counted_->told_at_ms = begun_.count();
}

Progress::~Progress()
{
    ::munmap(counted_, sizeof(Counted));
}

void Progress::done(std::uint64_t units, std::uint64_t failed)
{
    auto const all = counted_->done += units;
    auto const all_failed = counted_->failed += failed;
    auto const now = clock_();
    auto told_at = counted_->told_at_ms.load();
    if (now.count() - told_at < std::chrono::milliseconds{between_lines}.count() ||
        !counted_->told_at_ms.compare_exchange_strong(told_at, now.count()))
        return;
    auto const gone = std::chrono::duration<double>(now - begun_).count();
    auto line = name_ + ": " + std::to_string(all);
    if (units_ > 0)
        line += " of " + std::to_string(units_);
    line += " done, " + std::to_string(all_failed) + " failed, after " + seconds(gone);
    if (units_ >= all && all > 0)
        line += "; about " + seconds(gone * static_cast<double>(units_ - all) / static_cast<double>(all)) + " left";
    say_(line);
}

} // namespace fault
