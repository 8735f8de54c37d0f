#include "health_answers.hpp"
#include "webhook_fields.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace deskbridge::whatsapp {
namespace {

constexpr std::string_view our_object = "whatsapp_business_account";
constexpr std::string_view tick = "Tick them in the app's dashboard, WhatsApp, Configuration, Webhook fields.";

/// Beside the account's own subscription: the account gives its webhooks to the app, and the app wants these.
HealthFinding app_finding(std::string state, Severity severity = Severity::ok, std::string cause = {}, std::string_view next_step = {})
{
    return HealthFinding{HealthAspect::subscription, std::move(state), severity, std::move(cause), std::string{next_step}, {}, "app"};
}

/// Meta lists them as objects with a name and a version; older pages show bare names.
bool has_field(Json const& subscription, std::string_view name)
{
    auto const* list = channel::array_at(subscription, "/fields");
    return list != nullptr && std::any_of(list->begin(), list->end(), [&](Json const& one) {
               return one.is_string() ? one.get_ref<std::string const&>() == name : name_at(one, "/name") == name;
           });
}

/// "security (a PIN that was changed …); calls (…)" of those that are not there.
std::string missing(Json const& subscription, Need need)
{
    std::string all;
    for (auto const& field : webhook_fields())
        if (field.need == need && !has_field(subscription, field.name))
            all += fmt::format("{}{} ({})", all.empty() ? "" : "; ", field.name, field.tells);
    return all;
}

HealthFinding judge_fields(Json const& subscription)
{
    auto const vital = missing(subscription, Need::always);
    auto const wanted = missing(subscription, Need::wanted);
    if (!vital.empty())
        return app_finding("messages_missing", Severity::error, fmt::format("The app does not subscribe to {}: nothing comes in.", vital), tick);
    if (!wanted.empty())
        return app_finding("fields_missing", Severity::warning, fmt::format("The app does not subscribe to what tells: {}.", wanted), tick);
    return app_finding("complete");
}

/// What an override does not move always goes to the app's own URL.
std::optional<HealthFinding> judge_url(std::string const& url, Subscriber const& known, channel::HealthContext const& context)
{
    auto found = misdirected(url, context);
    if (!found || misdirected(known.called, context)) // that is said already
        return std::nullopt;
    found->subject = "app";
    if (known.called.empty())
        return found;
    return app_finding("overridden", Severity::ok,
                       fmt::format("Messages come here by an override; what tells of the account and its templates goes to {}.", shown_url(url)),
                       "If that is to come here, too, correct the callback URL in the app's dashboard.");
}

} // namespace

HealthFinding read_app(HttpResponse const& answer, Subscriber const& known, channel::HealthContext const& context)
{
    auto const body = body_of(answer);
    auto const* objects = channel::array_at(body, "/data");
    if (objects == nullptr)
        return app_finding("unknown", Severity::warning, "WhatsApp does not tell what the app subscribes to: " + words_of(answer),
                           "See that app_secret is the secret of the app that access_token is of.");
    auto const ours = std::find_if(objects->begin(), objects->end(), [](Json const& one) { return name_at(one, "/object") == our_object; });
    if (ours == objects->end())
        return app_finding("missing", Severity::error, "The app subscribes to no webhooks of WhatsApp: nothing comes in.",
                           "Enter the callback URL in the app's dashboard, WhatsApp, Configuration, and tick the webhook fields.");
    if (channel::bool_at(*ours, "/active") == false)
        return app_finding("inactive", Severity::error, "The app's webhooks are switched off: nothing comes in.",
                           "Save the callback URL in the app's dashboard, WhatsApp, Configuration, once more.");
    auto by_fields = judge_fields(*ours);
    if (by_fields.severity == Severity::error)
        return by_fields;
    auto by_url = judge_url(words_at(*ours, "/callback_url"), known, context);
    return by_url && by_url->severity >= by_fields.severity ? std::move(*by_url) : std::move(by_fields);
}

HealthFinding unknown_app()
{
    return app_finding("not_asked", Severity::ok, "Which app the token is of is not known, or its secret: what it subscribes to cannot be asked.",
                       "Make access_token a token of the app that app_secret is of.");
}

} // namespace deskbridge::whatsapp
