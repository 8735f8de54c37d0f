#pragma once

#include "deskbridge/channel/adapter.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::telegram {

/// Could it be a bot's token? One begins with its bot's id ("123456:AA…") and becomes part of a URL as it is.
/// Source: core.telegram.org/bots/api#authorizing-your-bot (2026-11).
[[nodiscard]] bool is_token(std::string_view text);
/// Could it be a `secret_token`: 1 to 256 of A-Z a-z 0-9 _ and -? Source: core.telegram.org/bots/api#setwebhook (2026-11).
[[nodiscard]] bool is_secret(std::string_view text);

/// The tokens of the account that are of its bot: one, or two while one is rotated.
[[nodiscard]] std::vector<std::string_view> tokens_of(channel::Account const& account);

inline constexpr std::string_view secret_header = "X-Telegram-Bot-Api-Secret-Token";

/// "<api_base>/bot<token>/<method>". The URL is as secret as the token.
[[nodiscard]] std::string method_url(channel::Account const& account, std::string_view token, std::string_view method);

/// "<api_base>/file/bot<token>/<path>"
[[nodiscard]] std::string file_url(channel::Account const& account, std::string_view token, std::string_view path);

/// A call with these parameters.
[[nodiscard]] HttpRequest call(channel::Account const& account, std::string_view token, std::string_view method,
                               std::string parameters);

/// Exactly one X-Telegram-Bot-Api-Secret-Token that could be one?
[[nodiscard]] bool has_secret_shape(HttpRequest const& head);
/// Is it one of the account's `webhook_secret`s? It is all that Telegram proves itself with: nothing is signed.
[[nodiscard]] bool is_from_telegram(channel::Hook const& hook, HttpRequest const& raw);

} // namespace deskbridge::telegram
