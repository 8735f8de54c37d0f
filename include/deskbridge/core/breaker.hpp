#pragma once

#include "deskbridge/core/outcome.hpp"
#include "deskbridge/core/retry.hpp"
#include "deskbridge/core/time.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace deskbridge {

struct BreakerSettings {
    std::chrono::seconds window{30};  ///< what is judged; at most `Breaker::longest_window`
    int results{20};                  ///< fewer within the window say nothing
    int failed_percent{50};           ///< from here on it opens
    int connections{5};               ///< so many in a row that failed open it at once
    RetryPolicy rest{.first = std::chrono::seconds{10}, .ceiling = std::chrono::seconds{300}}; ///< longer with every probe that fails
};

/// What one result says about the provider.
enum class Sign { works, fails, no_connection };

/// Did the provider do its work? It did if it gave an answer of its own, also a refusal or "too fast".
[[nodiscard]] Sign sign_of(Outcome const& outcome) noexcept;

/// Ends the sending of an account whose provider does not answer, before hundreds of messages are in doubt; then lets one
/// message try, and goes on when that one was answered.
///
/// Closed: everything may go. Open: nothing, until its rest is over. Half open: one at a time, until a sign.
/// Kept in memory: after a restart it begins closed.
/// Threads: one at a time.
/// Source:  M. Nygard, "Release It!", 2nd edition 2018, Circuit Breaker.
class Breaker {
public:
    static constexpr std::size_t longest_window = 64; // seconds

    explicit Breaker(BreakerSettings settings = {}) noexcept : settings_{settings} {}

    /// When something may leave: `now` if at once.
    [[nodiscard]] Timestamp ready_at(Timestamp now) const noexcept { return until_ ? std::max(now, *until_) : now; }
    /// How many may be in flight; `limit` while it is closed.
    [[nodiscard]] std::size_t room(std::size_t limit) const noexcept { return until_ ? std::min<std::size_t>(limit, 1) : limit; }
    /// A result has come. Answers for how long nothing leaves, if that has just been decided.
    /// @param dice  uniformly random.
    std::optional<std::chrono::seconds> take(Sign sign, Timestamp now, std::uint64_t dice);
    [[nodiscard]] bool closed() const noexcept { return !until_; }
    /// The wall clock was set back.
    void set_back(std::chrono::milliseconds by) noexcept;

private:
    struct Second {
        std::int64_t at{0};
        int results{0};
        int failed{0};
    };
    [[nodiscard]] bool too_many(Timestamp now) const noexcept;
    void count(Sign sign, Timestamp now) noexcept;

    BreakerSettings settings_;
    std::array<Second, longest_window> seconds_{};
    int connections_failed_{0};       // in a row
    int openings_{0};                 // in a row
    std::optional<Timestamp> until_{}; // has a value while it is not closed
};

} // namespace deskbridge
