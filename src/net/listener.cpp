#include "listener.hpp"

#include "syntax.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <arpa/inet.h>
#include <grp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <vector>

namespace deskbridge::net {
namespace {

namespace asio = boost::asio;
constexpr int backlog = 4096;

Error refusal_of(boost::system::error_code ec, std::string const& name)
{
    auto const detail = "cannot listen on " + name + ": " + ec.message();
    if (ec == asio::error::address_in_use)
        return {Fault::conflict, detail + "; ss -ltnp tells by whom: stop that, or configure another port"};
    if (ec == asio::error::access_denied || ec == boost::system::errc::operation_not_permitted)
        return {Fault::forbidden, detail + (name.find('/') == std::string::npos ? "; ports below 1024 want the capability CAP_NET_BIND_SERVICE" : "")};
    if (ec == boost::system::errc::address_not_available)
        return {Fault::malformed, detail + "; ip address tells which ones this machine has"};
    return {Fault::malformed, detail};
}

Error refusal_of_errno(std::string const& name)
{
    return refusal_of({errno, boost::system::system_category()}, name);
}

/// A socket file without a listener behind it is left over from a crash and may go.
Result<void> make_room(std::filesystem::path const& path)
{
    struct stat found{};
    if (::lstat(path.c_str(), &found) != 0)
        return errno == ENOENT ? Result<void>{} : Result<void>{refusal_of_errno(path.string())};
    if (!S_ISSOCK(found.st_mode))
        return Error{Fault::conflict, path.string() + " exists and is not a socket"};
    asio::io_context probe;
    asio::local::stream_protocol::socket socket{probe};
    boost::system::error_code ec;
    socket.connect(asio::local::stream_protocol::endpoint{path.string()}, ec);
    if (!ec)
        return Error{Fault::conflict, path.string() + ": another process is listening there"};
    if (ec != asio::error::connection_refused)
        return refusal_of(ec, path.string());
    if (::unlink(path.c_str()) != 0)
        return refusal_of_errno(path.string());
    return {};
}

Result<void> give_to_group(std::filesystem::path const& path, std::string const& name)
{
    std::vector<char> memory(16u << 10);
    group entry{};
    group* found = nullptr;
    if (::getgrnam_r(name.c_str(), &entry, memory.data(), memory.size(), &found) != 0 || found == nullptr)
        return Error{Fault::malformed, "no such group: " + name};
    if (::chown(path.c_str(), static_cast<uid_t>(-1), found->gr_gid) != 0)
        return refusal_of_errno(path.string() + " to group " + name);
    return {};
}

} // namespace

Result<asio::ip::tcp::endpoint> parse_endpoint(std::string_view text)
{
    Error const malformed{Fault::malformed, "listen address must look like 127.0.0.1:8080 or [::1]:8080, found: " + std::string{text}};
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0)
        return malformed;
    auto host = text.substr(0, colon);
    auto const port = parse_digits(text.substr(colon + 1));
    if (!port || *port > 65535)
        return malformed;
    bool const bracketed = host.starts_with('[') && host.ends_with(']');
    if (bracketed)
        host = host.substr(1, host.size() - 2);
    boost::system::error_code ec;
    auto const address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : std::string{host}, ec);
    if (ec || address.is_v6() != bracketed)
        return malformed;
    return asio::ip::tcp::endpoint{address, static_cast<std::uint16_t>(*port)};
}

Result<std::unique_ptr<Listener>> Listener::open(asio::io_context& io, Listen const& where)
{
    std::unique_ptr<Listener> out{new Listener{io}};
    auto bound = where.unix_path.empty() ? out->bind_tcp(where.address) : out->bind_unix(where.unix_path, where.unix_group);
    if (!bound)
        return bound.error();
    boost::system::error_code ec;
    out->acceptor_.listen(backlog, ec);
    if (ec)
        return refusal_of(ec, where.unix_path.empty() ? where.address : where.unix_path.string());
    return out;
}

Result<void> Listener::bind_to(asio::generic::stream_protocol::endpoint const& endpoint, std::string const& name)
{
    boost::system::error_code ec;
    acceptor_.open(endpoint.protocol(), ec);
    if (!ec && path_.empty())
        acceptor_.set_option(asio::socket_base::reuse_address{true}, ec);
    if (!ec)
        acceptor_.bind(endpoint, ec);
    if (ec)
        return refusal_of(ec, name);
    return {};
}

Result<void> Listener::bind_tcp(std::string_view address)
{
    auto const endpoint = parse_endpoint(address);
    if (!endpoint)
        return endpoint.error();
    if (auto bound = bind_to(*endpoint, std::string{address}); !bound)
        return bound;
    sockaddr_storage own{};
    socklen_t size = sizeof own;
    if (::getsockname(acceptor_.native_handle(), reinterpret_cast<sockaddr*>(&own), &size) != 0)
        return refusal_of_errno(std::string{address});
    port_ = ntohs(own.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&own)->sin6_port
                                            : reinterpret_cast<sockaddr_in*>(&own)->sin_port);
    return {};
}

Result<void> Listener::bind_unix(std::filesystem::path const& path, std::string const& group)
{
    constexpr auto longest = sizeof(sockaddr_un::sun_path) - 1;
    if (path.string().size() > longest)
        return Error{Fault::malformed, "socket path has " + std::to_string(path.string().size()) + " bytes, the system allows " +
                                           std::to_string(longest) + ": " + path.string()};
    if (auto room = make_room(path); !room)
        return room;
    path_ = path;
    if (auto bound = bind_to(asio::local::stream_protocol::endpoint{path.string()}, path.string()); !bound) {
        path_.clear();
        return bound;
    }
    struct stat made{};
    // Nobody can connect before listen(), so the mode is right from the first connection on.
    if (::chmod(path.c_str(), 0660) != 0 || ::lstat(path.c_str(), &made) != 0)
        return refusal_of_errno(path.string());
    device_ = made.st_dev;
    inode_ = made.st_ino;
    return group.empty() ? Result<void>{} : give_to_group(path, group);
}

Listener::~Listener()
{
    close();
}

void Listener::close()
{
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    struct stat now{};
    if (!path_.empty() && ::lstat(path_.c_str(), &now) == 0 && now.st_dev == device_ && now.st_ino == inode_)
        ::unlink(path_.c_str());
    path_.clear();
}

std::string peer_address(Socket& socket)
{
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    if (::getpeername(socket.native_handle(), reinterpret_cast<sockaddr*>(&peer), &size) != 0)
        return {};
    std::array<char, INET6_ADDRSTRLEN> text{};
    void const* bytes = nullptr;
    if (peer.ss_family == AF_INET)
        bytes = &reinterpret_cast<sockaddr_in*>(&peer)->sin_addr;
    else if (peer.ss_family == AF_INET6)
        bytes = &reinterpret_cast<sockaddr_in6*>(&peer)->sin6_addr;
    else
        return "unix";
    auto const* written = ::inet_ntop(peer.ss_family, bytes, text.data(), text.size());
    return written == nullptr ? std::string{} : std::string{written};
}

std::optional<std::uint32_t> peer_uid(Socket& socket)
{
    sockaddr_storage own{};
    socklen_t own_size = sizeof own;
    if (::getsockname(socket.native_handle(), reinterpret_cast<sockaddr*>(&own), &own_size) != 0 || own.ss_family != AF_UNIX)
        return std::nullopt;
    ucred who{};
    socklen_t size = sizeof who;
    if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0)
        return std::nullopt;
    return who.uid;
}

} // namespace deskbridge::net
