#include "core/threading_world.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>

namespace deskbridge::test {
namespace {

std::string number(TicketId id)
{
    return " #" + std::to_string(id.value);
}

std::string tell_target(Target const& target)
{
    std::string text{render_action(target.action)};
    if (target.ticket)
        text += number(target.ticket);
    if (target.follow_up_of)
        text += " of" + number(target.follow_up_of);
    return text;
}

std::string tell_acknowledgement(AcknowledgementEffect effect)
{
    return effect == AcknowledgementEffect::none ? "" : " ack:" + std::string{render_acknowledgement(effect)};
}

std::string tell_moves(std::vector<BurstMove> const& moves)
{
    std::string text;
    for (auto const& move : moves) {
        text += " moves";
        for (auto const id : move.messages)
            text += " m" + std::to_string(id.value);
        text += " from" + number(move.from);
        if (move.leaves == BurstMove::Leaves::empty)
            text += " (empty)";
        if (move.leaves == BurstMove::Leaves::unopened)
            text += " (unopened)";
    }
    return text;
}

std::string tell_command(CommandDecision const& command)
{
    std::string text = " {" + std::string{render_command(command.command)};
    for (auto const id : command.scope)
        text += number(id);
    if (command.named)
        text += " named";
    if (command.newest)
        text += " newest" + number(command.newest);
    if (command.not_found)
        text += " not_found";
    if (command.asks_to_describe)
        text += " describe";
    return text + "}";
}

std::string tell_pick(PickDecision const& pick)
{
    static char const* const words[]{"moved", "kept", "answered", "too_late", "gone"};
    std::string text = " [" + std::string{words[static_cast<int>(pick.result)]};
    if (pick.target.action != PlacementAction::conversation_only)
        text += " " + tell_target(pick.target);
    return text + tell_moves(pick.moves) + tell_acknowledgement(pick.acknowledgement) + "]";
}

} // namespace

std::string tell(PlacementDecision const& decision)
{
    std::string text{render_rule(decision.rule)};
    text += " " + tell_target(decision.target);
    if (decision.guess)
        text += " guess";
    if (decision.offer == OfferKind::choice)
        text += " list";
    if (decision.offer == OfferKind::something_new)
        text += " or-new";
    if (decision.late)
        text += " late";
    if (!decision.matter)
        text += " no-matter";
    text += tell_acknowledgement(decision.acknowledgement);
    text += tell_moves(decision.moves);
    if (decision.command)
        text += tell_command(*decision.command);
    if (decision.pick)
        text += tell_pick(*decision.pick);
    return text;
}

ThreadingTicket& World::live(int id, TicketStatus status, Duration active_ago)
{
    ThreadingTicket ticket;
    ticket.id = TicketId{id};
    ticket.status = status;
    ticket.last_activity = noon - active_ago;
    ticket.intervals = {{noon - 240h, std::nullopt}};
    ticket.messages_since_opening = 5;
    facts.tickets.push_back(ticket);
    return facts.tickets.back();
}

ThreadingTicket& World::solved(int id, Duration solved_ago, TicketStatus status)
{
    auto& ticket = live(id, status, solved_ago);
    ticket.solved_at = noon - solved_ago;
    ticket.intervals = {{noon - solved_ago - 24h, ticket.solved_at}};
    return ticket;
}

ThreadingTicket& World::ticket(int id)
{
    for (auto& ticket : facts.tickets)
        if (ticket.id.value == id)
            return ticket;
    throw std::logic_error{"no such ticket in this world"};
}

BurstMember& World::wrote(Duration ago, int ticket, Rule rule, PlacementAction action)
{
    BurstMember member;
    member.id = MessageId{static_cast<std::int64_t>(facts.recent.size()) + 1};
    member.sent_at = noon - ago;
    member.ticket = TicketId{ticket};
    member.rule = rule;
    member.action = action;
    facts.recent.push_back(member);
    return facts.recent.back();
}

ThreadingCommand& World::command(Command command)
{
    facts.command.emplace();
    facts.command->command = command;
    return *facts.command;
}

ThreadingPick& World::pick(int chosen, Duration offered_ago)
{
    facts.pick.emplace();
    facts.pick->chosen = TicketId{chosen};
    facts.pick->offered_at = noon - offered_ago;
    facts.pick->burst = facts.recent;
    return *facts.pick;
}

World& World::sent(Duration ago, Duration received_ago)
{
    facts.message.sent_at = noon - ago;
    facts.message.received_at = noon - received_ago;
    return *this;
}

std::string World::told() const
{
    return tell(decide());
}

void check(Case const& c)
{
    World world;
    c.given(world);
    INFO(c.label);
    auto const decision = world.decide();
    INFO(decision.reason);
    CHECK(tell(decision) == c.told);
    CHECK(!decision.reason.empty());
    CHECK(decision.settings_version == "v7");
}

} // namespace deskbridge::test
