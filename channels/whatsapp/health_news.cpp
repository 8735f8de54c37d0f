#include "health.hpp"

#include "contents.hpp"
#include "error_table.hpp"

#include "deskbridge/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace deskbridge::whatsapp {
namespace {

constexpr std::chrono::hours security_stays{7 * 24};   ///< who did it will have been asked by then
constexpr std::chrono::hours longest_sentence{30 * 24}; ///< of those that end; Meta does not tell the end of each

using Findings = std::vector<HealthFinding>;

/// A ban, a violation, each kind of restriction and the account's life are subjects of their own: none of them ends another.
HealthFinding standing(std::string_view subject, std::string state, Severity severity, std::string cause = {}, std::string_view next_step = {})
{
    return HealthFinding{HealthAspect::standing, std::move(state), severity, std::move(cause), std::string{next_step}, {}, std::string{subject}};
}

constexpr std::string_view appeal = "See Meta's Business Support Home for the reason, and ask for a review there.";

// --- account_update ---

struct Restriction {
    std::string_view type;
    Severity severity;
    std::string_view means;
};
constexpr std::array<Restriction, 3> restrictions{{
    {"restricted_biz_initiated_messaging", Severity::error, "no customer may be written to first"},
    {"restricted_customer_initiated_messaging", Severity::error, "customers' messages may not be answered"},
    {"restricted_add_phone_number_action", Severity::warning, "no phone number may be added"},
}};

HealthFinding read_restriction(Json const& item, Timestamp at)
{
    auto const type = lower_word_at(item, "/restriction_type");
    auto const row = std::find_if(restrictions.begin(), restrictions.end(), [&](auto const& one) { return one.type == type; });
    bool const known = row != restrictions.end();
    auto const means = known ? row->means : std::string_view{type};
    auto finding = standing(type.empty() ? "restriction" : type, "restricted", known ? row->severity : Severity::error,
                            fmt::format("WhatsApp restricts the account{}{}.", means.empty() ? "" : ": ", means), appeal);
    finding.until = time_at(item, "/expiration", at + longest_sentence);
    return finding;
}

constexpr std::size_t most_restrictions = 8; ///< each is a row of its own

Findings read_restrictions(Json const& value, Timestamp at)
{
    Findings found;
    if (auto const* list = channel::array_at(value, "/restriction_info"))
        for (auto const& item : *list)
            if (found.size() < most_restrictions)
                found.push_back(read_restriction(item, at));
    if (found.empty())
        found.push_back(read_restriction(Json::object(), at));
    return found;
}

HealthFinding read_ban(Json const& value)
{
    constexpr std::string_view ban = "ban";
    auto const state = lower_word_at(value, "/ban_info/waba_ban_state");
    auto const date = told_at(value, "/ban_info/waba_ban_date");
    if (state == "reinstate")
        return standing(ban, "reinstated", Severity::ok);
    if (state == "schedule_for_disable")
        return standing(ban, "to_be_disabled", Severity::error,
                        fmt::format("WhatsApp will disable the account{}.", date.empty() ? "" : " on " + date), appeal);
    return standing(ban, "disabled", Severity::error, "WhatsApp disabled the account: nothing comes and nothing goes.", appeal);
}

HealthFinding read_violation(Json const& value, Timestamp at)
{
    auto const type = lower_word_at(value, "/violation_info/violation_type");
    auto finding = standing("violation", "violation", Severity::warning,
                            fmt::format("WhatsApp found a violation of its policy{}.", type.empty() ? "" : ": " + type),
                            "Stop what it is about: restrictions and a ban follow. " + std::string{appeal});
    finding.until = at + longest_sentence;
    return finding;
}

/// nullopt: it says nothing about how the account is.
std::optional<Findings> read_account_update(Json const& value, NewsFor const& to)
{
    auto const event = lower_word_at(value, "/event");
    if (event == "account_restriction")
        return read_restrictions(value, to.at);
    if (event == "disabled_update")
        return Findings{read_ban(value)};
    if (event == "account_violation")
        return Findings{read_violation(value, to.at)};
    if (event == "account_deleted")
        return Findings{standing({}, "deleted", Severity::error, "The WhatsApp Business Account was deleted.",
                                 "Register the number with another one, and correct waba_id and phone_number_id.")};
    if (event == "account_offboarded")
        return Findings{standing({}, "offboarded", Severity::error, "The account was taken off the Cloud API.", "Register the number again.")};
    if (event == "account_reconnected" || event == "verified_account")
        return Findings{standing({}, "connected", Severity::ok)};
    constexpr std::array<std::string_view, 4> who_may{"partner_added", "partner_removed", "partner_app_installed",
                                                      "partner_app_uninstalled"};
    if (std::find(who_may.begin(), who_may.end(), event) != who_may.end())
        return Findings{}; // whether our token still may do what it could is asked
    return std::nullopt;
}

// --- the others ---

/// The limit that holds for all numbers of a portfolio; the number's own is an older word.
void add_limit(Json const& value, bool alone, Findings& into)
{
    auto state = lower_word_at(value, "/max_daily_conversations_per_business");
    if (state.empty())
        state = lower_word_at(value, "/max_daily_conversation_per_phone");
    if (state.empty() && alone)
        state = lower_word_at(value, "/current_limit");
    if (!state.empty())
        into.push_back(limit_finding(std::move(state)));
}

std::optional<Findings> read_number_quality(Json const& value, NewsFor const& to)
{
    Findings found;
    add_limit(value, to.alone, found);
    auto const event = lower_word_at(value, "/event");
    if (to.alone && (event == "flagged" || event == "unflagged"))
        found.push_back(quality_finding(event));
    if (to.alone && event == "throughput_upgrade")
        found.push_back(HealthFinding{HealthAspect::throughput, "high"});
    if (event == "downgrade" && !found.empty() && found.front().aspect == HealthAspect::limit) {
        found.front().severity = Severity::warning;
        found.front().cause = "WhatsApp lowered how many customers may be written to first.";
        found.front().next_step = "Answer what customers complain about; the limit grows again with good quality.";
    }
    return found;
}

std::optional<Findings> read_number_name(Json const& value, NewsFor const& to)
{
    auto state = lower_word_at(value, "/decision");
    if (!to.alone || state.empty())
        return Findings{};
    return Findings{name_finding(std::move(state), told_at(value, "/rejection_reason"))};
}

std::optional<Findings> read_review(Json const& value, NewsFor const&)
{
    auto state = lower_word_at(value, "/decision");
    return state.empty() ? Findings{} : Findings{review_finding(std::move(state))};
}

std::optional<Findings> read_capability(Json const& value, NewsFor const& to)
{
    Findings found;
    add_limit(value, to.alone, found);
    return found;
}

struct SecurityWord {
    std::string_view event;
    std::string_view cause;
};
constexpr std::array<SecurityWord, 3> security_words{{
    {"pin_changed", "The PIN of two-step verification was changed"},
    {"pin_reset_request", "Somebody asked to have the PIN of two-step verification taken away"},
    {"pin_reset_success", "The PIN of two-step verification was taken away"},
}};

/// For every number of the account, with the one it is about: whoever takes over one has the others in reach.
HealthFinding read_security_event(Json const& value, Timestamp at)
{
    auto state = lower_word_at(value, "/event");
    auto const is_it = [&](SecurityWord const& one) { return one.event == state; };
    auto const row = std::find_if(security_words.begin(), security_words.end(), is_it);
    auto const number = channel::phone_digits(words_at(value, "/display_phone_number"));
    HealthFinding finding{HealthAspect::security, state.empty() ? "changed" : std::move(state), Severity::warning};
    finding.cause = row != security_words.end() ? row->cause : "Something about the security of the number changed";
    finding.cause += number.empty() ? "." : fmt::format(" (number +{}).", number);
    finding.next_step = "Make sure that it was one of you; else set a new PIN in WhatsApp Manager and look at who has access.";
    finding.until = at + security_stays;
    return finding;
}

/// Ones that only inform are recorded, and leave what warns as it is.
std::optional<Findings> read_alert(Json const& value, NewsFor const& to)
{
    if (lower_word_at(value, "/entity_type") == "phone_number" && name_at(value, "/entity_id") != to.account)
        return std::nullopt;
    auto const severity = lower_word_at(value, "/alert_info/alert_severity");
    HealthFinding finding{HealthAspect::alert, lower_word_at(value, "/alert_info/alert_status")};
    finding.subject = lower_word_at(value, "/alert_info/alert_type");
    if (finding.subject.empty() || severity == "informational" || severity.empty())
        return std::nullopt;
    if (finding.state.empty())
        finding.state = "active";
    if (finding.state == "active") {
        finding.severity = severity == "critical" ? Severity::error : Severity::warning;
        finding.cause = told_at(value, "/alert_info/alert_description");
        finding.next_step = std::string{appeal};
    }
    return Findings{std::move(finding)};
}

/// Errors beside messages that would pause the account if a send were answered with them: why is asked.
bool tells_of_refusal(Change const& change)
{
    if (change.account_number.empty())
        return false;
    auto const errors = read_errors(channel::array_at(change.value, "/errors"));
    return std::any_of(errors.begin(), errors.end(), [](ProviderError const& error) {
        auto const* row = error.code > 0 ? find_error(error.code) : nullptr;
        return row != nullptr && row->verdict == Verdict::pause;
    });
}

struct HealthField {
    std::string_view field;
    std::optional<Findings> (*read)(Json const&, NewsFor const&);
};
constexpr std::array<HealthField, 6> health_fields{{{"account_update", read_account_update},
                                                    {"account_alerts", read_alert},
                                                    {"account_review_update", read_review},
                                                    {"business_capability_update", read_capability},
                                                    {"phone_number_name_update", read_number_name},
                                                    {"phone_number_quality_update", read_number_quality}}};

} // namespace

std::optional<HealthNews> read_health_news(Change const& change, NewsFor const& to)
{
    if (tells_of_refusal(change))
        return HealthNews{};
    if (!to.ours)
        return std::nullopt;
    if (change.field == "security")
        return HealthNews{{read_security_event(change.value, change.at)}};
    auto const row = std::find_if(health_fields.begin(), health_fields.end(), [&](auto const& one) { return one.field == change.field; });
    auto found = row == health_fields.end() ? std::nullopt : row->read(change.value, to);
    return found ? std::optional{HealthNews{std::move(*found)}} : std::nullopt;
}

} // namespace deskbridge::whatsapp
