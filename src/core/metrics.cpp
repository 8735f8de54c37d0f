#include "deskbridge/core/metrics.hpp"

#include <fmt/format.h>

#include <iterator>

namespace deskbridge {
namespace {

template <class Families>
auto& entry(std::mutex& mutex, Families& families, std::string_view name, std::string_view labels)
{
    std::lock_guard const lock{mutex};
    auto family = families.find(name);
    if (family == families.end())
        family = families.try_emplace(std::string{name}).first;
    auto found = family->second.find(labels);
    if (found == family->second.end())
        found = family->second.try_emplace(std::string{labels}).first;
    return found->second;
}

/// Backslash, line break and, in values, the quotation mark.
std::string escaped(std::string_view text, bool quotes)
{
    std::string out;
    out.reserve(text.size());
    for (char const c : text) {
        if (c == '\\' || (quotes && c == '"'))
            out += '\\';
        if (c == '\n')
            out += "\\n";
        else
            out += c;
    }
    return out;
}

void render_heading(std::string& out, HelpTexts const& help, std::string_view name, std::string_view type)
{
    if (auto const found = help.find(name); found != help.end())
        fmt::format_to(std::back_inserter(out), "# HELP {} {}\n", name, escaped(found->second, false));
    fmt::format_to(std::back_inserter(out), "# TYPE {} {}\n", name, type);
}

std::string braces(std::string_view labels)
{
    return labels.empty() ? std::string{} : fmt::format("{{{}}}", labels);
}

template <class Families>
void render_simple(std::string& out, Families const& families, std::string_view type, HelpTexts const& help)
{
    for (auto const& [name, series] : families) {
        render_heading(out, help, name, type);
        for (auto const& [labels, value] : series)
            fmt::format_to(std::back_inserter(out), "{}{} {}\n", name, braces(labels), value.value());
    }
}

} // namespace

void Histogram::observe(double seconds) noexcept
{
    std::size_t bucket = 0;
    while (bucket < bounds.size() && seconds > bounds[bucket])
        ++bucket;
    buckets_[bucket].fetch_add(1, std::memory_order_relaxed);
    count_.fetch_add(1, std::memory_order_relaxed);
    sum_us_.fetch_add(static_cast<std::uint64_t>(seconds * 1e6), std::memory_order_relaxed);
}

Counter& Metrics::counter(std::string_view name, std::string_view labels)
{
    return entry(mutex_, counters_, name, labels);
}

CounterSet Metrics::counters(std::string_view name, std::string_view label)
{
    return {*this, name, label};
}

Counter& CounterSet::of(std::string_view value)
{
    auto found = known_.find(value);
    if (found == known_.end())
        found = known_.emplace(value, &metrics_.counter(name_, metric_label(label_, value))).first;
    return *found->second;
}

Gauge& Metrics::gauge(std::string_view name, std::string_view labels)
{
    return entry(mutex_, gauges_, name, labels);
}

Histogram& Metrics::histogram(std::string_view name, std::string_view labels)
{
    return entry(mutex_, histograms_, name, labels);
}

std::string metric_label(std::string_view key, std::string_view value)
{
    return fmt::format("{}=\"{}\"", key, escaped(value, true));
}

std::string Metrics::render(HelpTexts const& help) const
{
    std::lock_guard const lock{mutex_};
    std::string out;
    render_simple(out, counters_, "counter", help);
    render_simple(out, gauges_, "gauge", help);
    for (auto const& [name, series] : histograms_) {
        render_heading(out, help, name, "histogram");
        for (auto const& [labels, histogram] : series) {
            std::string const comma = labels.empty() ? "" : labels + ",";
            std::uint64_t sum = 0;
            for (std::size_t i = 0; i < Histogram::bounds.size(); ++i) {
                sum += histogram.buckets_[i].load(std::memory_order_relaxed);
                fmt::format_to(std::back_inserter(out), "{}_bucket{{{}le=\"{}\"}} {}\n", name, comma,
                               Histogram::bounds[i], sum);
            }
            sum += histogram.buckets_.back().load(std::memory_order_relaxed);
            fmt::format_to(std::back_inserter(out), "{}_bucket{{{}le=\"+Inf\"}} {}\n", name, comma, sum);
            fmt::format_to(std::back_inserter(out), "{}_sum{} {}\n", name, braces(labels),
                           static_cast<double>(histogram.sum_us_.load(std::memory_order_relaxed)) / 1e6);
            fmt::format_to(std::back_inserter(out), "{}_count{} {}\n", name, braces(labels), sum);
        }
    }
    return out;
}

} // namespace deskbridge
