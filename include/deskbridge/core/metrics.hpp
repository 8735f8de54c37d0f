#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace deskbridge {

/// A number that only grows. Threads: any.
class Counter {
public:
    void add(std::uint64_t n = 1) noexcept { value_.fetch_add(n, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// A number that goes up and down. Threads: any.
class Gauge {
public:
    void set(std::int64_t v) noexcept { value_.store(v, std::memory_order_relaxed); }
    void add(std::int64_t n) noexcept { value_.fetch_add(n, std::memory_order_relaxed); }
    [[nodiscard]] std::int64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::int64_t> value_{0};
};

/// Durations in seconds, in fixed buckets from 100 µs to 30 s. Threads: any.
class Histogram {
public:
    static constexpr std::array<double, 16> bounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                   0.05,   0.1,     0.25,   0.5,   1.0,    2.5,   5.0,  30.0};
    void observe(double seconds) noexcept;
    [[nodiscard]] std::uint64_t count() const noexcept { return count_.load(std::memory_order_relaxed); }

private:
    friend class Metrics;
    std::array<std::atomic<std::uint64_t>, bounds.size() + 1> buckets_{};
    std::atomic<std::uint64_t> count_{0};
    std::atomic<std::uint64_t> sum_us_{0};
};

/// What a metric's name means, in one line each.
using HelpTexts = std::map<std::string, std::string, std::less<>>;

/// `key="value"`: a label as `Metrics` takes it, with the value escaped.
[[nodiscard]] std::string metric_label(std::string_view key, std::string_view value);

class Metrics;

/// The counters of one name, one for each value of a label. Each is looked up once, so that counting costs a message no lock.
/// Threads: one at a time; what it refers to must outlive it.
class CounterSet {
public:
    CounterSet(Metrics& metrics, std::string_view name, std::string_view label) : metrics_{metrics}, name_{name}, label_{label} {}
    /// There from then on, with 0.
    Counter& of(std::string_view value);

private:
    Metrics& metrics_;
    std::string name_;
    std::string label_;
    std::map<std::string, Counter*, std::less<>> known_;
};

/// The process's figures, by name and labels, rendered as Prometheus text (exposition format 0.0.4).
///
/// Names are catalogued in schemas/json/metrics.json; `labels` is written ready: `outcome="accepted"`, several with commas.
/// References stay valid as long as the registry; ask once, keep the reference. Threads: any.
/// Source: Prometheus, "Exposition formats", text-based format 0.0.4 (2026-11).
class Metrics {
public:
    [[nodiscard]] Counter& counter(std::string_view name, std::string_view labels = {});
    [[nodiscard]] CounterSet counters(std::string_view name, std::string_view label);
    [[nodiscard]] Gauge& gauge(std::string_view name, std::string_view labels = {});
    [[nodiscard]] Histogram& histogram(std::string_view name, std::string_view labels = {});
    /// Every series; `# HELP` for the names that `help` knows.
    [[nodiscard]] std::string render(HelpTexts const& help = {}) const;

private:
    template <class T>
    using Family = std::map<std::string, std::map<std::string, T, std::less<>>, std::less<>>;
    mutable std::mutex mutex_; // registration and rendering only; never on the path of a message
    Family<Counter> counters_;
    Family<Gauge> gauges_;
    Family<Histogram> histograms_;
};

} // namespace deskbridge
