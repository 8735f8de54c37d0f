#pragma once

#include "scene.hpp"

#include "deskbridge/store/outbox.hpp"

namespace deskbridge::flow {

/// The advert from which a message was written stays with it; where the channel has free entry points our first answer begins one.
void keep_referral(Scene& scene, ConversationId conversation, MessageId id, InboundMessage const& message);

/// A message of ours was accepted: if it is the answer to somebody who came from an advert, writes free_entry.opened.
void begin_free_entry(store::Tx& tx, store::OutboxEffect const& effect, Timestamp now);

/// Writes free_entry.closed for those that have ended, at most `limit`; answers how many.
int end_free_entries(store::Tx& tx, Timestamp now, int limit);

} // namespace deskbridge::flow
