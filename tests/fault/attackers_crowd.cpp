#include "attackers_crowd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace fault {
namespace {

constexpr int per_address = 100;
constexpr int heavy_every = 50;
constexpr auto turn = std::chrono::seconds{1};
constexpr std::size_t largest_body = 4u << 20;
constexpr std::size_t heavy_piece = 256u << 10; ///< at a time

std::string greeting_of(Crowd::Kind kind)
{
    switch (kind) {
    case Crowd::Kind::silent:
        return {};
    case Crowd::Kind::slow_line:
        return "GET /he";
    case Crowd::Kind::slow_header:
        return "GET /healthz HTTP/1.1\r\nHost: a\r\nX: ";
    case Crowd::Kind::slow_body:
    case Crowd::Kind::heavy_body:
        return fmt::format("POST /hooks/support HTTP/1.1\r\nHost: a\r\nX-Hub-Signature-256: sha256={:064}\r\nContent-Length: {}\r\n\r\n",
                           0, largest_body);
    case Crowd::Kind::idle:
        return "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    case Crowd::Kind::unread: {
        std::string many;
        for (int i = 0; i < 50; ++i)
            many += "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";
        return many;
    }
    case Crowd::Kind::half_handshake:
        return std::string{"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03", 11};
    }
    return {};
}

std::size_t bytes_per_turn(Crowd::Kind kind, std::size_t sent)
{
    if (kind == Crowd::Kind::heavy_body)
        return std::min(heavy_piece, largest_body - 1 - sent);
    return kind == Crowd::Kind::slow_line || kind == Crowd::Kind::slow_header || kind == Crowd::Kind::slow_body ? 1 : 0;
}

} // namespace

Crowd::Crowd(int port, int size) : port_{port}
{
    for (int i = 0; i < size; ++i) {
        int const group = i / per_address;
        auto const kind = i % heavy_every == 0 ? Kind::heavy_body : static_cast<Kind>(i % kinds);
        attackers_.push_back({kind, fmt::format("127.{}.{}.66", 10 + group / 200, 1 + group % 200)});
    }
    thread_ = std::thread{[this] { run(); }};
}

Crowd::~Crowd()
{
    stopping_ = true;
    thread_.join();
    for (auto const& attacker : attackers_)
        if (attacker.fd >= 0)
            ::close(attacker.fd);
}

void Crowd::connect(Attacker& attacker) const
{
    attacker.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    attacker.greeted = false;
    attacker.sent = 0;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::inet_addr(attacker.from.c_str());
    int const small = 4096;
    if (attacker.kind == Kind::unread)
        ::setsockopt(attacker.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    (void)::bind(attacker.fd, reinterpret_cast<sockaddr*>(&address), sizeof address);
    (void)::fcntl(attacker.fd, F_SETFL, O_NONBLOCK);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    (void)::connect(attacker.fd, reinterpret_cast<sockaddr*>(&address), sizeof address);
}

/// Its next bytes; false: the other side has closed.
bool Crowd::send_on(Attacker& attacker)
{
    static std::string const piece(heavy_piece, 'x');
    bool const greets = !std::exchange(attacker.greeted, true);
    auto const greeting = greets ? greeting_of(attacker.kind) : std::string{};
    auto const bytes = greets ? std::string_view{greeting}
                              : std::string_view{piece}.substr(0, bytes_per_turn(attacker.kind, attacker.sent));
    auto const n = bytes.empty() ? 0 : ::send(attacker.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (!greets && n > 0)
        attacker.sent += static_cast<std::size_t>(n);
    return n >= 0 || errno == EAGAIN;
}

void Crowd::act(Attacker& attacker)
{
    if (attacker.fd < 0) {
        connect(attacker);
        return;
    }
    bool gone = !send_on(attacker);
    std::array<char, 4096> sink{};
    if (!gone && attacker.kind != Kind::unread)
        gone = ::recv(attacker.fd, sink.data(), sink.size(), 0) == 0;
    if (!gone)
        return;
    ::close(attacker.fd);
    attacker.fd = -1;
    ++returned_;
}

void Crowd::run()
{
    for (int round = 0; !stopping_; ++round) {
        int up = 0;
        for (auto& attacker : attackers_) {
            if (stopping_)
                return;
            act(attacker);
            up += attacker.fd >= 0 ? 1 : 0;
        }
        connected_ = up;
        gathered_ = round > 0;
        std::this_thread::sleep_for(turn);
    }
}

} // namespace fault
