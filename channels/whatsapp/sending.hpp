#pragma once

#include "deskbridge/channel/adapter.hpp"

namespace deskbridge::whatsapp {

/// The next request of a send, or its outcome. A token that Meta refuses is followed by the second one, if there is one. A file
/// is uploaded first, unless an id of it is known; one that Meta refuses then is uploaded anew, once.
/// Source: developers.facebook.com, WhatsApp "Send messages" and "Media" (2026-10).
[[nodiscard]] channel::SendStep next_step(channel::Account const& account, channel::Delivery const& delivery,
                                          std::span<HttpResponse const> so_far);

/// Marks it and everything before it as read; `typing` shows the dots for up to 25 seconds. Not for groups.
/// Source: the same, "Mark messages as read" and "Typing indicators" (2026-08).
[[nodiscard]] std::optional<HttpRequest> mark_as_read(channel::Account const& account, ExternalMessageId const& message,
                                                      bool typing);

} // namespace deskbridge::whatsapp
