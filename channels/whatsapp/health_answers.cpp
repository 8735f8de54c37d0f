#include "health_answers.hpp"

#include "contents.hpp"
#include "error_table.hpp"
#include "errors.hpp"

#include "deskbridge/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace deskbridge::whatsapp {
namespace {

constexpr std::chrono::hours token_warning{14 * 24}; ///< a colleague who may make a new token may be on holiday

// --- the number ---

struct NumberState {
    std::string_view state;
    Severity severity;
    std::string_view cause;
    std::string_view next_step;
};
constexpr std::string_view register_again = "Register the number: POST /{phone_number_id}/register, with its PIN.";
constexpr std::string_view see_manager = "Look in WhatsApp Manager, Account tools, Phone numbers.";
constexpr std::array<NumberState, 9> number_states{{
    {"connected", Severity::ok, {}, {}},
    {"pending", Severity::error, "The number is not registered yet: nothing comes and nothing goes.", register_again},
    {"unverified", Severity::error, "The number is not verified yet.", "Verify it in WhatsApp Manager, then register it."},
    {"disconnected", Severity::error, "The number is not registered any more: nothing comes and nothing goes.", register_again},
    {"deleted", Severity::error, "The number was deleted.", "Add it again, and correct phone_number_id."},
    {"migrated", Severity::error, "The number was moved to another WhatsApp Business Account.", "Correct phone_number_id and waba_id."},
    {"banned", Severity::error, "WhatsApp banned the number.", "Ask for a review in Meta's Business Support Home."},
    {"restricted", Severity::warning, "WhatsApp restricts the number: it has reached its limit of customers to write to first.",
     see_manager},
    {"flagged", Severity::warning, "WhatsApp flagged the number because of its quality.", see_manager},
}};

HealthFinding number_finding(std::string state)
{
    HealthFinding finding{HealthAspect::number, std::move(state)};
    auto const is_it = [&](NumberState const& one) { return one.state == finding.state; };
    auto const row = std::find_if(number_states.begin(), number_states.end(), is_it);
    if (row == number_states.end())
        return finding;
    finding.severity = row->severity;
    finding.cause = row->cause;
    finding.next_step = row->next_step;
    return finding;
}

/// Of all that are in the way the first: Meta lists the number before the account before the business.
void explain_sending(Json const& entities, HealthFinding& into)
{
    for (auto const& entity : entities) {
        if (lower_word_at(entity, "/can_send_message") == "available")
            continue;
        into.cause = told_at(entity, "/errors/0/error_description");
        into.next_step = told_at(entity, "/errors/0/possible_solution");
        if (into.cause.empty())
            into.cause = told_at(entity, "/additional_info/0");
        if (!into.cause.empty())
            return;
    }
}

HealthFinding sending_finding(Json const& status)
{
    HealthFinding finding{HealthAspect::sending, lower_word_at(status, "/can_send_message")};
    finding.severity = finding.state == "blocked" ? Severity::error : finding.state == "limited" ? Severity::warning : Severity::ok;
    auto const* entities = channel::array_at(status, "/entities");
    if (finding.severity != Severity::ok && entities != nullptr)
        explain_sending(*entities, finding);
    if (finding.severity != Severity::ok && finding.cause.empty())
        finding.cause = "WhatsApp does not let the number send everything.";
    return finding;
}

// --- who is called ---

std::string_view without_slash(std::string_view url)
{
    return url.ends_with('/') ? url.substr(0, url.size() - 1) : url;
}

HealthFinding not_subscribed(std::string cause)
{
    return HealthFinding{HealthAspect::subscription, "missing", Severity::error, std::move(cause),
                         "Subscribe the app: POST /{waba_id}/subscribed_apps with this account's token."};
}

/// Our app in the list of those that are subscribed; null: it is not there.
Json const* find_app(Json const& apps, std::string_view app)
{
    auto const is_it = [&](Json const& one) { return app.empty() || name_at(one, "/whatsapp_business_api_data/id") == app; };
    auto const found = std::find_if(apps.begin(), apps.end(), is_it);
    return found == apps.end() ? nullptr : &*found;
}

} // namespace

Json body_of(HttpResponse const& answer)
{
    auto body = channel::read_json(answer.body);
    return body ? std::move(*body) : Json::object();
}

std::string shown_url(std::string const& url)
{
    return url.substr(0, url.find('?'));
}

std::optional<HealthFinding> misdirected(std::string const& called, channel::HealthContext const& context)
{
    if (called.empty() || context.hook_url.empty() || without_slash(called) == without_slash(context.hook_url))
        return std::nullopt;
    return HealthFinding{HealthAspect::subscription, "elsewhere", Severity::warning,
                         fmt::format("WhatsApp delivers this number's webhooks to {}, and not to {}.", shown_url(called), context.hook_url),
                         "Correct the callback URL in the app's dashboard, the override of the account or the number, or [server] "
                         "public_url if that is only another name for this place."};
}

std::optional<ProviderError> error_in(HttpResponse const& answer)
{
    if (answer.status < 400)
        return std::nullopt;
    auto const body = body_of(answer);
    auto errors = read_errors(channel::object_at(body, "/error"));
    return errors.empty() ? std::nullopt : std::optional{std::move(errors.front())};
}

std::string words_of(HttpResponse const& answer)
{
    auto const error = error_in(answer);
    if (!error)
        return fmt::format("it answered {}", answer.status);
    return fmt::format("{} (error {})", shorten(error->detail.empty() ? error->title : error->detail, longest_words), error->code);
}

