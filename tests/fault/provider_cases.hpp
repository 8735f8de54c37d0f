#pragma once

#include "provider_scene.hpp"

namespace fault {

/// Each fault alone, with and without the message having been taken, and what must have become of that message.
/// Answers how many cases that were.
int try_each_fault(ProviderScene& scene);
/// How many customers it needs.
[[nodiscard]] int customers_of_each_fault();

} // namespace fault
