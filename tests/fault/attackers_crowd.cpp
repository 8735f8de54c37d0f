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
constexpr int turns_of_handshake = 3; ///< connects, sends its first bytes, answers
constexpr std::size_t largest_body = 4u << 20;
constexpr std::size_t heavy_piece = 256u << 10; ///< at a time

std::string greeting_of(Crowd::Kind kind)
{
    switch (kind) {
    case Crowd::Kind::silent:
    case Crowd::Kind::half_shaken:
    case Crowd::Kind::shaken:
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

Crowd::Kind kind_of(int number, Crowd::Over over)
{
    int const kinds = static_cast<int>(over == Crowd::Over::tls ? Crowd::Kind::heavy_body : Crowd::Kind::half_shaken);
    return number % heavy_every == 0 ? Crowd::Kind::heavy_body : static_cast<Crowd::Kind>(number % kinds);
}

bool speaks_tls(Crowd::Kind kind)
{
    return kind != Crowd::Kind::silent && kind != Crowd::Kind::half_handshake;
}

} // namespace

Crowd::Crowd(int port, int size, Over over, std::optional<Kind> only) : port_{port}, over_{over}
{
    for (int i = 0; i < size; ++i) {
        int const group = i / per_address;
        Attacker attacker;
        attacker.kind = only.value_or(kind_of(i, over));
        attacker.from = fmt::format("127.{}.{}.66", 10 + group / 200, 1 + group % 200);
        attackers_.push_back(std::move(attacker));
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
    attacker.greeted = attacker.shaken = false;
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
    if (over_ == Over::tls && speaks_tls(attacker.kind))
        attacker.tls = std::make_unique<TlsClient>(attacker.fd);
}

/// Goes on with its handshake, or leaves it as it is; false: the other side has closed.
bool Crowd::shake_on(Attacker& attacker)
{
    if (attacker.kind == Kind::half_shaken && std::exchange(attacker.greeted, true))
        return true;
    auto const step = attacker.tls->handshake();
    attacker.shaken = step == TlsClient::Step::done;
    return step != TlsClient::Step::over;
}

/// Its next bytes; false: the other side has closed.
bool Crowd::send_on(Attacker& attacker)
{
    static std::string const piece(heavy_piece, 'x');
    bool const greets = !std::exchange(attacker.greeted, true);
    auto const greeting = greets ? greeting_of(attacker.kind) : std::string{};
    auto const bytes = greets ? std::string_view{greeting}
                              : std::string_view{piece}.substr(0, bytes_per_turn(attacker.kind, attacker.sent));
    auto const n = bytes.empty() ? 0 : attacker.tls ? attacker.tls->send(bytes) : ::send(attacker.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (!greets && n > 0)
        attacker.sent += static_cast<std::size_t>(n);
    return n >= 0 || errno == EAGAIN;
}

/// Reads what has come, but for one that never reads.
bool Crowd::is_closed(Attacker& attacker)
{
    if (attacker.kind == Kind::unread)
        return false;
    std::array<char, 4096> sink{};
    auto const n = attacker.shaken ? attacker.tls->receive(sink.data(), sink.size()) : ::recv(attacker.fd, sink.data(), sink.size(), 0);
    return n == 0 || (n < 0 && errno != EAGAIN);
}

void Crowd::act(Attacker& attacker)
{
    if (attacker.fd < 0) {
        connect(attacker);
        return;
    }
    bool const shakes = attacker.tls && !attacker.shaken;
    bool const gone = shakes ? !shake_on(attacker) : !send_on(attacker);
    bool const reads_on = shakes && attacker.kind != Kind::half_shaken; // what comes now is for the handshake
    if (!gone && (reads_on || !is_closed(attacker)))
        return;
    attacker.tls.reset();
    ::close(attacker.fd);
    attacker.fd = -1;
    ++returned_;
    ++returned_of_[static_cast<std::size_t>(attacker.kind)];
}

std::vector<std::string_view> Crowd::borne() const
{
    using Named = std::pair<Kind, std::string_view>;
    constexpr std::array kinds{Named{Kind::silent, "silent"},           Named{Kind::slow_line, "slow line"},
                               Named{Kind::slow_header, "slow header"}, Named{Kind::slow_body, "slow body"},
                               Named{Kind::half_handshake, "first bytes of a handshake"}};
    constexpr std::array over_tls{Named{Kind::half_shaken, "handshake that is left"}, Named{Kind::shaken, "silent after a handshake"}};
    std::vector<std::string_view> out;
    auto const look = [&](Named const& each) {
        if (returned_of_[static_cast<std::size_t>(each.first)] == 0)
            out.push_back(each.second);
    };
    std::for_each(kinds.begin(), kinds.end(), look);
    if (over_ == Over::tls)
        std::for_each(over_tls.begin(), over_tls.end(), look);
    return out;
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
        gathered_ = round >= (over_ == Over::tls ? turns_of_handshake : 1);
        std::this_thread::sleep_for(turn);
    }
}

} // namespace fault
