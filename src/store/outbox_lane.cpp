#include "deskbridge/store/outbox_pump.hpp"

#include "deskbridge/store/account.hpp"
#include "deskbridge/store/conversation.hpp"
#include "outbox_rows.hpp"

#include <algorithm>
#include <set>

namespace deskbridge::store {

namespace outbox {

std::vector<IntentFacts> load_lane(Reading& reading, ConversationId conversation)
{
    constexpr std::int64_t far_enough = 256; // only the first that may go matters
    auto q = reading.prepare("SELECT intent_id, class, state, next_at_ms, unknown_since_ms FROM intent "
                             "WHERE conversation_id = ?1 AND settled_at_ms IS NULL AND state NOT IN ('held', 'kept') "
                             "ORDER BY intent_id LIMIT ?2");
    q.bind(1, conversation);
    q.bind(2, far_enough);
    std::vector<IntentFacts> lane;
    while (q.step()) {
        IntentFacts intent;
        intent.id = q.id<IntentId>(0);
        intent.message_class = parse_message_class(q.text(1)).value_or(MessageClass::agent);
        intent.state = parse_intent_state(q.text(2)).value_or(IntentState::held);
        intent.next_at = q.time(3);
        intent.unknown_since = q.maybe_time(4);
        lane.push_back(intent);
    }
    return lane;
}

} // namespace outbox

namespace {

constexpr std::int64_t lanes_per_page = 64;
constexpr std::size_t most_fresh = 16;
constexpr std::int64_t newest_looked_at = 256;

std::vector<ConversationId> due_lanes(Reading& reading, ReadyQuery const& query)
{
    auto q = reading.prepare("SELECT DISTINCT conversation_id FROM intent WHERE account_id = ?1 AND conversation_id > ?2 "
                             "AND next_at_ms <= ?3 AND state IN ('queued', 'retry_wait') ORDER BY conversation_id LIMIT ?4");
    q.bind(1, query.account);
    q.bind(2, query.after.value);
    q.bind(3, query.now);
    q.bind(4, lanes_per_page);
    std::vector<ConversationId> lanes;
    while (q.step())
        lanes.push_back(q.id<ConversationId>(0));
    return lanes;
}

/// What may go of a lane now, if anything.
std::optional<ReadyHead> head_of(Reading& reading, ConversationId id, ReadyQuery const& query, std::optional<Timestamp>& look_again)
{
    auto const conversation = find_conversation(reading, id);
    if (!conversation)
        return std::nullopt;
    auto const lane = outbox::load_lane(reading, id);
    auto const next = next_in_lane(lane, conversation->last_inbound, query.now, query.rules);
    outbox::keep_earlier(look_again, next.look_again);
    if (!next.go)
        return std::nullopt;
    auto const row = outbox::load_intent(reading, lane[*next.go].id);
    auto content = parse_content(row.content);
    return ReadyHead{row.id, row.message, id, content ? std::move(*content) : OutboundContent{}, conversation->address,
                     conversation->group, row.failures > 0 || row.attempts > 0};
}

/// Row by row, newest first, and no further than needed.
std::vector<ReadyHead> fresh_heads(Reading& reading, ReadyQuery const& query, ReadyPage& page)
{
    auto const wanted = std::min(query.limit, most_fresh);
    auto q = reading.prepare("SELECT conversation_id, attempts, failures, next_at_ms FROM intent WHERE settled_at_ms IS NULL AND state = 'queued' "
                             "AND account_id = ?1 ORDER BY intent_id DESC LIMIT ?2");
    q.bind(1, query.account);
    q.bind(2, newest_looked_at);
    std::vector<ReadyHead> heads;
    std::set<ConversationId> seen;
    while (heads.size() < wanted && q.step()) {
        auto const lane = q.id<ConversationId>(0);
        bool const fresh = q.integer(1) == 0 && q.integer(2) == 0 && q.time(3) <= query.now;
        if (!fresh || !seen.insert(lane).second)
            continue;
        if (auto head = head_of(reading, lane, query, page.look_again); head && !head->tried)
            heads.push_back(std::move(*head));
    }
    return heads;
}

} // namespace

ReadyPage ready_heads(Reading& reading, ReadyQuery const& query)
{
    ReadyPage page;
    auto const owner = find_account(reading, query.account);
    if (!owner || owner->paused)
        return page;
    auto const lanes = due_lanes(reading, query);
    for (auto const id : lanes) {
        if (page.heads.size() >= query.limit)
            break;
        page.last = id;
        if (auto head = head_of(reading, id, query, page.look_again))
            page.heads.push_back(std::move(*head));
    }
    bool const more = page.heads.size() >= query.limit || lanes.size() >= static_cast<std::size_t>(lanes_per_page);
    if (!more)
        page.last = {};
    if (more || query.after)
        page.fresh = fresh_heads(reading, query, page);
    return page;
}

} // namespace deskbridge::store
