#include "systemd.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <cstring>

namespace deskbridge::app {

void notify_systemd(std::string_view state) noexcept
{
    char const* path = std::getenv("NOTIFY_SOCKET");
    sockaddr_un address{};
    if (!path || (path[0] != '/' && path[0] != '@') || std::strlen(path) >= sizeof address.sun_path)
        return;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path, std::strlen(path));
    if (path[0] == '@') // an abstract socket: its name begins with NUL
        address.sun_path[0] = '\0';
    int const fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    auto const length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + std::strlen(path));
    // Nothing can be done about a failure: systemd then sees no readiness and says so itself.
    [[maybe_unused]] auto const sent =
        ::sendto(fd, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr const*>(&address), length);
    ::close(fd);
}

std::optional<std::chrono::microseconds> watchdog_interval() noexcept
{
    char const* text = std::getenv("WATCHDOG_USEC");
    if (!text)
        return std::nullopt;
    std::int64_t usec = 0;
    auto const [end, failed] = std::from_chars(text, text + std::strlen(text), usec);
    if (failed != std::errc{} || *end != '\0' || usec <= 0)
        return std::nullopt;
    return std::chrono::microseconds{usec / 2};
}

} // namespace deskbridge::app
