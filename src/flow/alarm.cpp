#include "alarm.hpp"

#include "deskbridge/core/acknowledgement.hpp"
#include "deskbridge/core/withholding.hpp"
#include "deskbridge/store/message.hpp"
#include "deskbridge/store/outbox.hpp"
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

bool acknowledged(store::Tx& tx, store::Ticket const& ticket)
{
    return ticket.acknowledged_at || store::agent_message_stands(tx, ticket.id, ticket.opened_at) ||
           store::phone_app_wrote_since(tx, ticket.id, ticket.opened_at);
}

namespace {

/// What was withheld last is the acknowledgement, because of the reply window alone.
bool withheld_for_window(store::Tx& tx, store::Ticket const& ticket)
{
    auto const withheld = store::latest_ticket_events(tx, ticket.id, "message.withheld", 1);
    if (withheld.empty() || withheld.front().at < ticket.opened_at)
        return false;
    auto const data = nlohmann::json::parse(withheld.front().data, nullptr, false);
    return data.is_object() && data.value("purpose", "") == "acknowledgement" &&
           data.value("reason", "") == render_withholding(Withholding::window_closed);
}

} // namespace

void arm_if_owed(Scene& scene, TicketId id)
{
    auto const ticket = store::find_ticket(scene.tx, id);
    if (!ticket || !is_live(ticket->status) || store::find_timer(scene.tx, id) || acknowledged(scene.tx, *ticket) ||
        !withheld_for_window(scene.tx, *ticket))
        return;
    bool const follow_up = static_cast<bool>(ticket->follow_up_of);
    arm(scene, id, rearmed_acknowledgement(ticket->reopen_count > 0, follow_up, scene.now()).kind);
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
