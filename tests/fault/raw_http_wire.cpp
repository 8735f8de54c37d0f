#include "raw_http_wire.hpp"

#include "http.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace fault {
namespace {

/// One socket, closed at the end.
class Line {
public:
    Line(int port, std::string const& source) : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
    {
        sockaddr_in own{};
        own.sin_family = AF_INET;
        own.sin_addr.s_addr = ::inet_addr(source.c_str());
        sockaddr_in server = own;
        server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        server.sin_port = htons(static_cast<std::uint16_t>(port));
        int const on = 1;
        timeval const patience{.tv_sec = 20, .tv_usec = 0};
        ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (::bind(fd_, reinterpret_cast<sockaddr*>(&own), sizeof own) != 0 ||
            ::connect(fd_, reinterpret_cast<sockaddr*>(&server), sizeof server) != 0)
            throw std::runtime_error("the server does not take connections");
    }
    ~Line() { ::close(fd_); }
    Line(Line const&) = delete;
    Line& operator=(Line const&) = delete;

    /// A server that has refused may be gone already.
    void send(std::string_view bytes) const { (void)::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
    void finish() const { (void)::shutdown(fd_, SHUT_WR); }
    void read_to_end(Exchange& exchange) const
    {
        std::array<char, 16384> piece{};
        for (;;) {
            auto const n = ::recv(fd_, piece.data(), piece.size(), 0);
            if (n > 0) {
                exchange.answer.append(piece.data(), static_cast<std::size_t>(n));
                continue;
            }
            bool const silent = n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
            exchange.end = n == 0 ? Exchange::End::closed : silent ? Exchange::End::silent : Exchange::End::reset;
            return;
        }
    }

private:
    int fd_;
};

} // namespace

void play(std::vector<Exchange>& exchanges, int port, std::string const& source)
{
    HttpConnection turn{port};
    std::vector<std::unique_ptr<Line>> lines;
    for (auto const& exchange : exchanges) {
        lines.push_back(std::make_unique<Line>(port, source));
        lines.back()->send(exchange.first);
    }
    if (turn.get("/healthz") != 200)
        throw std::runtime_error("the server does not answer honest requests");
    for (std::size_t i = 0; i < lines.size(); ++i) {
        lines[i]->send(exchanges[i].second);
        if (exchanges[i].finish)
            lines[i]->finish();
    }
    for (std::size_t i = 0; i < lines.size(); ++i)
        lines[i]->read_to_end(exchanges[i]);
}

std::vector<int> statuses_in(std::string_view answer)
{
    constexpr std::string_view beginning = "HTTP/1.1 ";
    std::vector<int> out;
    for (auto at = answer.find(beginning); at != std::string_view::npos; at = answer.find(beginning, at + 1)) {
        int const status = std::atoi(std::string{answer.substr(at + beginning.size(), 3)}.c_str());
        if (status >= 200)
            out.push_back(status);
    }
    return out;
}

} // namespace fault
