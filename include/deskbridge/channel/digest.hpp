#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace deskbridge::channel {

// Pure; any thread. Hexadecimal is lower case.

[[nodiscard]] std::string sha256_hex(std::string_view bytes);
[[nodiscard]] std::string hmac_sha256_hex(std::string_view key, std::string_view bytes);
[[nodiscard]] std::string hmac_sha256_base64(std::string_view key, std::string_view bytes);

/// Did the owner of this public key (32 bytes) sign these bytes with Ed25519 (RFC 8032)? `signature`: 64 bytes.
[[nodiscard]] bool ed25519_holds(std::string_view public_key, std::string_view bytes, std::string_view signature);

/// Base64 with its padding (RFC 4648 4); nullopt: it is not.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view written);

/// Equal? Takes the same time wherever two texts of one length differ. The length itself is no secret.
[[nodiscard]] bool same_bytes(std::string_view a, std::string_view b) noexcept;

/// A SHA-256 as channels write it, base64 (with or without padding) or hexadecimal, as lower hex; "" if it is neither.
[[nodiscard]] std::string sha256_as_hex(std::string_view written);

} // namespace deskbridge::channel
