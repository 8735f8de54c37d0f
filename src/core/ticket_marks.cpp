#include "deskbridge/core/ticket_marks.hpp"

#include "deskbridge/core/lifecycle.hpp"

namespace deskbridge {

TicketMarks without_marks(TicketMarks now, TicketMarks const& before, Timestamp at)
{
    bool const unanswered = now.unanswered_agent_at == at;
    bool const answered = now.last_step == render_step(LastStep::answered) && now.last_step_at == at;
    bool const latest = is_live(before.status) ? answered : unanswered; // of one that is solved, no step is written
    if (unanswered)
        now.unanswered_agent_at = before.unanswered_agent_at;
    if (now.last_activity == at)
        now.last_activity = before.last_activity;
    if (!latest)
        return now;
    now.unseen = now.unseen || before.unseen;
    if (answered) {
        now.last_step = before.last_step;
        now.last_step_at = before.last_step_at;
    }
    if (before.status == TicketStatus::new_ && now.status == TicketStatus::open)
        now.status = TicketStatus::new_;
    return now;
}

} // namespace deskbridge
