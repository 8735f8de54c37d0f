#include "threading_parts.hpp"

#include <algorithm>

namespace deskbridge::threading {
namespace {

/// Typed words may be the answer to what an agent asked; a tap on something of ours is an order whatever was asked.
bool counts(Placing const& placing, ThreadingCommand const& command)
{
    if (command.tapped || !placing.book.agent_asked_at())
        return true;
    // "12345674" after "what is your order number?" is an answer unless it really is a ticket of theirs.
    return counts_while_agent_waits(command.command) && !(command.lone_reference && command.unmatched_reference);
}

bool is_about_tickets(Command command)
{
    return command == Command::status || command == Command::close || command == Command::agent;
}

struct Scope {
    std::vector<ThreadingTicket const*> tickets;
    bool named{false};
};

/// The first kind of name that leads to tickets of the asker's own.
Scope scope_of(Placing const& placing, std::vector<std::vector<TicketId>> const& names)
{
    Scope scope;
    for (auto const& ids : names) {
        for (auto const id : ids) {
            auto const* ticket = placing.book.find(id);
            if (ticket && std::find(scope.tickets.begin(), scope.tickets.end(), ticket) == scope.tickets.end())
                scope.tickets.push_back(ticket);
        }
        if (!scope.tickets.empty())
            break;
    }
    scope.named = !scope.tickets.empty();
    if (!scope.named)
        scope.tickets = placing.book.live();
    return scope;
}

/// Where the order itself is kept, and what `agent` opens.
Settled place_of(Placing const& placing, ThreadingCommand const& command, CommandDecision const& decision, Scope const& scope)
{
    Settled nowhere;
    if (!is_about_tickets(command.command) || decision.not_found)
        return nowhere;
    bool const calls_agent = command.command == Command::agent;
    if (scope.tickets.empty())
        return calls_agent ? Settled{new_ticket(placing.book), false} : nowhere;
    if (scope.tickets.size() > 1)
        return nowhere;
    if (calls_agent)
        return settle(placing.book, *scope.tickets.front(), false);
    return {{PlacementAction::append, scope.tickets.front()->id, {}}, false};
}

CommandDecision describe(Placing const& placing, ThreadingCommand const& command, Scope const& scope)
{
    CommandDecision decision;
    decision.command = command.command;
    decision.language = command.language;
    decision.not_found = command.unmatched_reference && is_about_tickets(command.command);
    decision.named = scope.named && !decision.not_found;
    if (!decision.not_found)
        for (auto const* ticket : scope.tickets)
            decision.scope.push_back(ticket->id);
    if (decision.scope.empty() && !decision.not_found)
        if (auto const* newest = placing.book.newest_within_reach())
            decision.newest = newest->id;
    decision.asks_to_describe = command.command == Command::new_ ||
                                (command.command == Command::help && placing.book.live().empty());
    return decision;
}

PlacementDecision obey(Placing const& placing, ThreadingCommand const& command, Scope const& scope)
{
    auto order = describe(placing, command, scope);
    Verdict verdict{Rule::r1, place_of(placing, command, order, scope), {},
                    "command " + std::string{render_command(command.command)}, false};
    for (auto const id : order.scope)
        verdict.candidates.push_back({id, order.named ? "named" : "live"});
    auto decision = conclude(placing, std::move(verdict));
    // An order is seen in the timeline and changes nothing there, except that `agent` calls somebody.
    if (command.command != Command::agent) {
        decision.answers_agent = decision.marks_unseen = false;
        decision.acknowledgement = AcknowledgementEffect::none;
    }
    decision.command = std::move(order);
    return decision;
}

} // namespace

Placed place_command(Placing const& placing)
{
    auto const& command = placing.facts.command;
    if (!command || !counts(placing, *command))
        return std::nullopt;
    auto const& message = placing.facts.message;
    std::vector<std::vector<TicketId>> names{{message.payload_ticket}, {message.quoted_ticket}, message.references};
    if (command->lone_reference) // the message is nothing but this name
        std::swap(names[1], names[2]);
    return obey(placing, *command, scope_of(placing, names));
}

PlacementDecision answer_status(Placing const& placing, TicketId of)
{
    ThreadingCommand command;
    command.tapped = true;
    command.unmatched_reference = placing.book.find(of) == nullptr;
    return obey(placing, command, scope_of(placing, {{of}}));
}

} // namespace deskbridge::threading
