#pragma once

#include "ids.hpp"

#include "deskbridge/channel/adapter.hpp"

namespace deskbridge::telegram {

/// One update on its way through the readers of its kinds.
/// Source: core.telegram.org/bots/api#update (Bot API 10.1, 2026-11).
struct Update {
    Json const& node;      ///< what it carries
    std::string_view kind; ///< and under which name: "message", "callback_query", …
    std::string id;        ///< update_id: tells apart what has no id of its own
    std::string bot;       ///< the id of our own bot
    Timestamp received_at;
};

/// What an update means. Errors: malformed (not of the shape that its kind has).
using Events = Result<std::vector<InboundEvent>>;

/// message, business_message, and whatever else looks like a message.
[[nodiscard]] Events read_message(Update const& update);
/// edited_message, edited_business_message.
[[nodiscard]] Events read_edit(Update const& update);
/// deleted_business_messages: one event per message. Telegram does not say which of the two deleted them.
[[nodiscard]] Events read_deletions(Update const& update);
[[nodiscard]] Events read_reaction(Update const& update);
/// A tap on a button of ours: comes as a message, for that is what it says.
[[nodiscard]] Events read_tap(Update const& update);
/// my_chat_member: in a private chat the customer has blocked the bot, or let it in again.
[[nodiscard]] Events read_membership(Update const& update);
/// A business account and the bot: whether the bot may write there. Source: core.telegram.org/bots/api#businessconnection (2026-11).
[[nodiscard]] Events read_connection(Update const& update);
/// Everything else is recorded under its own name.
[[nodiscard]] Events read_notice(Update const& update);

/// Recorded, no customer's matter; the key tells it from others of its kind.
/// @param reach  what it says about whether an address can be written to.
[[nodiscard]] InboundEvent notice_of(Update const& update, std::string kind, Json const& details, std::optional<ReachNews> reach = {});

/// The whole body. Errors: malformed.
[[nodiscard]] Result<channel::Intake> read_webhook(channel::Hook const& hook, std::string_view body, Timestamp received_at);

} // namespace deskbridge::telegram
