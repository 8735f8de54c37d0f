#include "core/threading_world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

/// Worlds that nobody would think of, the same ones in every run.
class Dice {
public:
    explicit Dice(unsigned seed) : engine_{seed} {}
    int below(int limit) { return static_cast<int>(engine_() % static_cast<unsigned>(limit)); }
    bool one_in(int n) { return below(n) == 0; }
    /// Often equal to another one, and on either side of noon.
    Duration ago()
    {
        static Duration const marks[]{0s, 1ms, 10s, 60s, 61s, 10min, 30min, 1h, 12h, 24h, 72h, 73h, 336h, 720h, 721h};
        auto const mark = marks[below(15)];
        return one_in(6) ? -mark : mark;
    }

private:
    std::mt19937 engine_;
};

void add_ticket(World& w, Dice& dice, int id)
{
    static constexpr TicketStatus statuses[]{TicketStatus::new_,    TicketStatus::open,   TicketStatus::pending,
                                             TicketStatus::on_hold, TicketStatus::solved, TicketStatus::closed};
    auto const status = statuses[dice.below(6)];
    auto& ticket = is_live(status) ? w.live(id, status, dice.ago()) : w.solved(id, dice.ago(), status);
    if (dice.one_in(3))
        ticket.unanswered_agent_at = noon - dice.ago();
    if (dice.one_in(5))
        ticket.merged_into = TicketId{1 + dice.below(5)};
    if (dice.one_in(4))
        ticket.follow_up_of = TicketId{1 + dice.below(5)};
    if (dice.one_in(5))
        ticket.intervals = {{noon - dice.ago(), std::nullopt}};
    ticket.messages_since_opening = dice.below(3);
}

World random_world(Dice& dice)
{
    World w;
    auto const tickets = dice.below(5);
    for (int id = 1; id <= tickets; ++id)
        add_ticket(w, dice, id);
    auto const any = [&dice] { return TicketId{dice.one_in(2) ? 0 : 1 + dice.below(5)}; };
    for (int n = dice.below(4); n > 0; --n) {
        auto& member = w.wrote(dice.ago(), static_cast<int>(any().value), static_cast<Rule>(dice.below(10)),
                               static_cast<PlacementAction>(dice.below(5)));
        member.named_its_ticket = dice.one_in(4);
        member.answered = dice.one_in(4);
    }
    w.sent(dice.ago(), dice.ago());
    auto& message = w.facts.message;
    message.closer = dice.one_in(4);
    message.nature = dice.one_in(8) ? static_cast<Nature>(dice.below(6)) : Nature::message;
    if (dice.one_in(5))
        message.quoted_ticket = any();
    if (dice.one_in(6))
        message.references = {any(), any()};
    message.target_ticket = any();
    if (dice.one_in(5))
        w.command(static_cast<Command>(dice.below(8)));
    if (dice.one_in(5)) {
        auto& pick = w.pick(dice.below(5), dice.ago());
        pick.list = static_cast<ThreadingPick::List>(dice.below(3));
        pick.tapped = dice.one_in(2);
    }
    if (dice.one_in(3))
        w.facts.last_said = LastSaid{any(), noon - dice.ago()};
    if (dice.one_in(6))
        w.facts.new_asked_at = noon - dice.ago();
    if (dice.one_in(3))
        w.facts.agent_wrote_at = {noon - dice.ago()};
    w.policy.reopen_window = dice.one_in(3)   ? std::optional<Duration>{0s}
                             : dice.one_in(3) ? std::nullopt
                                              : std::optional<Duration>{72h};
    return w;
}

ThreadingTicket const* find(World const& w, TicketId id)
{
    for (auto const& ticket : w.facts.tickets)
        if (ticket.id == id)
            return &ticket;
    return nullptr;
}

/// What must hold of every place, be it the message's own or that of a picked burst.
void check_target(World const& w, Target const& target)
{
    auto const action = target.action;
    bool const makes = action == PlacementAction::open || action == PlacementAction::follow_up;
    bool const uses = action == PlacementAction::append || action == PlacementAction::reopen;
    CHECK(static_cast<bool>(target.ticket) == uses);
    CHECK(static_cast<bool>(target.follow_up_of) == (action == PlacementAction::follow_up));
    if (makes || !uses)
        return;
    auto const* ticket = find(w, target.ticket);
    REQUIRE(ticket != nullptr);
    CHECK_FALSE(ticket->merged_into);
    if (action == PlacementAction::reopen) {
        CHECK(ticket->status == TicketStatus::solved); // neither a live nor a closed one
        bool const never = w.policy.reopen_window && *w.policy.reopen_window == Duration::zero();
        if (never) {
            auto const at = std::min(w.facts.message.sent_at, w.facts.message.received_at);
            auto const unseen = ticket->solved_at && at < *ticket->solved_at;
            CHECK((unseen || w.facts.pick.has_value()));
        }
    }
}

void check_decision(World const& w, PlacementDecision const& decision)
{
    auto const action = decision.target.action;
    bool const begins = action == PlacementAction::open || action == PlacementAction::follow_up ||
                        action == PlacementAction::reopen;
    auto const* ticket = find(w, decision.target.ticket);
    bool const done = ticket && !is_live(ticket->status);
    auto const ack = decision.acknowledgement;
    check_target(w, decision.target);
    CHECK(begins == (ack != AcknowledgementEffect::none && ack != AcknowledgementEffect::extend));
    if (begins && decision.rule != Rule::r1) {
        CHECK_FALSE(w.facts.message.closer);
    }
    if (!decision.matter) {
        CHECK_FALSE(begins);
        CHECK(ack == AcknowledgementEffect::none);
    }
    if (done && action == PlacementAction::append) { // kept with it, and it stays as it is
        CHECK(ack == AcknowledgementEffect::none);
        CHECK((w.facts.message.closer || decision.rule == Rule::r0 || decision.rule == Rule::r1));
    }
    if (decision.offer == OfferKind::choice) {
        CHECK(decision.guess);
        CHECK(decision.candidates.size() > 1);
    }
    if (decision.offer != OfferKind::none) {
        CHECK_FALSE(w.facts.message.closer);
    }
    for (auto const& move : decision.moves)
        CHECK((!decision.target.ticket || move.from != decision.target.ticket));
    if (decision.pick && decision.pick->result == PickDecision::Result::moved) {
        check_target(w, decision.pick->target);
        CHECK_FALSE(decision.pick->moves.empty());
    }
    CHECK_FALSE(decision.reason.empty());
}

} // namespace

TEST_CASE("threading: what holds in every world")
{
    Dice dice{20261121};
    int rules[11]{};
    for (int n = 0; n < 6000; ++n) {
        auto const world = random_world(dice);
        auto const decision = world.decide();
        INFO("world " << n << ": " << tell(decision) << " (" << decision.reason << ")");
        check_decision(world, decision);
        ++rules[static_cast<int>(decision.rule)];

        auto shuffled = world;
        std::reverse(shuffled.facts.tickets.begin(), shuffled.facts.tickets.end());
        REQUIRE(shuffled.told() == tell(decision)); // whatever order they are loaded in
        CHECK(shuffled.decide().candidates == decision.candidates);
    }
    for (int rule = 0; rule < 10; ++rule) { // the dice have been to every rule
        INFO("R" << rule);
        CHECK(rules[rule] > 50);
    }
}
