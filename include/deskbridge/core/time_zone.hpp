#pragma once

#include <string>

namespace deskbridge {

/// Does the ICU on this machine know the zone? "UTC", "Europe/Berlin": IANA's names. Threads: any.
[[nodiscard]] bool is_time_zone(std::string const& name);

} // namespace deskbridge
