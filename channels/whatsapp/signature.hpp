#pragma once

#include "deskbridge/channel/adapter.hpp"

namespace deskbridge::whatsapp {

/// The answer to Meta's GET: the challenge, verbatim, when mode and verify token are right, else 403; nullopt for any
/// other method. The GET carries no signature.
/// Source: developers.facebook.com/docs/graph-api/webhooks/getting-started, "Verification requests" (2026-10).
[[nodiscard]] std::optional<HttpResponse> answer_handshake(channel::Hook const& hook, HttpRequest const& request);

/// Exactly one X-Hub-Signature-256, of the form sha256=<64 lower hex>? (X-Hub-Signature, the SHA-1 one, is ignored.)
[[nodiscard]] bool has_signature_shape(HttpRequest const& head);

/// HMAC-SHA256 of the raw bytes with any of the accounts' app secrets. No secret at all: false.
/// Source: the same page, "Event notifications" (2026-10).
[[nodiscard]] bool is_signed(channel::Hook const& hook, HttpRequest const& raw);

} // namespace deskbridge::whatsapp
