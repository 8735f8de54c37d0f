#include "config_check.hpp"

#include "deskbridge/net/check.hpp"
#include "deskbridge/net/http_client.hpp"

#include <fmt/format.h>

#include <grp.h>
#include <sys/un.h>
#include <unistd.h>

namespace deskbridge::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view listen_shape = "address:port, such as \"127.0.0.1:8080\" or \"[::]:8080\"";
constexpr std::string_view url_shape = "the URL under which providers reach this server, such as \"https://desk.example.org\"";

std::string in_quotes(std::string_view text)
{
    return fmt::format("\"{}\"", text);
}

bool is_port(std::string_view text)
{
    return !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos &&
           std::stoi(std::string{text}) <= 65535;
}

/// What is wrong with an address that nobody can listen on.
std::string listen_wish(std::string_view address)
{
    auto const colon = address.rfind(':');
    if (colon == std::string_view::npos)
        return std::string{listen_shape};
    auto const host = address.substr(0, colon);
    if (host.empty())
        return "an address before the port: \"127.0.0.1" + std::string{address} + "\" for this machine alone, \"[::]" + std::string{address} + "\" for all";
    if (host.find(':') != std::string_view::npos && !host.starts_with('['))
        return "an IPv6 address in brackets, such as \"[::1]:8080\"";
    if (!is_port(address.substr(colon + 1)))
        return "a port from 0 to 65535 after the last colon (0: any that is free)";
    return "an address of this machine, not a name, such as \"127.0.0.1:8080\" or \"[::]:8080\"";
}

std::string url_wish(std::string_view url)
{
    if (!url.starts_with("https://") && !url.starts_with("http://"))
        return fmt::format("{}: it begins with https:// (or http:// for tests)", url_shape);
    return std::string{url_shape};
}

/// The kind of what is at `path`, links followed; nullopt if this user may not look.
std::optional<fs::file_type> kind_at(fs::path const& path)
{
    std::error_code ec;
    auto const type = fs::status(path, ec).type();
    if (type == fs::file_type::none)
        return std::nullopt;
    return type;
}

/// systemd makes RuntimeDirectory= and StateDirectory= when it starts the unit: until then they may be missing.
bool comes_with_the_service(fs::path const& directory)
{
    auto const text = directory.string();
    return text.starts_with("/run/") || text.starts_with("/var/run/") || text.starts_with("/var/lib/");
}

/// Can `path` be made a directory, with those above it?
void check_directory_can_be(TomlReader& reader, std::string_view key, fs::path const& wanted)
{
    auto path = wanted;
    while (path.has_relative_path() && kind_at(path) == fs::file_type::not_found)
        path = path.parent_path();
    auto const kind = kind_at(path);
    if (kind && *kind != fs::file_type::directory)
        reader.report(key, path.string() + ", which is not a directory", "a file in a directory");
    else if (!kind || ::access(path.c_str(), W_OK | X_OK) == 0)
        return;
    else if (path != wanted && comes_with_the_service(wanted))
        reader.warn(key, wanted.string() + ", which is not there", "a directory; the systemd unit makes it at the start (StateDirectory=)");
    else
        reader.warn(key, path.string() + ", where this user may not write", "a directory of the user that runs the daemon (run the check as that user)");
}

bool is_group(std::string const& name)
{
    return ::getgrnam(name.c_str()) != nullptr;
}

} // namespace

void check_listen(TomlReader& reader, std::string_view key, std::string const& address)
{
    if (!net::check_listen_address(address))
        reader.report(key, in_quotes(address), listen_wish(address));
}

void check_public_url(TomlReader& reader, std::string& url)
{
    if (url.empty())
        return; // reported when it was read
    if (!net::origin_of(url)) {
        reader.report("public_url", in_quotes(url), url_wish(url));
        return;
    }
    auto const end = url.find_first_of("/?#", url.find("://") + 3);
    if (end != std::string::npos && url.substr(end) != "/")
        reader.report("public_url", in_quotes(url), fmt::format("scheme and host alone, without a path or a query: \"{}\"", url.substr(0, end)));
    url.erase(std::min(end, url.size()));
}

void check_proxies(TomlReader& reader, std::vector<std::string> const& proxies)
{
    for (auto const& proxy : proxies)
        if (!net::check_proxy(proxy))
            reader.report("trusted_proxies", in_quotes(proxy), "an address or a network, such as \"127.0.0.1\" or \"10.0.0.0/8\"");
}

