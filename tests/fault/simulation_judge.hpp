#pragma once

#include "simulation_database.hpp"
#include "simulation_world.hpp"

#include <map>
#include <string>
#include <vector>

/// What is read from the daemon's file and compared with the world's own ledgers. Nothing here is the daemon's code.
namespace deskbridge::test::sim {

/// One try of an intent, as the daemon journalled it.
struct Tried {
    std::string token, outcome, external_id, settled_by;
    int n{0};
    long long begun_ms{0}, ended_ms{0};
    bool arrived{false}; ///< the provider has it
    bool unnamed{false}; ///< and no receipt will name it: all of them are lost, or come without our token
};

struct Intent {
    long long id{0};
    std::string conversation, account, kind, state, reason, receipt;
    int attempts{0};
    int unknown{0};          ///< how often its fate was
    int said{0};             ///< how often people had it sent again
    int reopened{0};         ///< the same since the provider gave it up for a closed window, and the customer wrote, or had written
    std::vector<long long> presumed_ms{}; ///< the same on a presumption, by the daemon's clock
    bool out_of_line{false}; ///< kept, or sent again by a person: no place among the others
    std::vector<Tried> tried{};
    std::vector<std::size_t> sent{}; ///< places in the ledger
};
using Intents = std::map<std::string, Intent>;

/// What stands in the provider's ledger more than once, and what is presumed: each with its reason.
[[nodiscard]] std::string judge_doubts(World const& world, Intents const& intents, Doubts& doubts);

/// No number and no pair is faster than the configuration allows, and nothing begins while an account is paused.
[[nodiscard]] std::string judge_pace(World const& world);
[[nodiscard]] std::string judge_pauses(Database const& db, World const& world);

/// What is true of any database of the daemon's.
[[nodiscard]] std::string judge_whole(Database const& db, World const& world);

} // namespace deskbridge::test::sim
