#pragma once

#include "deskbridge/channel/adapter.hpp"

namespace deskbridge::whatsapp {

/// Asks where a file can be had: the answer is JSON with a `url` that is good for five minutes and needs the same token.
/// Ids from webhooks can be asked for during seven days.
/// Source: developers.facebook.com, WhatsApp "Media", "Get media URL" (2026-10).
[[nodiscard]] std::optional<HttpRequest> ask_for_media(channel::Account const& account, MediaReference const& media);

/// The same with every token that the account has, and what the answer says.
[[nodiscard]] channel::MediaStep media_step(channel::Account const& account, MediaReference const& media,
                                            std::span<HttpResponse const> so_far);

} // namespace deskbridge::whatsapp
