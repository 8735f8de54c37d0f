#include "free_entry.hpp"

#include "deskbridge/core/reply_window.hpp"
#include "deskbridge/store/free_entry.hpp"
#include "deskbridge/store/referral.hpp"

#include <algorithm>

namespace deskbridge::flow {
namespace {

void tell_free_entry(store::Tx& tx, store::EventType type, ConversationId id, Timestamp ends_at, Timestamp now)
{
    auto const conversation = store::find_conversation(tx, id);
    if (!conversation)
        return;
    store::append_event(tx, {.type = type,
                             .at = now,
                             .account = conversation->account,
                             .contact = conversation->contact,
                             .conversation = id,
                             .data = {{"ends_at", render_rfc3339(ends_at)}}});
}

} // namespace

void keep_referral(Scene& scene, ConversationId conversation, MessageId id, InboundMessage const& message)
{
    if (!message.referral)
        return;
    store::insert_referral(scene.tx, id, *message.referral);
    auto const rules = scene.account.adapter->capabilities(scene.account.account).free_entry;
    if (rules.lasts == std::chrono::seconds::zero())
        return;
    auto entry = store::find_free_entry(scene.tx, conversation).value_or(store::FreeEntry{conversation, {}, {}, {}});
    entry.referred_at = std::max(entry.referred_at, std::optional{window_from(message.sent_at, scene.now())});
    entry.rules = rules;
    store::save_free_entry(scene.tx, entry);
}

void begin_free_entry(store::Tx& tx, store::OutboxEffect const& effect, Timestamp now)
{
    if (effect.after != IntentState::accepted || effect.before == IntentState::accepted)
        return;
    auto entry = store::find_free_entry(tx, effect.conversation);
    auto const answered_at = entry && entry->referred_at ? store::attempted_at(tx, effect.intent) : std::nullopt;
    if (!answered_at || *answered_at < *entry->referred_at)
        return;
    auto const until = free_entry_until(entry->rules, *entry->referred_at, *answered_at);
    bool const lasted = entry->until && *entry->until > now;
    entry->referred_at.reset();
    entry->until = std::max(entry->until, until);
    store::save_free_entry(tx, *entry);
    if (until && !lasted)
        tell_free_entry(tx, "free_entry.opened", effect.conversation, *until, now);
}

int end_free_entries(store::Tx& tx, Timestamp now, int limit)
{
    int ended = 0;
    for (auto entry : store::free_entries_ended(tx, now, limit)) {
        auto const ends_at = *entry.until;
        entry.until.reset();
        store::save_free_entry(tx, entry);
        tell_free_entry(tx, "free_entry.closed", entry.conversation, ends_at, now);
        ++ended;
    }
    return ended;
}

} // namespace deskbridge::flow
