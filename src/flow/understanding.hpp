#pragma once

#include "scene.hpp"

#include "deskbridge/store/message.hpp"
#include "deskbridge/store/offer.hpp"

#include <optional>
#include <vector>

namespace deskbridge::flow {

/// What a customer's message says by itself, checked against what is the asker's own.
struct Understanding {
    std::optional<ThreadingCommand> command;
    std::optional<store::Offer> offer; ///< of ours, that the message picks a row of
    std::size_t row{0};
    bool tapped{false};                ///< a row or button, not typed words
    TicketId payload_ticket;
    MessageId quoted;                  ///< ours, if we know it
    TicketId quoted_ticket;
    bool quotes_list{false};           ///< our question which ticket is meant: it names none
    std::vector<TicketId> references;  ///< the asker's own
    bool closer{false};
};

[[nodiscard]] Understanding understand(Scene& scene, Chat const& chat, InboundMessage const& message);

/// Fills in what it quotes. What was said in another chat counts as unknown: whoever names its id neither learns of its ticket nor writes
/// into it.
void read_quote(Scene& scene, Chat const& chat, InboundMessage const& message, Understanding& out);

/// Of the message that takes effect in this scene: as it was read ahead, if it was.
[[nodiscard]] bool closes(Scene const& scene, InboundMessage const& message);

} // namespace deskbridge::flow
