#pragma once

#include "deskbridge/core/time.hpp"

#include <chrono>
#include <string>

namespace deskbridge {

/// Does the ICU on this machine know the zone? "UTC", "Europe/Berlin": IANA's names. Threads: any.
[[nodiscard]] bool is_time_zone(std::string const& name);

/// How far the zone's clocks are ahead of UTC at that moment, summer time included; 0 for a zone that is not known. Threads: any.
[[nodiscard]] std::chrono::milliseconds ahead_of_utc(std::string const& zone, Timestamp at);

} // namespace deskbridge
