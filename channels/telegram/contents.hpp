#pragma once

#include "ids.hpp"

namespace deskbridge::telegram {

/// A message while it is being read: `details` gathers what has no field, and becomes JSON at the end.
struct Draft {
    InboundMessage message;
    Json details = Json::object();
};

/// Fills in what the message says: kind, words, files, details. What is not understood becomes a visible placeholder.
/// Source: core.telegram.org/bots/api#message (Bot API 10.1, 2026-11).
void read_content(Json const& node, Draft& draft);

/// The member that makes it a notice about the chat ("new_chat_members", "pinned_message", …); "" if it is a message.
[[nodiscard]] std::string_view service_of(Json const& node) noexcept;

// The parts of read_content, one per file. False: there is no such thing in it.
[[nodiscard]] bool read_file(Json const& node, Draft& draft);
[[nodiscard]] bool read_card(Json const& node, Draft& draft);

} // namespace deskbridge::telegram
