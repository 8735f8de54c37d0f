#pragma once

#include "deskbridge/core/catalogue.hpp"
#include "deskbridge/core/content.hpp"
#include "deskbridge/core/lifecycle.hpp"
#include "deskbridge/core/threading.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace deskbridge {

// What we tell customers by ourselves, ready to be planned and queued. Pure; any thread.

/// Whose text it is.
struct TextContext {
    Catalogue const& catalogue;
    std::string language; ///< the contact's; unknown ones mean the account's default
    std::string name;     ///< as the customer chose it; may be empty
    Timestamp now;
};

/// Any text that needs no buttons: `name` is filled in.
[[nodiscard]] OutboundContent plain_text(TextContext const& context, TextKey key, TextValues values = {});

struct AcknowledgementFacts {
    AcknowledgementEffect kind{AcknowledgementEffect::arm_opened};
    std::string reference; ///< stored form, as everywhere here
    std::string earlier;   ///< reference of the ticket that it follows up
    std::optional<std::chrono::minutes> within;
    std::string nonce;     ///< of the offer behind "something new"; empty: no button
};
[[nodiscard]] OutboundContent acknowledgement_text(TextContext const& context, AcknowledgementFacts const& facts);

/// How many tickets a list can hold; those beyond are reached by their reference. One row of the choice is "something new".
inline constexpr std::size_t status_rows = 10;
inline constexpr std::size_t choice_rows = 9;

/// Nothing, one ticket, or a list behind a button.
/// @param tickets  most recently active first; at most the first `status_rows` become rows, `count` says how many there are.
[[nodiscard]] OutboundContent status_text(TextContext const& context, std::span<ToldTicket const> tickets, std::size_t count,
                                          std::string const& nonce);

/// R5: where the message went, and the list that can change that.
/// @param tickets  best first; at most the first `choice_rows` become rows, "something new" comes after them.
[[nodiscard]] OutboundContent choice_text(TextContext const& context, std::string const& went_to,
                                          std::span<ToldTicket const> tickets, std::string const& nonce);

struct NoticeFacts {
    std::string reference;
    std::string agent;   ///< of taken_over: full name, the customer sees the first one
    std::string summary; ///< of solved
};
[[nodiscard]] OutboundContent notice_text(TextContext const& context, NoticeKind kind, NoticeFacts const& facts);

/// The reply window closes `left` from now. @param reference  of the ticket that it is about, stored form.
[[nodiscard]] OutboundContent closing_soon_text(TextContext const& context, std::string const& reference, std::chrono::minutes left);

/// The older notice of a ticket that has not left yet gives way to the newer one: intent.supersedes_key.
[[nodiscard]] std::string notice_key(TicketId ticket);

} // namespace deskbridge
