#pragma once

#include "deskbridge/core/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace deskbridge::net {

/// What listening and connecting refuse whatever the machine is doing at the moment, found without doing either: the
/// very code that listens and connects is asked. Errors: malformed, with the reason. Threads: any.

/// "127.0.0.1:8080", "[::1]:8080", "localhost:8080": an address, not a name to look up; port 0 takes any free one.
[[nodiscard]] Result<void> check_listen_address(std::string_view address);
/// "127.0.0.1", "::1", "10.0.0.0/8".
[[nodiscard]] Result<void> check_proxy(std::string const& text);
/// PEM files that can be read, and a key that belongs to the certificate.
[[nodiscard]] Result<void> check_certificate(std::filesystem::path const& certificate, std::filesystem::path const& key);
/// A PEM file with at least one certificate to trust.
[[nodiscard]] Result<void> check_trusted(std::filesystem::path const& ca_file);

} // namespace deskbridge::net
