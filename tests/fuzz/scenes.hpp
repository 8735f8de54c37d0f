#pragma once

#include "channels/fixture.hpp"

#include <deque>

namespace deskbridge::fuzz {

/// Every channel with the accounts of its fixtures.
[[nodiscard]] std::deque<test::ChannelScene> const& scenes();

} // namespace deskbridge::fuzz
