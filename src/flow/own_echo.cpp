#include "own_echo.hpp"

#include "deskbridge/store/echo_mark.hpp"
#include "deskbridge/store/event_log.hpp"
#include "deskbridge/store/message.hpp"

namespace deskbridge::flow {
namespace {

void take_back(store::Tx& tx, store::Ticket& ticket, store::EchoMark const& mark, Timestamp now)
{
    auto const found = store::marks_of(ticket);
    auto const left = without_marks(found, mark.before, mark.at);
    if (left == found)
        return;
    store::set_marks(ticket, left);
    store::save_ticket(tx, ticket);
    if (left.status != found.status)
        store::append_event(tx, {.type = "ticket.status_changed",
                                 .at = now,
                                 .actor = {ActorKind::system, 0},
                                 .conversation = ticket.conversation,
                                 .ticket = ticket.id,
                                 .data = {{"from", render_status(found.status)}, {"to", render_status(left.status)}}});
}

} // namespace

std::optional<Timestamp> absorb_own_echo(store::Tx& tx, store::OutboxEffect const& effect, Timestamp now)
{
    auto const echo = store::find_message(tx, effect.mistaken_echo);
    store::absorb_echo(tx, effect.mistaken_echo, effect.message);
    auto const mark = echo && echo->ticket ? store::take_mark(tx, echo->ticket, echo->id) : std::nullopt;
    auto ticket = mark ? store::find_ticket(tx, echo->ticket) : std::nullopt;
    if (!ticket)
        return std::nullopt;
    take_back(tx, *ticket, *mark, now);
    if (!mark->timer || !is_live(ticket->status) || ticket->acknowledged_at || store::find_timer(tx, ticket->id))
        return std::nullopt;
    store::arm_timer(tx, *mark->timer);
    return mark->timer->due_at;
}

} // namespace deskbridge::flow
