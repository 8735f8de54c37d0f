#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace planted {

/// How a judge's run ended.
struct Trial {
    int status{-1};     ///< exit status; -1: ended by a signal, or broken off
    bool broken_off{false};
    std::string said;   ///< everything it wrote
    std::chrono::milliseconds took{0};
};

/// Runs a program with this bug switched on ("" = none) until it ends, or `limit` is over. Whatever it started ends with it.
/// @param scratch  a folder for what it says
/// Throws: std::runtime_error (it cannot be started). Threads: any.
[[nodiscard]] Trial try_judge(std::vector<std::string> const& command, std::string const& bug, std::filesystem::path const& scratch,
                              std::chrono::seconds limit);

} // namespace planted
