#pragma once

#include "config.hpp"

namespace deskbridge::app {

/// What a value means on this machine: that one can listen there, that files are there and of the right kind. Each reports
/// under the value's own key. What depends on who asks (may this user write there?) is a warning: the check may be run
/// by somebody else than the daemon's user.

void check_listen(TomlReader& reader, std::string_view key, std::string const& address);
/// Scheme, host and port alone; a slash at its end is taken off.
void check_public_url(TomlReader& reader, std::string& url);
void check_proxies(TomlReader& reader, std::vector<std::string> const& proxies);
void check_tls_files(TomlReader& reader, ServerConfig const& server);
void check_socket(TomlReader& reader, Config const& config);
void check_store(TomlReader& reader, std::filesystem::path const& path);
void check_media(TomlReader& reader, std::filesystem::path const& path);
void check_ca_file(TomlReader& reader, std::filesystem::path const& path);

} // namespace deskbridge::app
