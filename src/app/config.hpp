#pragma once

#include "secret.hpp"
#include "toml_reader.hpp"

#include "deskbridge/channel/adapter.hpp"
#include "deskbridge/core/catalogue.hpp"
#include "deskbridge/core/policy.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace deskbridge::app {

struct ServerConfig {
    std::string listen{"127.0.0.1:8080"};
    std::string public_url;
    std::filesystem::path socket; ///< default: control.sock beside the database
    std::string socket_group;
    std::filesystem::path certificate;
    std::filesystem::path key;
};

struct StoreConfig {
    std::filesystem::path path;
    std::size_t readers{2};
};

struct LogConfig {
    std::string level{"info"};
    std::string format{"auto"}; ///< auto: for journald under systemd, else text with the time
};

struct OutboxConfig {
    int in_flight{32};
};

/// One `[[account]]`: what the channel wants, where its secrets are, and how its tickets behave.
struct AccountConfig {
    channel::Account account; ///< without secrets until `resolve_secrets`
    channel::Adapter const* adapter{nullptr};
    std::string hook;
    std::map<std::string, std::vector<SecretSource>, std::less<>> secret_sources;
    AccountPolicy policy;
    std::filesystem::path texts; ///< the account's own texts; empty: none
    std::shared_ptr<Catalogue const> catalogue;
    unsigned line{0};            ///< where it stands in the file
};

/// The whole configuration, checked. Paths are absolute: in the file they are relative to it.
struct Config {
    std::filesystem::path file;
    ServerConfig server;
    StoreConfig store;
    LogConfig log;
    OutboxConfig outbox;
    std::string metrics_listen; ///< empty: /metrics on the main listener only
    std::string ca_file;        ///< certificates that outgoing TLS trusts; empty: the system's
    std::vector<AccountConfig> accounts;
};

/// Reads and checks a file without opening anything else. On failure `problems` has every error, in file order.
[[nodiscard]] std::optional<Config> load_config(std::filesystem::path const& file, Problems& problems);

/// Reads every secret into its account. Errors: appended to `problems`; true if there are none.
[[nodiscard]] bool resolve_secrets(Config& config, Problems& problems);

/// Where the configuration is: `given`, else $DESKBRIDGE_CONFIG, else ./deskbridge.toml, else /etc/deskbridge/deskbridge.toml.
[[nodiscard]] std::filesystem::path find_config(std::string const& given);

} // namespace deskbridge::app
