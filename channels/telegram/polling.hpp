#pragma once

#include "deskbridge/channel/adapter.hpp"

namespace deskbridge::telegram {

/// getUpdates: asking from a number on tells Telegram to forget what is before it.
/// Source: core.telegram.org/bots/api#getupdates (Bot API 10.1, 2026-11).
/// @param cursor  the first update_id that is wanted; "": whatever was never acknowledged.
[[nodiscard]] std::optional<HttpRequest> ask_for_updates(channel::Account const& account, std::string_view cursor);

/// Each update as the webhook that it would have been.
[[nodiscard]] channel::Polled read_updates(channel::Account const& account, HttpResponse const& response);

/// The call that the answer to a webhook holds (see updates.cpp).
[[nodiscard]] std::optional<HttpRequest> call_in_reply(channel::Account const& account, HttpResponse const& reply);

} // namespace deskbridge::telegram
