#pragma once

#include <unicode/timezone.h>

#include <memory>
#include <string>

namespace deskbridge {

/// ICU's zone of that name; its own "unknown" when there is none.
[[nodiscard]] std::unique_ptr<icu::TimeZone> named_zone(std::string const& name);

} // namespace deskbridge
