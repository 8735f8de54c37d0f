#pragma once

#include "figures.hpp"

#include <filesystem>

namespace bench {

/// Adds one round to two series: median and 99th percentile, in milliseconds, of appending 4 KiB to a file and syncing it.
struct Syncs {
    Series p50{"disk sync, p50", "ms", {}};
    Series p99{"disk sync, p99", "ms", {}};
    void look(std::filesystem::path const& folder);
};

/// Processor, cores, memory, kernel, file system of `folder`, and how busy the machine was with other things.
[[nodiscard]] nlohmann::json describe_machine(std::filesystem::path const& folder);

/// What the daemon is made of.
[[nodiscard]] nlohmann::json our_versions();

/// Today, YYYY-MM-DD, UTC.
[[nodiscard]] std::string render_today();

} // namespace bench
