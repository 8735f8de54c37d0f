#include "health.hpp"

#include "answers.hpp"
#include "api.hpp"

#include "deskbridge/channel/json.hpp"
#include "deskbridge/core/text.hpp"

#include <fmt/format.h>

namespace deskbridge::telegram {
namespace {

using channel::HealthContext;
using channel::HealthReport;

constexpr std::size_t longest_words = 300;
constexpr std::chrono::hours failure_counts{1}; ///< Telegram tries again for a day: what failed before may have come since

HealthFinding refused_token(HttpResponse const& answer)
{
    return HealthFinding{HealthAspect::token, "refused", Severity::error,
                         fmt::format("Telegram refuses the bot's token: {}", shorten(read_refusal(answer).description, longest_words)),
                         "Ask BotFather for the bot's token, put it where bot_token is read from, and reload (SIGHUP)."};
}

/// Of an answer that is neither what was asked for nor about the token.
HealthReport trouble(HttpResponse const& answer, HealthReport report)
{
    auto const refusal = read_refusal(answer);
    report.problem = refusal.told ? fmt::format("Telegram did not say how the bot is: {} (error {})",
                                                shorten(refusal.description, longest_words), refusal.code)
                                  : fmt::format("Telegram did not say how the bot is: it answered {}", answer.status);
    report.wait = refusal.asked;
    return report;
}

HealthFinding badly_subscribed(std::string state, Severity severity, std::string cause, std::string next_step)
{
    return HealthFinding{HealthAspect::subscription, std::move(state), severity, std::move(cause), std::move(next_step)};
}

std::string_view without_slash(std::string_view url)
{
    return url.ends_with('/') ? url.substr(0, url.size() - 1) : url;
}

/// What Telegram says about a delivery that failed a moment ago; nullopt: none did.
std::optional<HealthFinding> failing(channel::Json const& info, Timestamp now)
{
    auto const failed_s = channel::int_at(info, "/last_error_date").value_or(0);
    auto const waiting = channel::int_at(info, "/pending_update_count").value_or(0);
    if (failed_s <= 0 || failed_s >= to_ms(now) || from_ms(failed_s * 1000) + failure_counts < now || waiting == 0)
        return std::nullopt;
    auto const words = shorten(clean_text(channel::text_at(info, "/last_error_message").value_or("")), longest_words);
    return badly_subscribed("failing", Severity::error,
                            fmt::format("Telegram cannot deliver, and {} updates wait: {}", waiting,
                                        words.empty() ? "it does not say why" : words),
                            "See that [server] public_url leads here from outside: certificate, reverse proxy, firewall; and that "
                            "webhook_secret is the one that setWebhook was told.");
}

HealthFinding fetched(std::string const& url)
{
    if (url.empty())
        return HealthFinding{HealthAspect::subscription, "fetched"};
    return badly_subscribed("webhook_set", Severity::error, "A webhook is set, so Telegram refuses to be asked for updates.",
                            "Call deleteWebhook, or leave out updates = \"poll\".");
}

HealthFinding subscription(channel::Account const& account, channel::Json const& info, HealthContext const& context)
{
    auto const url = channel::text_at(info, "/url").value_or("");
    if (account.setting("updates") == "poll")
        return fetched(url);
    if (url.empty())
        return badly_subscribed("missing", Severity::error, "The bot has no webhook: nothing comes in.",
                                "Call setWebhook with this hook's URL and webhook_secret as secret_token.");
    if (auto found = failing(info, context.now))
        return std::move(*found);
    if (!context.hook_url.empty() && without_slash(url) != without_slash(context.hook_url))
        return badly_subscribed("elsewhere", Severity::warning,
                                fmt::format("Telegram delivers to {}, and not to {}.", clean_text(url.substr(0, url.find('?'))),
                                            context.hook_url),
                                "Call setWebhook with this hook's URL, or correct [server] public_url.");
    return HealthFinding{HealthAspect::subscription, "subscribed"};
}

} // namespace

channel::HealthStep check_health(channel::Account const& account, HealthContext const& context, std::span<HttpResponse const> so_far)
{
    auto const tokens = tokens_of(account);
    if (tokens.empty())
        return HealthReport{{}, "the account has no bot_token of its bot"};
    std::size_t token = 0;
    while (token < so_far.size() && is_token_refused(so_far[token]) && token + 1 < tokens.size())
        ++token;
    auto const answers = so_far.subspan(token); // those before it were refused
    if (answers.empty())
        return call(account, tokens[token], "getMe", "{}");
    HealthReport report;
    auto const me = channel::read_json(answers[0].body);
    if (is_token_refused(answers[0])) {
        report.findings.push_back(refused_token(answers[0]));
        return report;
    }
    if (answers[0].status != 200 || !me || channel::object_at(*me, "/result") == nullptr)
        return trouble(answers[0], std::move(report));
    report.findings = {HealthFinding{HealthAspect::number, "there"}, HealthFinding{HealthAspect::token, "good"}};
    if (answers.size() == 1)
        return call(account, tokens[token], "getWebhookInfo", "{}");
    auto const info = channel::read_json(answers[1].body);
    auto const* result = info ? channel::object_at(*info, "/result") : nullptr;
    if (answers[1].status != 200 || result == nullptr)
        return trouble(answers[1], std::move(report));
    report.findings.push_back(subscription(account, *result, context));
    return report;
}

} // namespace deskbridge::telegram
