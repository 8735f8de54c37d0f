#include "connection.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {

Connection::Connection(int port, fault::HttpConnection::Over over) : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int const on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (fd_ < 0 || ::connect(fd_, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0) {
        ::close(fd_);
        throw std::runtime_error("cannot connect to the server under measurement");
    }
    if (over == fault::HttpConnection::Over::tls) {
        tls_ = std::make_unique<fault::TlsClient>(fd_);
        if (tls_->handshake() != fault::TlsClient::Step::done)
            throw std::runtime_error("no TLS with the server under measurement");
    }
    ::fcntl(fd_, F_SETFL, O_NONBLOCK);
}

Connection::~Connection()
{
    tls_.reset();
    ::close(fd_);
}

Connection::Step Connection::begin(std::string_view request)
{
    rest_ = request;
    in_.clear();
    return write();
}

Connection::Step Connection::go_on()
{
    return rest_.empty() ? read() : write();
}

Connection::Step Connection::write()
{
    while (!rest_.empty()) {
        auto const n = tls_ ? tls_->send(rest_) : ::send(fd_, rest_.data(), rest_.size(), MSG_NOSIGNAL);
        if (n <= 0)
            return n < 0 && errno == EAGAIN ? Step::later : Step::over;
        rest_.remove_prefix(static_cast<std::size_t>(n));
    }
    return Step::later;
}

Connection::Step Connection::read()
{
    std::array<char, 4096> chunk;
    for (;;) {
        auto const n = tls_ ? tls_->receive(chunk.data(), chunk.size()) : ::recv(fd_, chunk.data(), chunk.size(), 0);
        if (n <= 0)
            return n < 0 && errno == EAGAIN ? Step::later : Step::over;
        in_.append(chunk.data(), static_cast<std::size_t>(n));
        if (whole())
            return Step::answered;
    }
}

bool Connection::whole()
{
    auto const end = in_.find("\r\n\r\n");
    if (end == std::string::npos)
        return false;
    auto at = in_.find("\r\nContent-Length:");
    if (at == std::string::npos || at > end)
        at = in_.find("\r\ncontent-length:");
    auto const length = at < end ? std::strtoul(in_.c_str() + at + 17, nullptr, 10) : 0;
    if (in_.size() < end + 4 + length)
        return false;
    status_ = std::atoi(in_.c_str() + 9);
    body_ = in_.substr(end + 4);
    return true;
}

} // namespace bench
