#pragma once

#include "deskbridge/core/threading.hpp"
#include "support/noon.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace deskbridge::test {

using namespace std::chrono_literals;
using Duration = AccountPolicy::Duration;

/// One contact's tickets and the message to place, said in few words. Times are "so long before noon".
struct World {
    ThreadingFacts facts;
    AccountPolicy policy;

    World()
    {
        facts.message.sent_at = noon;
        facts.message.received_at = noon + 2s;
        policy.settings_version = "v7";
    }

    ThreadingTicket& live(int id, TicketStatus status = TicketStatus::open, Duration active_ago = 1h);
    ThreadingTicket& solved(int id, Duration solved_ago, TicketStatus status = TicketStatus::solved);
    ThreadingTicket& ticket(int id);
    /// An earlier message of the customer; ids count from 1.
    BurstMember& wrote(Duration ago, int ticket, Rule rule = Rule::r8, PlacementAction action = PlacementAction::append);
    ThreadingCommand& command(Command command);
    ThreadingPick& pick(int chosen, Duration offered_ago = 1min);
    World& sent(Duration ago, Duration received_ago = -2s);

    [[nodiscard]] PlacementDecision decide() const { return decide_placement(facts, policy); }
    [[nodiscard]] std::string told() const;
};

/// "R5 append #2 guess list ack:extend", and so on: everything but candidates and reason.
[[nodiscard]] std::string tell(PlacementDecision const& decision);

/// One row of a table: what is so, and what the rules make of it.
struct Case {
    std::string label;
    std::function<void(World&)> given;
    std::string told;
};

void check(Case const& c);

} // namespace deskbridge::test
