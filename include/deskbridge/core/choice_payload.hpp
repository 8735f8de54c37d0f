#pragma once

#include "deskbridge/core/command.hpp"
#include "deskbridge/core/ids.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace deskbridge {

/// A row of a list that we offered, or the button under an acknowledgement. `row` counts from 0.
struct OfferedRow {
    std::string nonce;
    int row{0};
    friend bool operator==(OfferedRow const&, OfferedRow const&) = default;
};

/// A button that means a command, also one that an operator put into a template: `db.do.status.42`.
/// Without a command it only names the ticket: `db.do.ticket.42`.
struct OrderedVerb {
    std::optional<Command> command;
    std::string language; ///< of Command::language: `db.do.language.pt-BR`
    TicketId ticket;      ///< 0: none named
    friend bool operator==(OrderedVerb const&, OrderedVerb const&) = default;
};

using ChoicePayload = std::variant<OfferedRow, OrderedVerb>;

/// At most 200 bytes for nonces of up to 180. Source: WhatsApp Cloud API, "Interactive list messages": row id (2025-11).
[[nodiscard]] std::string render_payload(ChoicePayload const& payload);
/// nullopt: not one of ours. A payload says nothing about whose ticket it is: check that.
[[nodiscard]] std::optional<ChoicePayload> parse_payload(std::string_view text);

} // namespace deskbridge
