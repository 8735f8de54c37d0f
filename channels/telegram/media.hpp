#pragma once

#include "deskbridge/channel/adapter.hpp"

namespace deskbridge::telegram {

/// getFile, and the link that its answer means. Telegram hands over files of up to 20 MB.
/// Source: core.telegram.org/bots/api#getfile (Bot API 10.1, 2026-11).
[[nodiscard]] std::optional<HttpRequest> ask_for_media(channel::Account const& account, MediaReference const& media);
[[nodiscard]] channel::MediaStep media_step(channel::Account const& account, MediaReference const& media,
                                            std::span<HttpResponse const> so_far);

} // namespace deskbridge::telegram
