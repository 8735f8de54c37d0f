#pragma once

#include "deskbridge/core/policy.hpp"
#include "deskbridge/core/threading.hpp"
#include "deskbridge/core/time.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace deskbridge {

/// One acknowledgement per opening or reopening, as a row of `timer`.
struct AcknowledgementTimer {
    Timestamp due_at;
    Timestamp deadline; ///< `due_at` is never put off beyond it
    AcknowledgementEffect kind{AcknowledgementEffect::arm_opened}; ///< one of the three that arm
    friend bool operator==(AcknowledgementTimer const&, AcknowledgementTimer const&) = default;
};

/// The timer after a message was placed on the ticket at `now` (our clock), or nullopt: none.
///
/// Arming replaces what was armed, but keeps an earlier deadline: the customer has been waiting since then. An opening
/// stays an opening when the same ticket is reopened before anybody was told of it.
///
/// Errors:  none. Threads: pure; any thread.
[[nodiscard]] std::optional<AcknowledgementTimer> next_acknowledgement(std::optional<AcknowledgementTimer> const& armed,
                                                                       AcknowledgementEffect effect, Timestamp now,
                                                                       AccountPolicy const& policy);

/// What else happens on a ticket, seen from its acknowledgement.
enum class AnswerEvent {
    agent_accepted,         ///< an agent's message on this ticket was accepted by the provider
    echo,                   ///< one was typed on the business phone
    status_answer_accepted, ///< a status answer that names this ticket
    agent_failed,           ///< what had dropped it was refused, failed, cancelled or expired
    agent_kept,             ///< … or waits for the next window
    ticket_back,            ///< the merge that had dropped it was undone
};

/// What is to be done with the timer after `event`.
enum class AcknowledgementStep {
    leave,
    drop,
    rearm, ///< see `rearmed_acknowledgement`
};

/// @param armed         a timer stands.
/// @param acknowledged  the latest opening has been acknowledged or answered by something that still stands.
[[nodiscard]] AcknowledgementStep after_answer(AnswerEvent event, bool armed, bool acknowledged) noexcept;

/// Due at once: the customer has waited long enough.
/// @param reopened  the ticket's latest opening was a reopening.
/// @param follow_up it follows up another one.
[[nodiscard]] AcknowledgementTimer rearmed_acknowledgement(bool reopened, bool follow_up, Timestamp now) noexcept;

struct DueFacts {
    bool ticket_live{true};
    bool agent_on_the_way{false}; ///< an agent's message on this ticket, later than its opening, is queued or being sent
    bool window_open{true};
    int automatic_last_hour{0}; ///< notices to this contact within the last hour, all its conversations
};

/// Why an acknowledgement that was due is dropped; `agent_failed` and `agent_kept` may arm it again.
enum class SkipReason {
    disabled,
    not_live,
    window_closed,
    capped,
    agent_on_the_way,
    no_account, ///< not configured any more
    withheld,   ///< what holds for every automatic text kept it back
    failed,     ///< it could not be written
    template_refused, ///< the configured template may not be sent, as the provider's list has it
};
constexpr std::array every_skip_reason{SkipReason::disabled,         SkipReason::not_live,   SkipReason::window_closed, SkipReason::capped,
                                       SkipReason::agent_on_the_way, SkipReason::no_account, SkipReason::withheld,      SkipReason::failed,
                                       SkipReason::template_refused};
static_assert(every_skip_reason.size() == static_cast<std::size_t>(SkipReason::template_refused) + 1);
/// The word in logs and figures: "window_closed".
[[nodiscard]] std::string_view render_skip(SkipReason reason) noexcept;

/// Of an acknowledgement that is due: nullopt: it goes out.
[[nodiscard]] std::optional<SkipReason> decide_due(DueFacts const& facts, AccountPolicy const& policy) noexcept;

/// May another notice go to this contact? What an agent wrote, such as the summary of a solving, is not asked about.
[[nodiscard]] bool within_cap(int notices_last_hour, AccountPolicy const& policy) noexcept;
/// May another command of this contact be answered? The bound stops two machines that answer each other; a person does not
/// get there. A change of consent is confirmed whatever it says.
[[nodiscard]] bool may_answer(int answers_last_hour, AccountPolicy const& policy) noexcept;

} // namespace deskbridge
