#pragma once

#include "deskbridge/core/time.hpp"

#include <optional>

namespace deskbridge {

/// Notices that somebody set the wall clock back, by looking at it beside time that only passes.
///
/// What waits for a moment of the wall clock would then wait longer than it was meant to. A clock that is set forward
/// needs nothing: what waits is due earlier, and what is overdue is judged by its own deadline.
/// Threads: one at a time.
class WallClock {
public:
    /// By how much `now` was set back since the last look; nullopt if not, or by no more than a second.
    /// @param running  time that has passed since any fixed moment of this process.
    [[nodiscard]] std::optional<std::chrono::milliseconds> set_back(Timestamp now, std::chrono::milliseconds running) noexcept;

private:
    std::optional<Timestamp> begun_; ///< what the wall clock says that `running` began at
};

} // namespace deskbridge
