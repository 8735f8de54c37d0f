#pragma once

#include "contents.hpp"
#include "health.hpp"

namespace deskbridge::whatsapp {

// What the answers to the questions of `check_health` say. Sources stand there.

/// The error of an answer in Meta's format.
[[nodiscard]] std::optional<ProviderError> error_in(HttpResponse const& answer);
/// What the answer says instead of what was asked: Meta's own words and its code, or the status.
[[nodiscard]] std::string words_of(HttpResponse const& answer);
/// Is it that the number does not exist, or that the token may not see it?
[[nodiscard]] bool is_missing_object(HttpResponse const& answer);

[[nodiscard]] HealthFinding refused_token(HttpResponse const& answer);
[[nodiscard]] HealthFinding refused_number(HttpResponse const& answer);

/// The fields of the number: one finding each, as far as they are there.
void read_number(HttpResponse const& answer, std::vector<HealthFinding>& into);
/// Where the number's webhooks go, as its fields have it: its own URL, else the WhatsApp Business Account's, else the app's. "": not told.
[[nodiscard]] std::string called_url(HttpResponse const& answer);

struct TokenKnown {
    HealthFinding finding;
    std::string app; ///< the id of the Meta app that the token is of; "": unknown
};
/// The token has just been good enough to ask with.
[[nodiscard]] TokenKnown read_token(HttpResponse const& answer, channel::HealthContext const& context);

/// What is known already when it is asked who gets the webhooks.
struct Subscriber {
    std::string app;    ///< ours; "": unknown
    std::string called; ///< as `called_url`; else as `override_of`
};
/// The URL that the WhatsApp Business Account has for our app in place of the app's own; "": none, or it is not told.
[[nodiscard]] std::string override_of(HttpResponse const& answer, std::string_view app);
[[nodiscard]] HealthFinding read_subscription(HttpResponse const& answer, Subscriber const& known, channel::HealthContext const& context);
/// The account does not say its WhatsApp Business Account.
[[nodiscard]] HealthFinding unknown_subscription(std::string const& called, channel::HealthContext const& context);

/// What the app subscribes to: is it at all, to which fields, and where they go.
[[nodiscard]] HealthFinding read_app(HttpResponse const& answer, Subscriber const& known, channel::HealthContext const& context);
/// Which app it is is not known, or its secret.
[[nodiscard]] HealthFinding unknown_app();

// What several of them say. (health_answers.cpp)

[[nodiscard]] Json body_of(HttpResponse const& answer);
/// What is wrong with where the webhooks go; nullopt: nothing, or nobody can tell.
[[nodiscard]] std::optional<HealthFinding> misdirected(std::string const& called, channel::HealthContext const& context);
/// A URL without what may be a secret in it.
[[nodiscard]] std::string shown_url(std::string const& url);

} // namespace deskbridge::whatsapp
