#pragma once

#include "ids.hpp"

#include "deskbridge/core/http.hpp"

namespace deskbridge::whatsapp {

/// What an answer of the API to a send means.
///
/// 2xx with an id: accepted. 2xx otherwise, and 5xx unless the code says that nothing was processed: unknown. 4xx in
/// Meta's format: by the table in errors.cpp. 4xx in no format of Meta's (a proxy's page) and 3xx: the account is paused.
/// Source: developers.facebook.com, WhatsApp "Cloud API error codes" (2026-08).
[[nodiscard]] Outcome outcome_of(HttpResponse const& response);

/// Was it only our token, or the proof of the app's secret? Then others may be tried: nothing was processed.
[[nodiscard]] bool is_access_refused(HttpResponse const& response);
/// Was it the proof? It has no code of its own: Meta says so in words, "API calls from the server require an appsecret_proof argument" and
/// "Invalid appsecret_proof provided in the API argument", with code 100. Source: Yoctol/bottender#271, howdyai/botkit#1239 (2026-11).
[[nodiscard]] bool is_proof_refused(HttpResponse const& response);

/// What a status `failed` with these errors means. The message certainly did not arrive.
struct FailureMeaning {
    Refused::Because because{Refused::Because::message};
    bool worth_retry{false};
    std::string template_status{}; ///< as in `Refused`
    NotSent::Slows slows{NotSent::Slows::intent};
    std::chrono::seconds asked{0};
};
[[nodiscard]] FailureMeaning meaning_of_failure(std::vector<ProviderError> const& errors);

} // namespace deskbridge::whatsapp
