#include "config.hpp"
#include "config_account.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include <unistd.h>

namespace deskbridge::app {
namespace {

namespace fs = std::filesystem;

fs::path absolute(fs::path const& base, std::string const& path)
{
    return path.empty() ? fs::path{} : (base / path).lexically_normal();
}

bool is_http_url(std::string_view url)
{
    return url.starts_with("http://") || url.starts_with("https://");
}

ServerConfig read_server(TomlReader& reader, fs::path const& base)
{
    ServerConfig server;
    server.listen = reader.text("listen").value_or(server.listen);
    if (server.listen.find_last_of(':') == std::string::npos)
        reader.report("listen", fmt::format("\"{}\"", server.listen), "address:port, such as \"127.0.0.1:8080\" or \"[::]:8080\"");
    server.public_url = reader.text("public_url", TomlReader::Need::required).value_or("");
    if (!server.public_url.empty() && !is_http_url(server.public_url))
        reader.report("public_url", fmt::format("\"{}\"", server.public_url),
                      "the URL under which providers reach this server, beginning with https:// or http://");
    server.socket = absolute(base, reader.text("socket").value_or(""));
    server.socket_group = reader.text("socket_group").value_or("");
    server.certificate = absolute(base, reader.text("certificate").value_or(""));
    server.key = absolute(base, reader.text("key").value_or(""));
    if (server.certificate.empty() != server.key.empty())
        reader.report(server.key.empty() ? "certificate" : "key", "one of certificate and key", "both, or none (behind a proxy)");
    reader.finish();
    return server;
}

/// The TLS files are part of the check: a missing one is found before a port opens.
void check_files(ServerConfig const& server, TomlReader& reader)
{
    for (auto const& [key, path] : {std::pair{"certificate", server.certificate}, std::pair{"key", server.key}})
        if (!path.empty() && ::access(path.c_str(), R_OK) != 0)
            reader.report(key, path.string(), "a PEM file that this user can read");
}

StoreConfig read_store(TomlReader& reader, fs::path const& base)
{
    StoreConfig store;
    store.path = absolute(base, reader.text("path", TomlReader::Need::required).value_or(""));
    store.readers = static_cast<std::size_t>(reader.integer("readers", 1, 16).value_or(2));
    reader.finish();
    return store;
}

LogConfig read_log(TomlReader& reader)
{
    LogConfig log;
    log.level = reader.word("level", {"debug", "info", "warning", "error"}).value_or(log.level);
    log.format = reader.word("format", {"auto", "text", "journal", "json"}).value_or(log.format);
    reader.finish();
    return log;
}

std::vector<AccountConfig> read_accounts(TomlReader& root, fs::path const& base)
{
    std::vector<AccountConfig> accounts;
    auto const* node = root.node("account", TomlReader::Need::required);
    if (!node)
        return accounts;
    auto const* array = node->as_array();
    if (!array || array->empty() || !array->is_homogeneous(toml::node_type::table)) {
        root.report("account", shown(*node), "one [[account]] table for each business number or bot");
        return accounts;
    }
    std::size_t index = 0;
    for (auto const& item : *array) {
        TomlReader reader{*item.as_table(), fmt::format("account[{}]", index++), root.file(), root.problems()};
        accounts.push_back(read_account(reader, base));
        accounts.back().line = static_cast<unsigned>(item.source().begin.line);
    }
    check_accounts(accounts, root.file(), root.problems());
    return accounts;
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
    check_files(config.server, server);
    auto store = section("store");
    config.store = read_store(store, base);
    auto log = section("log");
    config.log = read_log(log);
    auto metrics = section("metrics");
    config.metrics_listen = metrics.text("listen").value_or("");
    metrics.finish();
    auto outbox = section("outbox");
    config.outbox.in_flight = static_cast<int>(outbox.integer("in_flight", 1, 1024).value_or(32));
    config.ca_file = absolute(base, outbox.text("ca_file").value_or("")).string();
    outbox.finish();
    config.accounts = read_accounts(root, base);
    root.finish();
    if (config.server.socket.empty() && !config.store.path.empty())
        config.server.socket = config.store.path.parent_path() / "control.sock";
}

} // namespace

std::optional<Config> load_config(fs::path const& file, Problems& problems)
{
    Config config;
    std::error_code ec;
    config.file = fs::absolute(file, ec);
    if (ec || !fs::is_regular_file(config.file, ec) || ::access(config.file.c_str(), R_OK) != 0) {
        problems.push_back({file.string(), 0, "", "no such file, or not readable for this user",
                            "a configuration file; name it with --config FILE or DESKBRIDGE_CONFIG"});
        return std::nullopt;
    }
    try {
        auto const table = toml::parse_file(config.file.string());
        read_root(table, config, problems);
    } catch (toml::parse_error const& e) {
        problems.push_back({config.file.string(), static_cast<unsigned>(e.source().begin.line), "",
                            fmt::format("a syntax error in column {}: {}", e.source().begin.column, e.description()),
                            "TOML 1.0"});
    }
    if (!problems.empty())
        return std::nullopt;
    return config;
}

bool resolve_secrets(Config& config, Problems& problems)
{
    auto const before = problems.size();
    std::size_t index = 0;
    for (auto& account : config.accounts) {
        for (auto const& [key, sources] : account.secret_sources) {
            std::vector<std::string> values;
            for (auto const& source : sources) {
                auto value = resolve(source);
                if (value)
                    values.push_back(std::move(*value));
                else
                    problems.push_back({config.file.string(), source.line, fmt::format("account[{}].{}", index, key),
                                        value.error().detail, "a readable secret of one line"});
            }
            account.account.secrets[key] = std::move(values);
        }
        ++index;
    }
    return problems.size() == before;
}

fs::path find_config(std::string const& given)
{
    if (!given.empty())
        return given;
    if (char const* variable = std::getenv("DESKBRIDGE_CONFIG"); variable && *variable)
        return variable;
    std::error_code ec;
    if (fs::exists("deskbridge.toml", ec))
        return "deskbridge.toml";
    return "/etc/deskbridge/deskbridge.toml";
}

} // namespace deskbridge::app
