#include "alarm.hpp"

#include "deskbridge/core/acknowledgement.hpp"
#include "deskbridge/store/message.hpp"
#include "deskbridge/store/timer.hpp"

namespace deskbridge::flow {

void arm(Scene& scene, TicketId ticket, AcknowledgementEffect effect)
{
    if (effect == AcknowledgementEffect::none)
        return;
    std::optional<AcknowledgementTimer> armed;
    if (auto const timer = store::find_timer(scene.tx, ticket))
        armed = AcknowledgementTimer{timer->due_at, timer->deadline,
                                     parse_acknowledgement(timer->detail).value_or(AcknowledgementEffect::arm_opened)};
    auto const next = next_acknowledgement(armed, effect, scene.now(), scene.policy());
    if (!next || next == armed)
        return;
    store::arm_timer(scene.tx, {ticket, next->due_at, next->deadline, std::string{render_acknowledgement(next->kind)}});
    auto& due = scene.applied.timer_due;
    due = due ? std::min(*due, next->due_at) : next->due_at;
}

void count_as_acknowledged(Scene& scene, TicketId ticket)
{
    store::drop_timer(scene.tx, ticket);
    auto row = store::find_ticket(scene.tx, ticket);
    if (!row || row->acknowledged_at)
        return;
    row->acknowledged_at = scene.now();
    store::save_ticket(scene.tx, *row);
}

void drop_after_echo(Scene& scene, TicketId ticket)
{
    bool const armed = store::find_timer(scene.tx, ticket).has_value();
    if (after_answer(AnswerEvent::echo, armed, false) == AcknowledgementStep::drop)
        store::drop_timer(scene.tx, ticket);
}

} // namespace deskbridge::flow
