#pragma once

#include "simulation_world.hpp"

#include <array>
#include <map>
#include <string>

/// One world in which much is sent and much goes wrong.
namespace deskbridge::test {

/// Of a send, in their order: taken up, before and after the connection, journalled, on the wire, answered, before and after its
/// result is recorded. The last is on the way from one to the next.
inline constexpr std::array send_steps{"before connect",  "after connect", "send_begun", "before the first byte", "in the middle of the request",
                                       "after the last byte", "after the answer", "dice", "send_accepted", "network"};

struct SendOrder {
    std::uint64_t seed{1};
    int sends{0};
    std::uint64_t per_mille{0};     ///< of each fault
    int crashes{0};
    bool hold{false};               ///< only people settle what is unknown
    std::uint64_t lost_receipts{0}; ///< per mille of messages
    int silent_minutes{0};          ///< in the middle no receipt comes
    bool floods_in_order{true};     ///< what waited for the end of a silence
};

/// What came of it; those of several worlds can be added up.
struct SendFigures {
    std::string why{}; ///< what broke
    std::size_t queued{0}, at_provider{0}, most_unknown{0};
    sim::Doubts doubts{};
    std::map<std::string, int> faults{}; ///< also those that were never staged
    std::map<std::string, int> deaths{}; ///< by step
    SendFigures& operator+=(SendFigures const& more);
};
[[nodiscard]] std::string render(SendFigures const& figures);
[[nodiscard]] SendFigures parse_figures(std::string const& rendered);

/// Customers of several numbers, agents' answers to them in rounds, a crash at a step of a send in each round, people who decide and
/// operators who pause; then everything must come to an end.
[[nodiscard]] SendFigures run_sends(SendOrder const& order);

/// One crash at a step of a send, and nothing else wrong: whatever it left in doubt is settled by receipts.
[[nodiscard]] SendFigures die_once(SendOrder const& order, char const* step, int passes);

} // namespace deskbridge::test
