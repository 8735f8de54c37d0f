#include "simulation_database.hpp"
#include "simulation_world.hpp"

#include <algorithm>

namespace deskbridge::test::sim {

namespace {

struct Intent {
    long long id{0};
    std::string conversation, kind, state, reason, receipt;
    int attempts{0}, releases{0};
    bool out_of_line{false}; ///< kept, or sent again by a person: no place among the others
    std::vector<std::size_t> sent; ///< places in the ledger
};

struct Attempt {
    std::string intent, outcome, external_id;
    int n{0};
};

std::map<std::string, Intent> intents_of(Database const& db)
{
    std::map<std::string, Intent> all;
    for (auto const& r : db.rows("SELECT intent_id, conversation_id, class, state, state_reason, receipt, attempts FROM intent"))
        all[r[0]] = {std::stoll(r[0]), r[1], r[2], r[3], r[4], r[5], std::stoi(r[6]), 0, false, {}};
    for (auto const& r : db.rows("SELECT intent_id, json_extract(data, '$.reason') FROM event WHERE intent_id IS NOT NULL")) {
        auto& intent = all[r[0]];
        bool const again = r[1] == "agent_says_resend" || r[1] == "agent_says_retry" || r[1] == "window_opened";
        intent.releases += again || r[1] == "presumed_not_sent" ? 1 : 0;
        intent.out_of_line = intent.out_of_line || again || r[1] == "window_closed";
    }
    return all;
}

std::string judge_attempts(Database const& db, World const& world, std::map<std::string, Intent>& intents)
{
    std::map<std::string, Attempt> attempts;
    for (auto const& r : db.rows("SELECT token, intent_id, outcome, external_id, n FROM attempt"))
        attempts[r[0]] = {r[1], r[2], r[3], std::stoi(r[4])};
    std::set<std::string> seen;
    for (std::size_t i = 0; i < world.provider.ledger.size(); ++i) {
        auto const& sent = world.provider.ledger[i];
        auto const found = attempts.find(sent.token);
        if (found == attempts.end())
            return "a send that was never journalled: " + sent.id;
        if (!seen.insert(sent.token).second)
            return "one attempt reached the provider twice: intent " + found->second.intent;
        if (found->second.outcome == "not_sent" || found->second.outcome == "refused")
            return "called " + found->second.outcome + ", and the provider has it: intent " + found->second.intent;
        auto& intent = intents[found->second.intent];
        intent.sent.push_back(i);
        auto const told = world.told.find(sent.id);
        bool const latest = found->second.n == intent.attempts;
        if (told == world.told.end() || !latest || intent.out_of_line)
            continue;
        if (sent.bare && found->second.external_id != sent.id)
            continue; // nothing says whose receipts these are
        std::string highest;
        for (auto const* status : {"sent", "delivered", "read"})
            highest = told->second.contains(status) ? status : highest;
        if (intent.receipt != highest)
            return "intent " + found->second.intent + " stands at '" + intent.receipt + "', and was told '" + highest + "'";
        bool const failed = told->second.contains("failed");
        if (intent.state != "accepted" && !failed && intent.reason != "agent_says_not_sent")
            return "intent " + found->second.intent + " is " + intent.state + ", and a receipt had said that it was sent";
    }
    return {};
}

std::string judge_intent(std::string const& id, Intent const& intent)
{
    auto const times = static_cast<int>(intent.sent.size());
    if (times > 1 + intent.releases)
        return "doubled without a reason: intent " + id;
    if (intent.state == "accepted" && times == 0 && intent.reason != "agent_says_sent")
        return "lost: intent " + id + " is accepted, and the provider does not have it";
    bool const open = intent.state == "queued" || intent.state == "claimed" || intent.state == "retry_wait" ||
                      (intent.state == "unknown" && intent.kind == "agent");
    return open ? "intent " + id + " is still " + intent.state : std::string{};
}

/// Of agents' messages in one conversation the provider has the earlier one first.
std::string judge_order(std::map<std::string, Intent> const& intents)
{
    std::map<std::string, std::vector<Intent const*>> lanes;
    for (auto const& [id, intent] : intents)
        if (intent.kind == "agent" && !intent.sent.empty() && !intent.out_of_line)
            lanes[intent.conversation].push_back(&intent);
    for (auto& [conversation, lane] : lanes) {
        std::sort(lane.begin(), lane.end(), [](auto const* a, auto const* b) { return a->id < b->id; });
        for (std::size_t i = 1; i < lane.size(); ++i)
            if (lane[i]->sent.front() < lane[i - 1]->sent.front())
                return "out of order: intents " + std::to_string(lane[i - 1]->id) + " and " + std::to_string(lane[i]->id);
    }
    return {};
}

std::string judge_inbound(Database const& db, World const& world)
{
    std::set<std::string> here;
    for (auto const& r : db.rows("SELECT m.external_id, a.number FROM message m JOIN account a USING (account_id) WHERE direction = 'in'")) {
        if (!here.insert(r[0]).second)
            return "twice in the timeline: " + r[0];
        auto const wrote = world.written.find(r[0]);
        if (wrote == world.written.end())
            return "nobody wrote " + r[0];
        if (wrote->second != r[1])
            return r[0] + " was written to " + wrote->second + ", and stands with " + r[1];
    }
    for (auto const& id : world.acknowledged)
        if (!here.contains(id))
            return "answered 200 and lost: " + id;
    if (auto const shelved = db.first("SELECT reason || ': ' || detail FROM shelf LIMIT 1"); !shelved.empty())
        return "on the shelf: " + shelved;
    if (auto const n = db.first("SELECT count(*) FROM (SELECT 1 FROM conversation GROUP BY account_id, contact_id HAVING count(*) > 1)"); n != "0")
        return "two conversations of one account and contact";
    if (auto const id = db.first("SELECT message_id FROM message m WHERE direction = 'in' AND NOT EXISTS "
                                 "(SELECT 1 FROM message_placement p WHERE p.message_id = m.message_id) LIMIT 1"); !id.empty())
        return "no reason is given for where it is: message " + id;
    // Commands and thanks may belong to the conversation alone.
    if (auto const id = db.first("SELECT message_id FROM message m WHERE direction = 'in' AND matter = 1 AND ticket_id IS NULL AND NOT EXISTS "
                                 "(SELECT 1 FROM message_placement p WHERE p.message_id = m.message_id AND p.rule IN ('R1', 'R6')) LIMIT 1"); !id.empty())
        return "a matter without a ticket: message " + id;
    return {};
}

} // namespace

std::string judge(World const& world)
{
    Database const db{world.file()};
    if (auto const whole = db.first("PRAGMA integrity_check"); whole != "ok")
        return "the file is damaged: " + whole;
    if (!db.rows("PRAGMA foreign_key_check").empty())
        return "a row refers to nothing";
    if (auto why = judge_inbound(db, world); !why.empty())
        return why;
    auto intents = intents_of(db);
    if (auto why = judge_attempts(db, world, intents); !why.empty())
        return why;
    for (auto const& [id, intent] : intents)
        if (auto why = judge_intent(id, intent); !why.empty())
            return why;
    if (auto why = judge_order(intents); !why.empty())
        return why;
    return judge_whole(world);
}

} // namespace deskbridge::test::sim
