#include "simulation_judge.hpp"

#include <algorithm>

namespace deskbridge::test::sim {

namespace {

Intents intents_of(Database const& db)
{
    Intents all;
    for (auto const& r : db.rows("SELECT intent_id, conversation_id, account_id, class, state, state_reason, receipt, attempts FROM intent"))
        all[r[0]] = {.id = std::stoll(r[0]), .conversation = r[1], .account = r[2], .kind = r[3], .state = r[4], .reason = r[5], .receipt = r[6],
                     .attempts = std::stoi(r[7])};
    for (auto const& r : db.rows("SELECT intent_id, json_extract(data, '$.reason'), type, at_ms FROM event WHERE intent_id IS NOT NULL ORDER BY seq")) {
        auto& intent = all[r[0]];
        bool const said = r[1] == "agent_says_resend" || r[1] == "agent_says_retry", reopened = r[1] == "window_opened" || r[1] == "window_doubted";
        intent.unknown += r[2] == "intent.unknown" ? 1 : 0;
        intent.said += said ? 1 : 0;
        intent.reopened += reopened ? 1 : 0;
        if (r[1] == "presumed_not_sent")
            intent.presumed_ms.push_back(std::stoll(r[3]));
        intent.out_of_line = intent.out_of_line || said || reopened || r[1] == "window_closed";
    }
    for (auto const& r : db.rows("SELECT token, outcome, external_id, settled_by, n, begun_at_ms, ended_at_ms, intent_id FROM attempt ORDER BY intent_id, n"))
        all[r[7]].tried.push_back({r[0], r[1], r[2], r[3], std::stoi(r[4]), std::stoll(r[5]), r[6].empty() ? 0 : std::stoll(r[6])});
    return all;
}

/// What receipts said of the latest attempt stands in the intent.
std::string judge_receipts(World const& world, Sent const& sent, std::string const& id, Intent const& intent, Tried const& tried)
{
    auto const told = world.told.find(sent.id);
    bool const only_one = tried.n == intent.attempts && intent.sent.size() == 1; // of several the highest rank stands
    if (told == world.told.end() || !only_one || intent.out_of_line)
        return {};
    if (sent.bare && tried.external_id != sent.id)
        return {}; // nothing says whose receipts these are
    std::string highest;
    for (auto const* status : {"sent", "delivered", "read"})
        highest = told->second.contains(status) ? status : highest;
    if (intent.receipt != highest)
        return "intent " + id + " stands at '" + intent.receipt + "', and was told '" + highest + "'";
    bool const failed = told->second.contains("failed");
    if (intent.state != "accepted" && !failed && intent.reason != "agent_says_not_sent")
        return "intent " + id + " is " + intent.state + ", and a receipt had said that it was sent";
    return {};
}

std::string judge_attempts(World const& world, Intents& intents)
{
    std::map<std::string, std::pair<std::string const*, Tried*>> attempts;
    for (auto& [id, intent] : intents)
        for (auto& tried : intent.tried)
            attempts[tried.token] = {&id, &tried};
    for (std::size_t i = 0; i < world.provider.ledger.size(); ++i) {
        auto const& sent = world.provider.ledger[i];
        auto const found = attempts.find(sent.token);
        if (found == attempts.end())
            return "a send that was never journalled: " + sent.id;
        auto const& id = *found->second.first;
        auto& tried = *found->second.second;
        if (tried.arrived)
            return "one attempt reached the provider twice: intent " + id;
        tried.arrived = true;
        tried.unnamed = sent.lost || sent.bare;
        if (tried.outcome == "not_sent" || tried.outcome == "refused")
            return "called " + tried.outcome + ", and the provider has it: intent " + id;
        auto& intent = intents[id];
        intent.sent.push_back(i);
    }
    for (auto const& sent : world.provider.ledger) {
        auto const& [id, tried] = attempts.at(sent.token);
        if (auto why = judge_receipts(world, sent, *id, intents.at(*id), *tried); !why.empty())
            return why;
    }
    return {};
}

std::string judge_intent(std::string const& id, Intent const& intent)
{
    if (intent.state == "accepted" && intent.sent.empty() && intent.reason != "agent_says_sent")
        return "lost: intent " + id + " is accepted, and the provider does not have it";
    bool const open = intent.state == "queued" || intent.state == "claimed" || intent.state == "retry_wait" ||
                      (intent.state == "unknown" && intent.kind == "agent");
    return open ? "intent " + id + " is still " + intent.state : std::string{};
}

/// Of agents' messages in one conversation the provider has the earlier one first.
std::string judge_order(Intents const& intents)
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

std::string judge_outbound(Database const& db, World const& world, Doubts& doubts)
{
    auto intents = intents_of(db);
    if (auto why = judge_attempts(world, intents); !why.empty())
        return why;
    if (auto why = judge_doubts(world, intents, doubts); !why.empty())
        return why;
    for (auto const& [id, intent] : intents)
        if (auto why = judge_intent(id, intent); !why.empty())
            return why;
    if (auto why = judge_order(intents); !why.empty())
        return why;
    if (auto why = judge_pauses(db, world); !why.empty())
        return why;
    return judge_pace(world);
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

std::string judge(World const& world, Doubts& doubts)
{
    Database const db{world.file()};
    if (auto const whole = db.first("PRAGMA integrity_check"); whole != "ok")
        return "the file is damaged: " + whole;
    if (!db.rows("PRAGMA foreign_key_check").empty())
        return "a row refers to nothing";
    if (auto why = judge_inbound(db, world); !why.empty())
        return why;
    if (auto why = judge_outbound(db, world, doubts); !why.empty())
        return why;
    return judge_whole(db, world);
}

} // namespace deskbridge::test::sim
