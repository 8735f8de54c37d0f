#pragma once

#include "url.hpp"

#include <string>

namespace deskbridge::net {

/// What the rules say about the URL itself, before anything is looked up: "forbidden: …", or "" for nothing.
[[nodiscard]] std::string objection_to(Url const& url, OutsideRules const& rules);

} // namespace deskbridge::net
