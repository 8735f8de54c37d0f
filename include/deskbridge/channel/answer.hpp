#pragma once

#include "deskbridge/core/http.hpp"
#include "deskbridge/core/outcome.hpp"

#include <string_view>

namespace deskbridge::channel {

/// What the answer to a delivering request means that is not in the provider's own format and no success: somebody between us
/// and the provider gave it. Asked to wait: not sent. A refusal, or a redirection: the account is paused, for it would happen
/// to every message. Anything else is unknown. Pure; any thread.
[[nodiscard]] Outcome outcome_of_stranger(HttpResponse const& response, std::string_view provider);

} // namespace deskbridge::channel
