#pragma once

#include "deskbridge/channel/adapter.hpp"

#include <vector>

namespace deskbridge::signed_http {

// Standard Webhooks: HMAC-SHA256 of "id.timestamp.body", in base64, in a list "v1,… v1,…" of which one must hold. Secrets are
// base64 of 24 to 64 bytes, "whsec_" in front or not.
// Source: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md (2026-11).

/// One webhook-id, one webhook-timestamp in seconds, one webhook-signature with an entry of version v1?
[[nodiscard]] bool has_signature_shape(HttpRequest const& head);

/// Signed with any inbound secret of the hook's accounts, at most five minutes away from when it came. No secret: false.
[[nodiscard]] bool is_signed(channel::Hook const& hook, HttpRequest const& raw, Timestamp received_at);

[[nodiscard]] bool is_secret(std::string_view text);

/// The bytes of each of these secrets that is one.
[[nodiscard]] std::vector<std::string> keys_of(std::span<std::string const> secrets);

/// Adds the three headers, signed with every key: while one is being rotated the receiver may know either.
void sign(HttpRequest& request, std::string const& id, Timestamp at, std::vector<std::string> const& keys);

} // namespace deskbridge::signed_http
