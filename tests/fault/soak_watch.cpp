#include "soak_watch.hpp"

#include "http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>

namespace fault {
namespace {

namespace fs = std::filesystem;

double threads_of(pid_t pid)
{
    std::ifstream status{fmt::format("/proc/{}/status", pid)};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("Threads:"))
            return std::stod(line.substr(8));
    return 0;
}

double descriptors_of(pid_t pid)
{
    return static_cast<double>(std::distance(fs::directory_iterator{fmt::format("/proc/{}/fd", pid)}, fs::directory_iterator{}));
}

/// The medians of the first and the last quarter.
double rise_of_median(std::vector<Sample> const& warm, Figure figure)
{
    auto const quarter = static_cast<std::ptrdiff_t>(warm.size() / 4);
    return quantile_of({warm.end() - quarter, warm.end()}, figure, 0.5) - quantile_of({warm.begin(), warm.begin() + quarter}, figure, 0.5);
}

} // namespace

void SoakWatch::started()
{
    ++life_;
    since_ = std::chrono::steady_clock::now();
}

void SoakWatch::look()
{
    Sample now;
    now.life = life_;
    now.hours = std::chrono::duration<double, std::ratio<3600>>(std::chrono::steady_clock::now() - since_).count();
    now.resident_kib = static_cast<double>(daemon_.resident_kib());
    now.descriptors = descriptors_of(daemon_.pid());
    now.threads = threads_of(daemon_.pid());
    std::error_code none;
    auto const wal = fs::file_size(daemon_.database().string() + "-wal", none);
    now.wal_mib = none ? 0 : static_cast<double>(wal) / (1 << 20);
    auto const figures = HttpConnection{daemon_.port()}.read("/metrics");
    now.jobs = figure_in(figures, "deskbridge_store_queue_jobs");
    for (auto const* state : {"queued", "claimed", "retry_wait"})
        now.intents += figure_in(figures, fmt::format("deskbridge_outbox_intents{{state=\"{}\"}}", state));
    all_.push_back(now);
}

std::vector<Sample> SoakWatch::warm() const
{
    std::vector<Sample> out;
    auto const until_warm = all_.empty() ? 0 : all_.back().hours / 4;
    std::copy_if(all_.begin(), all_.end(), std::back_inserter(out), [&](Sample const& s) { return s.life == life_ && s.hours >= until_warm; });
    return out;
}

Trend trend_of(std::vector<Sample> const& samples, Figure figure)
{
    if (samples.size() < 2)
        return {};
    auto const n = static_cast<double>(samples.size());
    double mean_time = 0;
    double mean_value = 0;
    for (auto const& s : samples) {
        mean_time += s.hours / n;
        mean_value += s.*figure / n;
    }
    double both = 0;
    double time = 0;
    for (auto const& s : samples) {
        both += (s.hours - mean_time) * (s.*figure - mean_value);
        time += (s.hours - mean_time) * (s.hours - mean_time);
    }
    return {time > 0 ? both / time : 0, samples.back().hours - samples.front().hours};
}

double quantile_of(std::vector<Sample> const& samples, Figure figure, double share)
{
    std::vector<double> values;
    for (auto const& s : samples)
        values.push_back(s.*figure);
    if (values.empty())
        return 0;
    auto const rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
    auto const at = values.begin() + static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(rank, 1, values.size()) - 1);
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

double memory_allowance_kib(double hours) noexcept
{
    return hours < 12 ? 4096 : 1024 * hours / 24;
}

std::string growth_in(std::vector<Sample> const& warm)
{
    auto const memory = trend_of(warm, &Sample::resident_kib);
    if (memory.growth() > memory_allowance_kib(memory.hours))
        return fmt::format("memory grew by {:.0f} KiB", memory.growth());
    if (auto const rise = rise_of_median(warm, &Sample::descriptors); rise > descriptor_allowance)
        return fmt::format("descriptors grew by {:.0f}", rise);
    if (auto const rise = rise_of_median(warm, &Sample::threads); rise > 0)
        return fmt::format("threads grew by {:.0f}", rise);
    return {};
}

} // namespace fault
