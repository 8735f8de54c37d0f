#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace deskbridge::api {

/// The name of a Unix user; nullopt if the system knows none with that uid. Blocks: users may come from a directory far away.
[[nodiscard]] std::optional<std::string> unix_user_name(std::uint32_t uid);

} // namespace deskbridge::api
