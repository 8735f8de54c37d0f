#pragma once

#include "deskbridge/channel/adapter.hpp"

namespace deskbridge::telegram {

/// The messages that a content becomes; both buttons and rows become keys below the text, whose payload has 64 bytes at most.
[[nodiscard]] std::vector<OutboundContent> plan_messages(OutboundContent content, channel::Capabilities const& can);

/// What may be sent as what; anything else known goes as a document.
/// Source: core.telegram.org/bots/api#sending-files, #sendphoto, #sendvideo, #sendaudio, #sendvoice (Bot API 10.1, 2026-11).
[[nodiscard]] std::vector<channel::FileRule> file_rules();

/// sendMessage, or with a file sendPhoto and its kin: first the request, then the outcome its answer means. A second token is
/// tried when the first is refused, and a group that has got another id is written to under that one.
/// Source: core.telegram.org/bots/api#sendmessage (Bot API 10.1, 2026-11).
[[nodiscard]] channel::SendStep next_step(channel::Account const& account, channel::Delivery const& delivery,
                                          std::span<HttpResponse const> so_far);

/// readBusinessMessage: only in chats of a business account; the bot's own have no such marks.
[[nodiscard]] std::optional<HttpRequest> mark_as_read(channel::Account const& account, ExternalMessageId const& message);

} // namespace deskbridge::telegram
