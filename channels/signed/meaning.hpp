#pragma once

#include "deskbridge/channel/json.hpp"
#include "deskbridge/core/http.hpp"
#include "deskbridge/core/outcome.hpp"

#include <string_view>

namespace deskbridge::signed_http {

/// What the app says about a message that it does not take, or could not deliver: {"error": {"because": …, "code": …, …}}.
struct Failure {
    enum class Because { unsaid, message, window_closed, opted_out, person, unusable_template, account, wait, wait_recipient, wait_account };
    Because because{Because::unsaid};
    bool retry{false};
    ProviderError error;
};

[[nodiscard]] Failure failure_at(channel::Json const& node, std::string_view pointer);

/// Why a message that failed after all was refused; a wait is no refusal.
[[nodiscard]] Refused::Because refusal_of(Failure::Because because) noexcept;
[[nodiscard]] bool is_wait(Failure::Because because) noexcept;

/// What an answer to our post means. 2xx with an id: accepted; without: unknown. 5xx: unknown, whatever it says. 4xx: as its
/// `because` says, else by the status. 3xx: nothing is followed, the account is paused.
[[nodiscard]] Outcome outcome_of(HttpResponse const& response);

} // namespace deskbridge::signed_http
