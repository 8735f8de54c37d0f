#pragma once

#include "understanding.hpp"

#include "deskbridge/store/message.hpp"

#include <vector>

namespace deskbridge::flow {

/// An agent's words, through us or from the business phone.
[[nodiscard]] bool by_agent(store::MessageGlance const& glance);
[[nodiscard]] bool is_matter(store::MessageGlance const& glance);
/// Is the stored message "thanks", or a sticker?
[[nodiscard]] bool is_closing(Scene& scene, MessageId id);

/// With why it is where it is.
[[nodiscard]] BurstMember member_of(Scene& scene, MessageId id, TicketId ticket, Timestamp sent_at);
/// Does the message name a ticket? Only then can it take others along, which needs to know more about them.
[[nodiscard]] bool may_move(ThreadingMessage const& message);
/// The messages that hang together with `message`, by gaps of at most a burst's; commit sequence. Why they are where they are is looked
/// up for all of them only if `may_move`.
[[nodiscard]] std::vector<BurstMember> neighbours(Scene& scene, std::vector<store::MessageGlance> const& newest_first,
                                                  ThreadingMessage const& message);

} // namespace deskbridge::flow
