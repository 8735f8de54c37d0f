#pragma once

#include "deskbridge/core/account_health.hpp"
#include "deskbridge/core/http.hpp"
#include "deskbridge/core/time.hpp"

#include <chrono>
#include <string>
#include <variant>
#include <vector>

/// How a provider is asked what it thinks of an account.
namespace deskbridge::channel {

/// What an adapter is told besides the account.
struct HealthContext {
    std::string hook_url{}; ///< where webhooks should arrive, as the provider must have it; "": not configured
    Timestamp now{};
};

/// What the answers say.
struct HealthReport {
    std::vector<HealthFinding> findings{};
    std::string problem{};        ///< why not all could be asked, as a sentence; empty: all was
    std::chrono::seconds wait{0}; ///< with a problem: before the next try; 0: as patience has it
};

/// The next question, or what all answers together say.
using HealthStep = std::variant<HttpRequest, HealthReport>;

/// How our own hook is called the way the provider calls it, and the body that proves that it is ours.
struct HookProbe {
    HttpRequest request;
    std::string expected;
};

} // namespace deskbridge::channel