void check_tls_files(TomlReader& reader, ServerConfig const& server)
{
    if (server.certificate.empty() != server.key.empty()) {
        reader.report(server.key.empty() ? "certificate" : "key", "one of certificate and key", "both, or none (behind a proxy)");
        return;
    }
    if (!server.client_ca.empty() && server.key.empty())
        reader.report("client_ca", "no certificate and key", "TLS here: behind a proxy it is the proxy that asks for clients' certificates");
    bool readable = !server.key.empty();
    for (auto const& [key, path] : {std::pair{"certificate", server.certificate}, std::pair{"key", server.key}}) {
        if (path.empty() || (kind_at(path) == fs::file_type::regular && ::access(path.c_str(), R_OK) == 0))
            continue;
        readable = false;
        reader.report(key, path.string(), "a PEM file that this user can read");
    }
    if (!readable)
        return;
    if (auto const good = net::check_certificate(server.certificate, server.key); !good)
        reader.report("certificate", good.error().detail, "a certificate chain in PEM and the key that belongs to it");
    if (server.client_ca.empty())
        return;
    if (auto const good = net::check_trusted(server.client_ca); !good)
        reader.report("client_ca", good.error().detail, "a PEM file with the certificates of those who sign clients' certificates");
}

void check_socket(TomlReader& reader, Config const& config)
{
    constexpr auto longest = sizeof(sockaddr_un::sun_path) - 1;
    auto const& group = config.server.socket_group;
    if (!group.empty() && !is_group(group))
        reader.report("socket_group", in_quotes(group), fmt::format("a group of this machine (groupadd {})", group));
    auto const& path = config.server.socket;
    if (path.empty())
        return;
    if (path.string().size() > longest) {
        reader.report("socket", fmt::format("a path of {} bytes: {}", path.string().size(), path.string()),
                      fmt::format("at most {} bytes, as the system allows, such as \"/run/deskbridge/control.sock\"", longest));
        return;
    }
    auto const kind = kind_at(path);
    if (kind && *kind != fs::file_type::not_found && *kind != fs::file_type::socket)
        reader.report("socket", path.string() + ", which is not a socket", "a path where nothing is, or the socket of an earlier run");
    auto const directory = path.parent_path();
    auto const above = kind_at(directory);
    if (above == fs::file_type::directory || !above || directory == config.store.path.parent_path())
        return; // the database's own directory is made at the start
    auto const found = fmt::format("{} in {}, which is not {}", path.filename().string(), directory.string(),
                                   above == fs::file_type::not_found ? "there" : "a directory");
    if (above == fs::file_type::not_found && comes_with_the_service(directory))
        reader.warn("socket", found, "a directory; the systemd unit makes it at the start (RuntimeDirectory=)");
    else
        reader.report("socket", found, "a directory that is there");
}

void check_media(TomlReader& reader, fs::path const& path)
{
    if (path.empty())
        return;
    auto const kind = kind_at(path);
    if (kind == fs::file_type::not_found)
        check_directory_can_be(reader, "path", path.parent_path());
    else if (kind && *kind != fs::file_type::directory)
        reader.report("path", path.string() + ", which is not a directory", "a folder, or a path where nothing is yet");
}

void check_store(TomlReader& reader, fs::path const& path)
{
    if (path.empty())
        return;
    auto const kind = kind_at(path);
    if (kind == fs::file_type::directory)
        reader.report("path", path.string() + ", which is a directory", fmt::format("a file, such as \"{}\"", (path / "deskbridge.db").string()));
    else if (kind == fs::file_type::not_found)
        check_directory_can_be(reader, "path", path.parent_path());
    else if (kind && *kind != fs::file_type::regular)
        reader.report("path", path.string() + ", which is not a file", "a database file, or a path where nothing is yet");
}

void check_ca_file(TomlReader& reader, fs::path const& path)
{
    if (path.empty())
        return;
    auto const kind = kind_at(path).value_or(fs::file_type::not_found);
    if (kind != fs::file_type::regular && kind != fs::file_type::not_found)
        reader.report("ca_file", path.string() + ", which is " + (kind == fs::file_type::directory ? "a directory" : "not a file"),
                      "a PEM file with the certificates to trust");
    else if (auto const good = net::check_trusted(path); !good)
        reader.report("ca_file", good.error().detail, "a PEM file with the certificates to trust, readable for this user");
}

} // namespace deskbridge::app
