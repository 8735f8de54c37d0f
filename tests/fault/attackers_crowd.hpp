#pragma once

#include "http.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace fault {

/// Connections that a server should get rid of, or at least not suffer from, from as many loopback addresses as there
/// are hundreds of them. One that is closed comes back. In equal parts: says nothing; half a request line and then a byte
/// at a time; a header that never ends; a signed-looking body of the largest size that trickles; one good request and then
/// silence; many requests whose answers are never read; the first bytes of a TLS handshake. Of a server that speaks TLS also: a
/// handshake that is begun and not ended; one that is ended, and silence; and the others do the same after a handshake. And here
/// and there the largest body, quickly, but for its last byte.
class Crowd {
public:
    enum class Kind { silent, slow_line, slow_header, slow_body, idle, unread, half_handshake, half_shaken, shaken, heavy_body };
    using Over = HttpConnection::Over;

    /// @param only  all of them are of this kind
    Crowd(int port, int size, Over over, std::optional<Kind> only = {});
    ~Crowd();
    Crowd(Crowd const&) = delete;
    Crowd& operator=(Crowd const&) = delete;

    /// Every one of them has been connected at least once, and has begun with what it does.
    [[nodiscard]] bool gathered() const noexcept { return gathered_; }
    [[nodiscard]] long returned() const noexcept { return returned_; } ///< how often one came back
    /// Kinds that no server should bear for longer than some seconds, and of which none was thrown out so far.
    [[nodiscard]] std::vector<std::string_view> borne() const;
    [[nodiscard]] int connected() const noexcept { return connected_; }

private:
    struct Attacker {
        Kind kind{};
        std::string from;
        int fd{-1};
        std::unique_ptr<TlsClient> tls{};
        bool shaken{false}; ///< the handshake is over
        bool greeted{false};
        std::size_t sent{0}; ///< of its body
    };
    void run();
    void connect(Attacker& attacker) const;
    static bool shake_on(Attacker& attacker);
    static bool send_on(Attacker& attacker);
    static bool is_closed(Attacker& attacker);
    void act(Attacker& attacker);

    int port_;
    Over over_;
    std::vector<Attacker> attackers_;
    std::atomic<bool> stopping_{false};
    std::atomic<bool> gathered_{false};
    std::atomic<long> returned_{0};
    std::array<std::atomic<long>, static_cast<std::size_t>(Kind::heavy_body) + 1> returned_of_{};
    std::atomic<int> connected_{0};
    std::thread thread_;
};

} // namespace fault
