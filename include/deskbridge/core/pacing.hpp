#pragma once

#include "deskbridge/core/ids.hpp"
#include "deskbridge/core/time.hpp"

#include <chrono>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace deskbridge {

/// So many at once, then a steady pace. Holds no clock: it is told what time it is, and when the clock was set back; until
/// it is told, a clock that goes back refills nothing and takes nothing away.
class TokenBucket {
public:
    TokenBucket(double per_second, double burst) noexcept : per_second_{per_second}, burst_{burst}, tokens_{burst} {}

    /// When one may be taken: `now` if at once.
    [[nodiscard]] Timestamp ready_at(Timestamp now) const noexcept;
    /// Takes one; below zero when none was ready.
    void take(Timestamp now) noexcept;
    /// Puts one back that was not used.
    void give_back() noexcept;
    /// From now on at this pace; what is in the bucket stays, up to the new burst.
    void change(double per_second, double burst, Timestamp now) noexcept;
    /// The wall clock was set back: what the bucket remembers is remembered by the new one.
    void set_back(std::chrono::milliseconds by) noexcept { at_ -= by; }
    [[nodiscard]] bool full(Timestamp now) const noexcept { return tokens_at(now) >= burst_; }

private:
    [[nodiscard]] double tokens_at(Timestamp now) const noexcept;
    double per_second_;
    double burst_;
    double tokens_;
    Timestamp at_{};
};

struct PaceSettings {
    double per_second{20.0};     ///< of the account, to begin with
    double per_second_max{60.0}; ///< as far as clean minutes raise it
    double step{5.0};            ///< by how much a clean minute raises it
    std::chrono::milliseconds pair_interval{6000}; ///< steady pace to one recipient
    int pair_burst{20};                            ///< messages borrowed from that pace
    double retries{0.1};                           ///< the share of the account's rate that second and later tries may use
};

/// Why an account sends nothing, or with `complaints` no templates, for a while.
enum class RestReason {
    throttled,     ///< the provider says that it sends too fast
    complaints,    ///< customers block or report it: what nobody asked for waits, replies go on
    no_connection, ///< the provider cannot be reached
    failing,       ///< most of its sends got no answer
};
[[nodiscard]] std::string_view render_rest_reason(RestReason reason) noexcept;

/// An account that sends nothing (`complaints`: nothing that no customer asked for) until then, and goes on by itself.
struct AccountRest {
    AccountId account;
    Timestamp until{};
    RestReason reason{RestReason::no_connection};
};

/// How fast one account sends: adaptive for all together, steady for each recipient.
///
/// A minute of sending without a rate error raises the account's rate by `step`; a rate error halves it. After a quiet
/// time it stays where it was. Kept in memory: after a restart it begins anew, and the provider's own limits correct it.
/// Threads: one at a time.
class Pace {
public:
    explicit Pace(PaceSettings settings) noexcept;

    /// When the next message to `pair` may leave: `now` if at once.
    [[nodiscard]] Timestamp ready_at(ConversationId pair, Timestamp now) const;
    /// The same for the account alone.
    [[nodiscard]] Timestamp account_ready_at(Timestamp now) const;
    void take(ConversationId pair, Timestamp now);
    /// The same for what was tried before: however much fails, most of the rate is for what is new.
    [[nodiscard]] Timestamp retry_ready_at(Timestamp now) const { return retries_.ready_at(now); }
    void take_retry(Timestamp now) { retries_.take(now); }
    /// What was taken did not leave.
    void give_back(ConversationId pair);
    /// The provider said: too fast, for the account or for this recipient. Nothing leaves for `wait`.
    /// @param begun  when that attempt began: what left before the rate was halved does not halve it again.
    void account_throttled(Timestamp now, std::chrono::milliseconds wait, Timestamp begun);
    /// The same, but only what no customer asked for waits; the rest goes on at half the rate.
    void proactive_throttled(Timestamp now, std::chrono::milliseconds wait, Timestamp begun);
    /// When what no customer asked for may leave, as far as that goes.
    [[nodiscard]] Timestamp proactive_ready_at() const noexcept { return proactive_not_before_; }
    void pair_throttled(ConversationId pair, Timestamp now, std::chrono::milliseconds wait);
    /// The wall clock was set back by so much: nobody waits longer for it.
    void set_back(std::chrono::milliseconds by);
    [[nodiscard]] double per_second() const noexcept { return per_second_; }
    /// Until when the provider wants to see nothing of the account; in the past: it does not.
    [[nodiscard]] Timestamp throttled_until() const noexcept { return account_not_before_; }

private:
    struct Pair {
        TokenBucket bucket;
        Timestamp not_before{};
    };
    [[nodiscard]] Pair& pair_of(ConversationId pair, Timestamp now);
    void halve(Timestamp now, Timestamp begun);
    void set_rate(double per_second, Timestamp now);
    void forget_idle(Timestamp now);

    PaceSettings settings_;
    double per_second_;
    TokenBucket account_;
    TokenBucket retries_;
    Timestamp account_not_before_{};
    Timestamp proactive_not_before_{};
    std::optional<Timestamp> halved_at_{};
    Timestamp clean_since_{}; ///< of the running minute; 0: nothing sent yet
    std::unordered_map<ConversationId, Pair> pairs_;
    std::size_t walk_at_; ///< so many pairs, and those that rest are forgotten
};

} // namespace deskbridge
