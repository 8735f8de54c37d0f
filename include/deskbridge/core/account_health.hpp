#pragma once

#include "deskbridge/core/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// How an account is at its provider: what can be well or not, as one finding each.
namespace deskbridge {

/// What about an account is well or not. Words are those in SQL, API and fixtures.
enum class HealthAspect {
    standing,     ///< may it be used at all: bans, restrictions, violations
    sending,      ///< what the provider lets it send now
    review,       ///< of the business behind it
    quality,      ///< what customers make of its messages
    limit,        ///< how many customers it may write to first
    throughput,   ///< how fast it may send
    name,         ///< the name that customers see
    number,       ///< is the number, or the bot, there and registered
    token,        ///< our credentials
    subscription, ///< are its webhooks delivered, and to us
    hook,         ///< does our hook answer, asked from outside
    security,     ///< who may take the number over
    alert,        ///< what the provider warns of
    silence,      ///< nothing comes in although it normally does at this time
};

/// "quality", "token", …
[[nodiscard]] std::string_view render_health_aspect(HealthAspect aspect) noexcept;
[[nodiscard]] std::optional<HealthAspect> parse_health_aspect(std::string_view word) noexcept;

/// How bad it is. Later is worse.
enum class Severity {
    ok,
    warning, ///< something will go wrong, or goes less well than it could
    error,   ///< messages do not come or do not go
};

[[nodiscard]] std::string_view render_severity(Severity severity) noexcept;
[[nodiscard]] std::optional<Severity> parse_severity(std::string_view word) noexcept;

/// Who found it out.
enum class HealthSource {
    webhook,    ///< the provider told it by itself
    check,      ///< the provider was asked
    deskbridge, ///< seen from here
};

[[nodiscard]] std::string_view render_health_source(HealthSource source) noexcept;
[[nodiscard]] std::optional<HealthSource> parse_health_source(std::string_view word) noexcept;

/// How one aspect of an account is.
struct HealthFinding {
    HealthAspect aspect{HealthAspect::standing};
    std::string state;               ///< one word: the provider's in lower case, or ours
    Severity severity{Severity::ok};
    std::string cause{};             ///< why it is not well, as a sentence for the operator; never a customer's words, never a secret
    std::string next_step{};         ///< what the operator does about it, as a sentence
    std::optional<Timestamp> until{}; ///< when it ends by itself; of a good token: when it stops being good
    std::string subject{};           ///< which of several: of an alert its kind, of standing what it is about; else ""
    friend bool operator==(HealthFinding const&, HealthFinding const&) = default;
};

/// What a webhook says about the account. Whenever it says anything the provider is asked soon, for webhooks tell only a part, and
/// some do not say which of several numbers they are about: then there are no findings.
struct HealthNews {
    std::vector<HealthFinding> findings;
};

/// It has ended by itself: a restriction whose time is over. A token's end is none, but the beginning of trouble.
[[nodiscard]] bool is_over(HealthFinding const& finding, Timestamp now) noexcept;

} // namespace deskbridge
