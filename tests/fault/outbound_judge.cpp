#include "outbound_judge.hpp"

#include "database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <stdexcept>
#include <utility>

namespace fault {
namespace {

constexpr int in_flight_limit = 32; // the configuration's default

struct Attempt {
    std::string token, outcome, settled_by, external_id, recipient;
    std::int64_t begun_ms{0}, ended_ms{0};
    int n{0};
    Arrival const* arrival{nullptr};
};

struct Intent {
    std::string state;
    bool agents{false};
    int counted{0};       ///< attempts that it says it has had
    int released{0};      ///< times that it was let go for another try although nothing was certain
    bool in_order{true};  ///< not kept and not sent again by a person
    std::vector<Attempt> attempts; ///< by n
};

using Intents = std::map<std::int64_t, Intent>;

Intents read_intents(Database const& db)
{
    Intents intents;
    for (auto const& row : db.rows("SELECT intent_id, state, class='agent', attempts FROM intent"))
        intents[std::stoll(row[0])] = {row[1], row[2] == "1", std::stoi(row[3]), 0, true, {}};
    for (auto const& row : db.rows("SELECT intent_id, json_extract(data, '$.reason') FROM event WHERE intent_id IS NOT NULL AND json_extract(data, '$.reason') "
                                   "IN ('presumed_not_sent', 'agent_says_resend', 'agent_says_retry', 'window_opened', 'window_doubted', 'window_closed')")) {
        auto& intent = intents[std::stoll(row[0])];
        intent.released += row[1] != "window_closed" ? 1 : 0;
        intent.in_order = intent.in_order && row[1] == "presumed_not_sent";
    }
    for (auto const& row : db.rows("SELECT intent_id, token, coalesce(outcome, 'open'), settled_by, external_id, address_value, begun_at_ms, "
                                   "coalesce(ended_at_ms, begun_at_ms), n FROM attempt ORDER BY intent_id, n"))
        intents[std::stoll(row[0])].attempts.push_back(
            {row[1], row[2], row[3], row[4], row[5], std::stoll(row[6]), std::stoll(row[7]), std::stoi(row[8]), nullptr});
    return intents;
}

/// Finds each arrival's attempt; each has one, and no attempt arrived twice or at somebody else.
void match(std::vector<Arrival> const& arrivals, Intents& intents, Verdict& verdict)
{
    std::map<std::string, Attempt*> by_token;
    for (auto& [id, intent] : intents)
        for (auto& attempt : intent.attempts)
            by_token[attempt.token] = &attempt;
    int strangers = 0;
    int repeated = 0;
    int astray = 0;
    for (auto const& arrival : arrivals) {
        auto const found = by_token.find(arrival.token);
        if (found == by_token.end()) {
            ++strangers;
            continue;
        }
        repeated += found->second->arrival ? 1 : 0;
        astray += found->second->recipient != arrival.recipient ? 1 : 0;
        found->second->arrival = &arrival;
    }
    verdict.expect(strangers == 0, fmt::format("{} requests reached the provider and have no attempt in the journal", strangers));
    verdict.expect(repeated == 0, fmt::format("{} attempts reached the provider more than once", repeated));
    verdict.expect(astray == 0, fmt::format("{} attempts reached somebody else", astray));
}

bool is_taken(Attempt const& attempt)
{
    return attempt.arrival && attempt.arrival->taken_as > 0;
}

/// What the journal says of an attempt is what became of it.
void judge_outcomes(Intents const& intents, Verdict& verdict)
{
    int denied = 0;
    int claimed = 0;
    int mixed_up = 0;
    int hidden = 0;
    for (auto const& [id, intent] : intents)
        for (auto const& attempt : intent.attempts) {
            bool const by_provider = attempt.settled_by == "answer" || attempt.settled_by == "receipt";
            denied += is_taken(attempt) && (attempt.outcome == "not_sent" || attempt.outcome == "refused") ? 1 : 0;
            claimed += attempt.outcome == "accepted" && by_provider && !is_taken(attempt) ? 1 : 0;
            mixed_up += is_taken(attempt) && !attempt.external_id.empty() &&
                                attempt.external_id != fmt::format("wamid.sink{}", attempt.arrival->taken_as) ? 1 : 0;
            bool const in_doubt = attempt.outcome == "unknown" && attempt.n == intent.counted && (by_provider || attempt.settled_by == "recovery");
            hidden += in_doubt && intent.state != "unknown" && intent.state != "held" ? 1 : 0;
        }
    verdict.expect(denied == 0, fmt::format("{} attempts are called not sent, and the provider has them", denied));
    verdict.expect(claimed == 0, fmt::format("{} attempts are called accepted, and the provider does not have them", claimed));
    verdict.expect(mixed_up == 0, fmt::format("{} attempts have the id of another", mixed_up));
    verdict.expect(hidden == 0, fmt::format("{} messages are in doubt, and do not say so", hidden));
}

/// An attempt follows another once that is certain not to be with the provider, or was let go.
void judge_attempts(Intents const& intents, Verdict& verdict)
{
    int gaps = 0;
    int hasty = 0;
    int doubled = 0;
    for (auto const& [id, intent] : intents) {
        int expected = 0;
        int let_go = 0;
        std::int64_t settled_ms = 0;
        for (auto const& attempt : intent.attempts) {
            gaps += attempt.n != ++expected ? 1 : 0;
            hasty += attempt.begun_ms < settled_ms ? 1 : 0;
            settled_ms = attempt.ended_ms;
            bool const certain = attempt.outcome == "not_sent" || attempt.outcome == "refused";
            let_go += !certain && &attempt != &intent.attempts.back() ? 1 : 0;
        }
        gaps += intent.counted != expected ? 1 : 0;
        hasty += let_go > intent.released ? 1 : 0;
        auto const taken = std::count_if(intent.attempts.begin(), intent.attempts.end(), is_taken);
        doubled += taken > 1 + intent.released ? 1 : 0;
    }
    verdict.expect(gaps == 0, fmt::format("{} attempts are not numbered one after the other", gaps));
    verdict.expect(hasty == 0, fmt::format("{} attempts were begun before the one before was settled", hasty));
    verdict.expect(doubled == 0, fmt::format("{} messages reached the provider again without having been let go", doubled));
}

/// Of agents' messages to one recipient the provider had the earlier one first.
void judge_order(std::vector<Arrival> const& arrivals, Intents const& intents, Verdict& verdict)
{
    std::map<std::string, std::int64_t> agents;
    for (auto const& [id, intent] : intents)
        for (auto const& attempt : intent.attempts)
            if (intent.agents && intent.in_order)
                agents[attempt.token] = id;
    int inverted = 0;
    std::map<std::string, std::int64_t> latest;
    std::map<std::int64_t, bool> seen;
    for (auto const& arrival : arrivals) {
        auto const found = agents.find(arrival.token);
        if (found == agents.end() || arrival.taken_as == 0 || std::exchange(seen[found->second], true))
            continue;
        auto& before = latest[arrival.recipient];
        inverted += found->second < before ? 1 : 0;
        before = std::max(before, found->second);
    }
    verdict.expect(inverted == 0, fmt::format("{} agents' messages came after later ones", inverted));
}

} // namespace

Verdict judge_outbound(std::filesystem::path const& database, std::vector<Arrival> const& arrivals)
{
    Verdict verdict;
    try {
        Database const db{database};
        auto intents = read_intents(db);
        match(arrivals, intents, verdict);
        judge_outcomes(intents, verdict);
        judge_attempts(intents, verdict);
        judge_order(arrivals, intents, verdict);
        for (auto const& row : db.rows("SELECT epoch, count(*) FROM attempt WHERE settled_by='recovery' GROUP BY epoch"))
            verdict.expect(std::stoi(row[1]) <= in_flight_limit, fmt::format("{} sends were in doubt after one crash", row[1]));
    } catch (std::runtime_error const& error) {
        verdict.expect(false, error.what());
    }
    return verdict;
}

} // namespace fault
