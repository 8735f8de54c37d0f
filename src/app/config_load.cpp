#include "config.hpp"
#include "config_account.hpp"
#include "config_check.hpp"
#include "config_written.hpp"
#include "toml_syntax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace deskbridge::app {
namespace {

namespace fs = std::filesystem;

constexpr auto local_config = "deskbridge.toml";
constexpr auto usual_config = "/etc/deskbridge/deskbridge.toml";

fs::path absolute(fs::path const& base, std::string const& path)
{
    return path.empty() ? fs::path{} : (base / path).lexically_normal();
}

std::string read_listen(TomlReader& reader, std::string const& usual)
{
    auto const address = reader.text("listen");
    if (address)
        check_listen(reader, "listen", *address);
    return address.value_or(usual);
}

ServerConfig read_server(TomlReader& reader, fs::path const& base)
{
    ServerConfig server;
    server.listen = read_listen(reader, server.listen);
    server.public_url = reader.text("public_url", TomlReader::Need::required).value_or("");
    check_public_url(reader, server.public_url);
    server.socket = absolute(base, reader.text("socket").value_or(""));
    server.socket_group = reader.text("socket_group").value_or("");
    server.certificate = absolute(base, reader.text("certificate").value_or(""));
    server.key = absolute(base, reader.text("key").value_or(""));
    server.client_ca = absolute(base, reader.text("client_ca").value_or(""));
    check_tls_files(reader, server);
    server.max_connections = static_cast<std::size_t>(reader.integer("max_connections", 64, 60'000).value_or(4096));
    server.max_per_address = static_cast<std::size_t>(reader.integer("max_per_address", 1, 60'000).value_or(256));
    server.trusted_proxies = reader.texts("trusted_proxies").value_or(std::vector<std::string>{});
    check_proxies(reader, server.trusted_proxies);
    reader.finish();
    return server;
}

StoreConfig read_store(TomlReader& reader, fs::path const& base)
{
    StoreConfig store;
    store.path = absolute(base, reader.text("path", TomlReader::Need::required).value_or(""));
    check_store(reader, store.path);
    store.readers = static_cast<std::size_t>(reader.integer("readers", 1, 16).value_or(2));
    constexpr std::int64_t most = std::int64_t{1} << 40;
    store.low_water = static_cast<std::uint64_t>(reader.integer("low_water_bytes", 0, most).value_or(64 << 20));
    store.ballast = static_cast<std::uint64_t>(reader.integer("ballast_bytes", 0, most).value_or(16 << 20));
    reader.finish();
    return store;
}

MediaConfig read_media(TomlReader& reader, fs::path const& base, StoreConfig const& store)
{
    constexpr std::int64_t mebibyte = 1 << 20;
    MediaConfig media;
    media.path = absolute(base, reader.text("path").value_or(""));
    check_media(reader, media.path);
    if (media.path.empty() && !store.path.empty())
        media.path = store.path.parent_path() / "media";
    media.max_bytes = static_cast<std::uint64_t>(reader.integer("max_bytes", mebibyte, 2048 * mebibyte).value_or(100 * mebibyte));
    media.parallel = static_cast<std::size_t>(reader.integer("parallel", 1, 32).value_or(4));
    media.keep_free = static_cast<std::uint64_t>(reader.integer("keep_free_bytes", 0, INT64_MAX).value_or(256 * mebibyte));
    reader.finish();
    return media;
}

LogConfig read_log(TomlReader& reader)
{
    LogConfig log;
    log.level = reader.word("level", {"debug", "info", "warning", "error"}).value_or(log.level);
    log.format = reader.word("format", {"auto", "text", "journal", "json"}).value_or(log.format);
    reader.finish();
    return log;
}

std::vector<AccountConfig> read_accounts(TomlReader& root, fs::path const& base, ServerConfig const& server)
{
    std::vector<AccountConfig> accounts;
    auto const* node = root.node("account");
    auto const* array = node ? node->as_array() : nullptr;
    if (!array || array->empty() || !array->is_homogeneous(toml::node_type::table)) {
        root.report("account", node ? shown(*node) : "nothing", "one [[account]] table for each business number or bot");
        return accounts;
    }
    std::vector<TomlReader> readers;
    for (auto const& item : *array) {
        readers.emplace_back(*item.as_table(), fmt::format("account[{}]", readers.size()), root.file(), root.problems());
        accounts.push_back(read_account(readers.back(), base));
    }
    check_accounts(accounts, readers, server);
    return accounts;
}

/// Where the control socket is when `[server] socket` does not say.
fs::path usual_socket(StoreConfig const& store)
{
    return store.path.empty() ? fs::path{} : store.path.parent_path() / "control.sock";
}

void read_root(toml::table const& table, Config& config, Problems& problems)
{
    auto const base = config.file.parent_path();
    TomlReader root{table, "", config.file.string(), problems};
    static toml::table const nothing;
    auto const section = [&](std::string_view name) {
        auto const* found = root.table(name);
        return TomlReader{found ? *found : nothing, std::string{name}, config.file.string(), problems};
    };
    auto server = section("server");
    config.server = read_server(server, base);
    auto store = section("store");
    config.store = read_store(store, base);
    if (config.server.socket.empty())
        config.server.socket = usual_socket(config.store);
    check_socket(server, config);
    auto media = section("media");
    config.media = read_media(media, base, config.store);
    auto log = section("log");
    config.log = read_log(log);
    auto metrics = section("metrics");
    config.metrics_listen = read_listen(metrics, "");
    metrics.finish();
    auto outbox = section("outbox");
    config.outbox.in_flight = static_cast<int>(outbox.integer("in_flight", 1, 1024).value_or(32));
    config.ca_file = absolute(base, outbox.text("ca_file").value_or("")).string();
    check_ca_file(outbox, config.ca_file);
    outbox.finish();
    config.accounts = read_accounts(root, base, config.server);
    root.finish();
    config.written = written_settings(table, config);
}

/// The file's text; nullopt after a problem was reported.
std::optional<std::string> read_text(fs::path const& file, Problems& problems)
{
    constexpr auto expected = "a configuration file; name it with --config FILE or DESKBRIDGE_CONFIG";
    std::error_code ec;
    auto const kind = fs::status(file, ec).type();
    std::ifstream in{file, std::ios::binary};
    if (kind == fs::file_type::regular && in)
        return std::string{std::istreambuf_iterator<char>{in}, {}};
    bool const last_resort = file == usual_config && !fs::exists(local_config, ec);
    auto const* found = kind == fs::file_type::not_found    ? (last_resort ? "no such file, and no ./deskbridge.toml" : "no such file")
                        : kind == fs::file_type::directory ? "a directory"
                                                           : "a file that this user cannot read";
    problems.push_back({file.string(), 0, "", found, expected});
    return std::nullopt;
}

} // namespace

std::optional<Config> load_config(fs::path const& file, Problems& problems, Secrets secrets)
{
    Config config;
    std::error_code ec;
    config.file = fs::absolute(file, ec);
    auto const text = read_text(config.file, problems);
    if (!text)
        return std::nullopt;
    try {
        auto const table = toml::parse(*text, config.file.string());
        read_root(table, config, problems);
        if (secrets == Secrets::resolve)
            (void)resolve_secrets(config, problems); // what is wrong with them is among the problems
    } catch (toml::parse_error const& e) {
        problems.push_back(explain(e, config.file.string(), *text));
    }
    std::stable_sort(problems.begin(), problems.end(), [](Problem const& a, Problem const& b) { return a.line < b.line; });
    if (has_errors(problems))
        return std::nullopt;
    return config;
}

namespace {

/// Reads a path or two out of the file and judges nothing else. `choose` gets a look-up of absolute paths.
template <class Choose>
std::optional<fs::path> find_path(fs::path const& file, Problems& problems, Choose const& choose)
{
    std::error_code ec;
    auto const where = fs::absolute(file, ec);
    auto const text = read_text(where, problems);
    if (!text)
        return std::nullopt;
    try {
        auto const table = toml::parse(*text, where.string());
        fs::path const found = choose([&](char const* key) { return absolute(where.parent_path(), table.at_path(key).value_or(std::string{})); });
        if (!found.empty())
            return found;
        problems.push_back({where.string(), 1, "store.path", "nothing", "this key in [store]"});
    } catch (toml::parse_error const& e) {
        problems.push_back(explain(e, where.string(), *text));
    }
    return std::nullopt;
}

} // namespace

std::optional<fs::path> find_socket(fs::path const& file, Problems& problems)
{
    return find_path(file, problems, [](auto const& at) {
        auto const named = at("server.socket");
        return named.empty() ? usual_socket({.path = at("store.path")}) : named;
    });
}

std::optional<fs::path> find_database(fs::path const& file, Problems& problems)
{
    return find_path(file, problems, [](auto const& at) { return at("store.path"); });
}

namespace {

/// What the channel expects of that secret, when this one cannot be it.
std::optional<std::string> broken_form(AccountConfig const& account, std::string_view key, std::string_view value)
{
    if (account.adapter == nullptr)
        return std::nullopt; // an unknown channel: that is told already
    for (auto const& setting : account.adapter->settings())
        if (setting.key == key && setting.has_form != nullptr && !setting.has_form(value))
            return setting.meaning;
    return std::nullopt;
}

} // namespace

bool resolve_secrets(Config& config, Problems& problems)
{
    bool good = true;
    std::size_t index = 0;
    for (auto& account : config.accounts) {
        for (auto const& [key, sources] : account.secret_sources) {
            auto const path = fmt::format("account[{}].{}", index, key);
            std::vector<std::string> values;
            for (auto const& source : sources) {
                if (auto const open = exposure(source))
                    problems.push_back({config.file.string(), source.line, path, *open, "a file of the daemon's user alone (chmod 600)", Severity::warning});
                auto value = resolve(source);
                auto const form = value ? broken_form(account, key, *value) : std::nullopt;
                if (value && !form) {
                    values.push_back(std::move(*value));
                    continue;
                }
                good = false;
                problems.push_back({config.file.string(), source.line, path, form ? "a secret of another form" : value.error().detail,
                                    form.value_or("a secret of one line that this user can read")});
            }
            account.account.secrets[key] = std::move(values);
        }
        ++index;
    }
    return good;
}

fs::path find_config(std::string const& given)
{
    if (!given.empty())
        return given;
    if (char const* variable = std::getenv("DESKBRIDGE_CONFIG"); variable && *variable)
        return variable;
    std::error_code ec;
    if (fs::exists(local_config, ec))
        return local_config;
    return usual_config;
}

} // namespace deskbridge::app
