#include "peer.hpp"

#include <array>

#include <pwd.h>

namespace deskbridge::api {

std::optional<std::string> unix_user_name(std::uint32_t uid)
{
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> buffer{};
    if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) != 0 || !found)
        return std::nullopt;
    return std::string{found->pw_name};
}

} // namespace deskbridge::api
