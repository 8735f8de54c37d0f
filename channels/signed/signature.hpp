#pragma once

#include "deskbridge/channel/adapter.hpp"

#include <vector>

namespace deskbridge::signed_http {

// Standard Webhooks: HMAC-SHA256 of "id.timestamp.body", in base64, in a list "v1,… v1,…" of which one must hold. Secrets are
// base64 of 24 to 64 bytes, "whsec_" in front or not. An entry "v1a,…" is an Ed25519 signature of the same; its key is "whpk_" and base64 of
// 32 bytes.
// Source: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md (2026-11).

/// One webhook-id, one webhook-timestamp in seconds, one webhook-signature with an entry of version v1 or v1a?
[[nodiscard]] bool has_signature_shape(HttpRequest const& head);

/// Signed by any inbound secret or public key of the hook's accounts, at most five minutes away from when it came. No secret: false.
[[nodiscard]] bool is_signed(channel::Hook const& hook, HttpRequest const& raw, Timestamp received_at);

[[nodiscard]] bool is_secret(std::string_view text);
/// What signatures of the app are checked by: a secret, or the public key of one that stays with the app.
[[nodiscard]] bool is_inbound_key(std::string_view text);

/// The bytes of each of these secrets that is one.
[[nodiscard]] std::vector<std::string> keys_of(std::span<std::string const> secrets);

/// Adds the three headers, signed with every key: while one is being rotated the receiver may know either.
void sign(HttpRequest& request, std::string const& id, Timestamp at, std::vector<std::string> const& keys);

} // namespace deskbridge::signed_http
