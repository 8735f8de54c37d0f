#pragma once

#include "json_reading.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace deskbridge::simulator {

/// The bytes the provider posts: everything beyond ASCII as \uXXXX in lower-case hex, `/` as `\/`.
/// Source: payloads of the Cloud API's webhooks as received; the signature covers exactly these bytes.
[[nodiscard]] std::string render_escaped(Json const& doc);

/// The value of X-Hub-Signature-256: "sha256=" and 64 lower-case hex digits over the raw body.
/// Source: Meta, Graph API webhooks, "Validating payloads", read 2026-10.
[[nodiscard]] std::string signature_header(std::string_view app_secret, std::string_view body);

/// What a caller shows besides its token: hex HMAC-SHA256 of the token, by the app's secret.
/// Source: Meta, Graph API, "Securing requests", read 2026-11.
[[nodiscard]] std::string appsecret_proof(std::string_view app_secret, std::string_view token);

[[nodiscard]] std::string sha256_hex(std::string_view bytes);
[[nodiscard]] std::string sha256_base64(std::string_view bytes);

/// Ids that no other run makes: from the system's random generator.
[[nodiscard]] std::string random_hex(std::size_t bytes);
[[nodiscard]] std::string random_digits(std::size_t digits);
[[nodiscard]] std::string new_message_id(); ///< "wamid." and base64
[[nodiscard]] std::uint64_t random_number();

} // namespace deskbridge::simulator
