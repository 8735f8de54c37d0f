#include "health.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace deskbridge::whatsapp {
namespace {

/// How one of Meta's words is judged. A word of tomorrow is shown as it is, and worries nobody: the next check may know more.
struct Judgement {
    std::string_view state;
    Severity severity;
    std::string_view cause{};
    std::string_view next_step{};
};

template <std::size_t N>
HealthFinding judged(std::array<Judgement, N> const& all, HealthAspect aspect, std::string state)
{
    HealthFinding finding;
    finding.aspect = aspect;
    auto const row = std::find_if(all.begin(), all.end(), [&](auto const& one) { return one.state == state; });
    if (row != all.end()) {
        finding.severity = row->severity;
        finding.cause = row->cause;
        finding.next_step = row->next_step;
    }
    finding.state = std::move(state);
    return finding;
}

constexpr std::string_view fewer_blocks =
    "Look in WhatsApp Manager which messages customers block or report, and stop those: mostly templates outside the reply window.";

constexpr std::array<Judgement, 6> qualities{{
    {"green", Severity::ok},
    {"unflagged", Severity::ok},
    {"unknown", Severity::ok},
    {"yellow", Severity::warning, "Customers block or report messages of this number more than usual.", fewer_blocks},
    {"red", Severity::error, "Customers block or report messages of this number so often that WhatsApp may lower its limit.", fewer_blocks},
    {"flagged", Severity::error, "WhatsApp flagged the number because of its quality; the limit is lowered if that lasts.", fewer_blocks},
}};

constexpr std::string_view correct_name = "Submit another display name in WhatsApp Manager, by Meta's guidelines for display names.";

constexpr std::array<Judgement, 9> names{{
    {"approved", Severity::ok},
    {"available_without_review", Severity::ok},
    {"none", Severity::ok},
    {"pending_review", Severity::warning, "The display name is being reviewed; until then customers see the number.",
     "Wait: it takes a few days."},
    {"deferred", Severity::warning, "The review of the display name was put off.", "Wait, or submit the name again."},
    {"pending", Severity::warning, "The display name is being reviewed; until then customers see the number.",
     "Wait: it takes a few days."},
    {"declined", Severity::warning, "WhatsApp declined the display name.", correct_name},
    {"rejected", Severity::warning, "WhatsApp rejected the display name.", correct_name},
    {"expired", Severity::warning, "The certificate of the display name has expired.", "Register the number again."},
}};

constexpr std::array<Judgement, 4> reviews{{
    {"approved", Severity::ok},
    {"pending", Severity::warning, "The WhatsApp Business Account is being reviewed.", "Wait: it takes a day or two."},
    {"deferred", Severity::warning, "The review of the WhatsApp Business Account was put off.",
     "Look in WhatsApp Manager what Meta still wants."},
    {"rejected", Severity::error, "The WhatsApp Business Account was rejected.", "Ask for another review in Meta's Business Support Home."},
}};

} // namespace

HealthFinding quality_finding(std::string state)
{
    return judged(qualities, HealthAspect::quality, std::move(state));
}

HealthFinding limit_finding(std::string state)
{
    return HealthFinding{HealthAspect::limit, std::move(state)}; // none of them is a fault: a limit grows with use
}

HealthFinding name_finding(std::string state, std::string const& reason)
{
    auto finding = judged(names, HealthAspect::name, std::move(state));
    if (finding.severity != Severity::ok && !reason.empty())
        finding.cause += fmt::format(" Its reason: {}", reason);
    return finding;
}

HealthFinding review_finding(std::string state)
{
    return judged(reviews, HealthAspect::review, std::move(state));
}

} // namespace deskbridge::whatsapp
