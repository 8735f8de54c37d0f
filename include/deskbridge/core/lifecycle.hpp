#pragma once

#include "deskbridge/core/policy.hpp"
#include "deskbridge/core/result.hpp"
#include "deskbridge/core/threading.hpp"
#include "deskbridge/core/ticket.hpp"
#include "deskbridge/core/time.hpp"

#include <optional>
#include <string_view>

namespace deskbridge {

/// What customers hear when they ask what happened last; the words in ticket.last_step.
enum class LastStep { received, taken_over, answered, waiting_for_you, waiting_for_others, solved, reopened, customer_wrote };
[[nodiscard]] std::string_view render_step(LastStep step) noexcept;
[[nodiscard]] std::optional<LastStep> parse_step(std::string_view word) noexcept;

/// What happens to a ticket.
enum class TicketChange {
    customer_wrote,    ///< matter appended to a live ticket
    customer_reopened, ///< a placement with action reopen
    agent_wrote,       ///< a reply was accepted for sending, or an echo
    taken_over,        ///< an agent took it or was assigned
    released,          ///< nobody is assigned any more
    set_open, set_pending, set_on_hold, ///< an agent's choice
    solved,            ///< by an agent
    customer_closed,   ///< the customer's `close`
    reopened,          ///< by an agent
    unopened,          ///< a burst that had reopened it moved away
    merged,            ///< became part of another ticket
    restored,          ///< what had ended it was undone
    closed,            ///< for good: by an agent, or by time
};

enum class NoticeKind { taken_over, waiting_for_you, solved, reopened };
[[nodiscard]] std::string_view render_notice(NoticeKind kind) noexcept;

/// What the change reads of a ticket.
struct LifecycleFacts {
    TicketStatus status{TicketStatus::new_};
    LastStep last_step{LastStep::received};
    bool assigned{false};   ///< to somebody, before the change
    bool same_agent{false}; ///< of taken_over: it is theirs already
    bool with_reply{false}; ///< of set_pending: an agent's message goes out with it and tells the customer better
    TicketStatus was{TicketStatus::open}; ///< of restored: before it ended
};

/// What is to be written.
struct LifecycleEffect {
    TicketStatus status{TicketStatus::new_};
    enum class Interval { keep, open, close, resume } interval{Interval::keep};
    std::optional<LastStep> last_step;  ///< with last_step_at = now; nullopt: stays
    std::optional<NoticeKind> notice;   ///< before the account's switches: see `tells`
    bool sets_solved_at{false};
    bool clears_solved_at{false};
    bool raises_reopen_count{false};
    bool unseen{false};                 ///< becomes unseen
    bool seen{false};                   ///< becomes seen
    bool drops_acknowledgement{false};
    bool starts_unanswered{false};      ///< unanswered_agent_at = now
    bool clears_unanswered{false};
    bool changes{true};                 ///< false: nothing to write: it is so already, or does not touch the ticket
    friend bool operator==(LifecycleEffect const&, LifecycleEffect const&) = default;
};

/// Errors:  conflict (not possible from this status; `detail` says why).
/// Threads: pure; any thread.
[[nodiscard]] Result<LifecycleEffect> decide_change(TicketChange change, LifecycleFacts const& facts);

/// Is the customer to be told? Opt-out stops notices: nobody asked for them.
[[nodiscard]] bool tells(NoticeKind kind, AccountPolicy const& policy, bool stopped) noexcept;

} // namespace deskbridge