bool is_missing_object(HttpResponse const& answer)
{
    return channel::loose_int_at(body_of(answer), "/error/error_subcode") == 33;
}

HealthFinding refused_token(HttpResponse const& answer)
{
    if (is_proof_refused(answer))
        return HealthFinding{HealthAspect::token, "proof_refused", Severity::error, std::string{refused_proof().why},
                             "Compare app_secret with App settings, Basic, of the app that the token's system user is assigned to; put it "
                             "right and reload (SIGHUP)."};
    return HealthFinding{HealthAspect::token, "refused", Severity::error, "WhatsApp refuses the access token: " + words_of(answer),
                         "Make a new token of the system user in Meta's business settings, put it where access_token is read from, and "
                         "reload (SIGHUP)."};
}

HealthFinding refused_number(HttpResponse const& answer)
{
    return HealthFinding{HealthAspect::number, "unreachable", Severity::error, "WhatsApp does not show the number: " + words_of(answer),
                         "Compare phone_number_id with WhatsApp Manager; see that the token has whatsapp_business_management and "
                         "whatsapp_business_messaging, and that the account is assigned to its system user."};
}

void read_number(HttpResponse const& answer, std::vector<HealthFinding>& into)
{
    auto const body = body_of(answer);
    auto status = lower_word_at(body, "/status");
    into.push_back(number_finding(status.empty() ? "there" : std::move(status)));
    if (auto const* health = channel::object_at(body, "/health_status"))
        into.push_back(sending_finding(*health));
    if (auto quality = lower_word_at(body, "/quality_rating"); !quality.empty())
        into.push_back(quality_finding(std::move(quality)));
    if (auto name = lower_word_at(body, "/name_status"); !name.empty())
        into.push_back(name_finding(std::move(name), {}));
    if (auto limit = lower_word_at(body, "/messaging_limit_tier"); !limit.empty())
        into.push_back(limit_finding(std::move(limit)));
    if (auto level = lower_word_at(body, "/throughput/level"); !level.empty())
        into.push_back(HealthFinding{HealthAspect::throughput, std::move(level)});
}

std::string called_url(HttpResponse const& answer)
{
    auto const body = body_of(answer);
    for (std::string_view const place : {"/webhook_configuration/phone_number", "/webhook_configuration/whatsapp_business_account",
                                         "/webhook_configuration/application"})
        if (auto url = words_at(body, place); !url.empty())
            return url;
    return {};
}

TokenKnown read_token(HttpResponse const& answer, channel::HealthContext const& context)
{
    TokenKnown known{{HealthAspect::token, "good"}, {}};
    auto& finding = known.finding;
    auto const body = body_of(answer);
    auto const* data = channel::object_at(body, "/data");
    if (data == nullptr)
        return known; // not every token may look at itself; that it is good is known
    known.app = name_at(*data, "/app_id");
    auto const ends = time_at(*data, "/expires_at", Timestamp{}); // 0: never
    if (ends != Timestamp{})
        finding.until = ends;
    if (ends != Timestamp{} && ends <= context.now + token_warning) {
        finding.state = "ends_soon";
        finding.severity = Severity::warning;
        finding.cause = "The access token ends soon; then nothing can be sent.";
        finding.next_step = "Make one of a system user that never ends, put it where access_token is read from, and reload (SIGHUP).";
    }
    if (auto const* scopes = channel::array_at(*data, "/scopes"); scopes != nullptr && !scopes->empty())
        for (std::string_view const wanted : {"whatsapp_business_management", "whatsapp_business_messaging"})
            if (std::find(scopes->begin(), scopes->end(), Json(wanted)) == scopes->end()) {
                finding.state = "lacks_permission";
                finding.severity = wanted == "whatsapp_business_messaging" ? Severity::error : Severity::warning;
                finding.cause = fmt::format("The access token lacks the permission {}.", wanted);
                finding.next_step = "Make a token with it, put it where access_token is read from, and reload (SIGHUP).";
            }
    return known;
}

HealthFinding read_subscription(HttpResponse const& answer, Subscriber const& known, channel::HealthContext const& context)
{
    auto const body = body_of(answer);
    auto const* apps = channel::array_at(body, "/data");
    if (apps == nullptr)
        return HealthFinding{HealthAspect::subscription, "unknown", Severity::warning,
                             "WhatsApp does not tell who gets the webhooks: " + words_of(answer),
                             "See that the token has whatsapp_business_management, and that waba_id is right."};
    if (apps->empty())
        return not_subscribed("No app is subscribed to the WhatsApp Business Account: nothing comes in.");
    if (find_app(*apps, known.app) == nullptr)
        return not_subscribed("Other apps are subscribed to the WhatsApp Business Account, and the token's app is not: nothing comes in.");
    return misdirected(known.called, context).value_or(HealthFinding{HealthAspect::subscription, "subscribed"});
}

std::string override_of(HttpResponse const& answer, std::string_view app)
{
    auto const body = body_of(answer);
    auto const* apps = channel::array_at(body, "/data");
    auto const* ours = apps != nullptr ? find_app(*apps, app) : nullptr;
    return ours != nullptr ? words_at(*ours, "/override_callback_uri") : std::string{};
}

HealthFinding unknown_subscription(std::string const& called, channel::HealthContext const& context)
{
    if (auto elsewhere = misdirected(called, context))
        return std::move(*elsewhere);
    return HealthFinding{HealthAspect::subscription, "not_asked", Severity::ok,
                         "The account has no waba_id, so who gets its webhooks cannot be asked.", "Add waba_id to the account."};
}

} // namespace deskbridge::whatsapp
