#pragma once

#include "deskbridge/core/time.hpp"

namespace deskbridge::test {

/// When tests happen, unless a case says otherwise; it is noon somewhere (2026-11-21T13:20:00Z).
inline constexpr Timestamp noon = from_ms(1'795'267'200'000);

} // namespace deskbridge::test
