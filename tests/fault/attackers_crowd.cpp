#include "attackers_crowd.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace fault {
namespace {

constexpr int per_address = 100;
constexpr auto turn = std::chrono::seconds{1};

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
        return "POST /hooks/support HTTP/1.1\r\nHost: a\r\nX-Hub-Signature-256: sha256=" + std::string(64, '0') +
               "\r\nContent-Length: 4000000\r\n\r\n";
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

bool trickles(Crowd::Kind kind)
{
    return kind == Crowd::Kind::slow_line || kind == Crowd::Kind::slow_header || kind == Crowd::Kind::slow_body;
}

} // namespace

Crowd::Crowd(int port, int size) : port_{port}
{
    for (int i = 0; i < size; ++i) {
        int const group = i / per_address;
        attackers_.push_back({static_cast<Kind>(i % kinds), fmt::format("127.{}.{}.66", 10 + group / 200, 1 + group % 200)});
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

void Crowd::act(Attacker& attacker)
{
    if (attacker.fd < 0) {
        connect(attacker);
        return;
    }
    auto const bytes = !attacker.greeted ? greeting_of(attacker.kind) : trickles(attacker.kind) ? std::string{"x"} : std::string{};
    bool gone = !bytes.empty() && ::send(attacker.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0 && errno != EAGAIN;
    attacker.greeted = true;
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
