#include "threading_parts.hpp"

namespace deskbridge::threading {
namespace {

std::string why_no_matter(ThreadingMessage const& message)
{
    if (message.group)
        return "group message: stored by group, not answered";
    switch (message.nature) {
    case Nature::message: break;
    case Nature::reaction: return "reaction";
    case Nature::revision: return "edit or deletion";
    case Nature::receipt: return "receipt";
    case Nature::history: return "history: written before the account was connected";
    case Nature::standby: return "standby: another app of the number has the chat";
    case Nature::call: return "call";
    case Nature::notice: return "notice of the channel";
    }
    return message.about_known_kind ? "a reaction, edit or deletion that the channel does not show" : "";
}

/// Somebody without a ticket asks for help: it must be seen. Nobody can be answered who said nothing yet.
void open_for_call(ThreadingMessage const& message, PlacementDecision& decision)
{
    decision.rule = Rule::r8;
    decision.matter = true;
    decision.target = {PlacementAction::open, {}, {}};
    decision.opened_at = believed(message.sent_at, message.received_at);
    decision.reason = "call from somebody without a ticket";
}

} // namespace

Placed place_no_matter(Placing const& placing)
{
    auto const& message = placing.facts.message;
    auto reason = why_no_matter(message);
    if (reason.empty())
        return std::nullopt;
    PlacementDecision decision;
    decision.rule = Rule::r0;
    decision.matter = false;
    decision.reason = std::move(reason);
    // Shown with the message that it is about, whatever that ticket's status.
    if (auto const* ticket = message.group ? nullptr : placing.book.find(message.target_ticket)) {
        decision.target = {PlacementAction::append, ticket->id, {}};
        decision.marks_unseen = message.nature == Nature::call || (message.nature == Nature::revision && !is_live(ticket->status));
    } else if (message.nature == Nature::call && !message.group) {
        open_for_call(message, decision);
    }
    return decision;
}

} // namespace deskbridge::threading
