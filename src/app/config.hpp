#pragma once

#include "secret.hpp"
#include "toml_reader.hpp"

#include "deskbridge/channel/adapter.hpp"
#include "deskbridge/core/catalogue.hpp"
#include "deskbridge/core/policy.hpp"

#include <cstdint>
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
    std::filesystem::path client_ca; ///< who signs the certificates of those who post webhooks
    std::size_t max_connections{4096};
    std::size_t max_per_address{256};
    std::vector<std::string> trusted_proxies; ///< addresses and networks
};

struct StoreConfig {
    std::filesystem::path path;
    std::size_t readers{2};
    std::uint64_t low_water{64u << 20}; ///< bytes of free space below which nothing new is taken
    std::uint64_t ballast{16u << 20};   ///< bytes that are kept back for a full disk
};

/// Customers' files.
struct MediaConfig {
    std::filesystem::path path;                ///< default: media beside the database
    std::uint64_t max_bytes{100u << 20};
    std::size_t parallel{4};                   ///< of one account at once
    std::uint64_t keep_free{256u << 20};       ///< bytes on the folder's disk below which nothing is fetched
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
    std::string client_certificate; ///< name in the certificate that its webhooks must come with
    int messages_per_second{0};     ///< what the provider allows this account; 0: what its channel begins with
    std::map<std::string, std::vector<SecretSource>, std::less<>> secret_sources;
    AccountPolicy policy;
    std::filesystem::path texts; ///< the account's own texts; empty: none
    std::shared_ptr<Catalogue const> catalogue;
};

/// The whole configuration, checked. Paths are absolute: in the file they are relative to it.
struct Config {
    std::filesystem::path file;
    ServerConfig server;
    StoreConfig store;
    MediaConfig media;
    LogConfig log;
    OutboxConfig outbox;
    std::string metrics_listen; ///< empty: /metrics on the main listener only
    std::string ca_file;        ///< certificates that outgoing TLS trusts; empty: the system's
    std::vector<AccountConfig> accounts;
    /// Everything that only a restart takes over, as it is written in the file: "server.listen" → "\"127.0.0.1:8080\"",
    /// "account.support.language" → "\"en\"". See config_written.hpp.
    std::map<std::string, std::string> written;
};

enum class Secrets { leave, resolve };

/// Reads and checks a file, also what its values mean on this machine. `problems` gets every error and warning, in file
/// order; with errors there is no configuration. Secrets are resolved, if at all, also when there are other errors.
[[nodiscard]] std::optional<Config> load_config(std::filesystem::path const& file, Problems& problems, Secrets secrets = Secrets::leave);

/// Where the daemon's control socket is. Looks at nothing else: an agent need not be able to read certificates.
[[nodiscard]] std::optional<std::filesystem::path> find_socket(std::filesystem::path const& file, Problems& problems);

/// Reads every secret into its account. Errors and warnings: appended to `problems`; true if there are no errors.
[[nodiscard]] bool resolve_secrets(Config& config, Problems& problems);

/// Where the database is. Looks at nothing else, as `find_socket`.
[[nodiscard]] std::optional<std::filesystem::path> find_database(std::filesystem::path const& file, Problems& problems);

/// Where the configuration is: `given`, else $DESKBRIDGE_CONFIG, else ./deskbridge.toml, else /etc/deskbridge/deskbridge.toml.
[[nodiscard]] std::filesystem::path find_config(std::string const& given);

} // namespace deskbridge::app
