#pragma once

#include "toml_reader.hpp"

#include "deskbridge/core/result.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace deskbridge::app {

/// Where a secret is kept: `{ file = "…" }`, `{ env = "…" }` or `{ credential = "…" }` (systemd's LoadCredential=).
struct SecretSource {
    enum class Kind { file, env, credential };
    Kind kind{Kind::file};
    std::string name; ///< path (absolute), variable or credential
    unsigned line{0};
};

/// Reads `key` of `reader`: one source, or an array of two while one is being rotated. Problems are reported.
[[nodiscard]] std::vector<SecretSource> read_secret_sources(TomlReader& reader, std::string_view key, bool required,
                                                            std::filesystem::path const& base);

/// The secret itself, without a byte order mark and a trailing line break. The error's detail goes on after "found".
/// Errors: not_found (no such file, variable or credential), malformed (empty, over 4 KiB, a line break or NUL inside; not
/// a regular file).
[[nodiscard]] Result<std::string> resolve(SecretSource const& source);

/// Says so, after "found", when everybody on this machine can read the secret's file.
[[nodiscard]] std::optional<std::string> exposure(SecretSource const& source);

} // namespace deskbridge::app
