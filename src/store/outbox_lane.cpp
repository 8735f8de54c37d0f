#include "deskbridge/store/outbox_pump.hpp"

#include "deskbridge/store/account.hpp"
#include "deskbridge/store/conversation.hpp"
#include "outbox_rows.hpp"

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

std::vector<ConversationId> due_lanes(Reading& reading, AccountId account, ConversationId after, Timestamp now)
{
    auto q = reading.prepare("SELECT DISTINCT conversation_id FROM intent WHERE account_id = ?1 AND conversation_id > ?2 "
                             "AND next_at_ms <= ?3 AND state IN ('queued', 'retry_wait') ORDER BY conversation_id LIMIT ?4");
    q.bind(1, account);
    q.bind(2, after.value);
    q.bind(3, now);
    q.bind(4, lanes_per_page);
    std::vector<ConversationId> lanes;
    while (q.step())
        lanes.push_back(q.id<ConversationId>(0));
    return lanes;
}

} // namespace

ReadyPage ready_heads(Reading& reading, ReadyQuery const& query)
{
    ReadyPage page;
    auto const owner = find_account(reading, query.account);
    if (!owner || owner->paused)
        return page;
    auto const lanes = due_lanes(reading, query.account, query.after, query.now);
    for (auto const id : lanes) {
        if (page.heads.size() >= query.limit)
            break;
        page.last = id;
        auto const conversation = find_conversation(reading, id);
        if (!conversation)
            continue;
        auto const lane = outbox::load_lane(reading, id);
        auto const next = next_in_lane(lane, conversation->last_inbound, query.now, query.rules);
        outbox::keep_earlier(page.look_again, next.look_again);
        if (!next.go)
            continue;
        auto const row = outbox::load_intent(reading, lane[*next.go].id);
        auto content = parse_content(row.content);
        page.heads.push_back({row.id, row.message, id, content ? std::move(*content) : OutboundContent{}, conversation->address,
                              conversation->group, row.failures > 0});
    }
    bool const more = page.heads.size() >= query.limit || lanes.size() >= static_cast<std::size_t>(lanes_per_page);
    if (!more)
        page.last = {};
    return page;
}

} // namespace deskbridge::store
