#include "health.hpp"

#include "access.hpp"
#include "contents.hpp"
#include "error_table.hpp"
#include "errors.hpp"
#include "health_answers.hpp"

#include "deskbridge/channel/url.hpp"

#include <algorithm>

namespace deskbridge::whatsapp {
namespace {

using channel::Account;
using channel::HealthContext;
using channel::HealthReport;
using channel::HealthStep;

/// All that Meta tells; a version of the API that does not know one of them refuses the whole question.
constexpr std::string_view all_fields = "id,display_phone_number,verified_name,quality_rating,name_status,status,throughput,"
                                        "messaging_limit_tier,health_status,webhook_configuration";
/// What every version knows.
constexpr std::string_view oldest_fields = "id,display_phone_number,verified_name,quality_rating";
constexpr int parameter_error = 100;

HttpRequest ask_number(Account const& account, Access const& access, std::string_view fields)
{
    return get_with(access, channel::join_url(account.setting("api_base"), {account.number}), {{"fields", fields}});
}

/// A token may look at itself. Nothing but the query takes it; the request goes to Meta alone, and no URL is ever logged.
HttpRequest ask_token(Account const& account, Access const& access)
{
    return get_with(access, channel::join_url(account.setting("api_base"), {"debug_token"}), {{"input_token", access.token}});
}

HttpRequest ask_subscription(Account const& account, Access const& access)
{
    return get_with(access, channel::join_url(account.setting("api_base"), {account.setting("waba_id"), "subscribed_apps"}));
}

/// What an app subscribes to only the app itself may read: with its id and its secret for a token, in the header, so that no URL has it.
std::vector<Access> accesses_of_app(Account const& account, std::string const& app)
{
    std::vector<Access> all;
    if (app.empty() || app.find_first_not_of("0123456789") != std::string::npos) // it goes into a header
        return all;
    for (auto const& secret : account.secret("app_secret"))
        all.push_back({app + "|" + secret, secret});
    return all;
}

HttpRequest ask_app(Account const& account, Access const& access, std::string const& app)
{
    return get_with(access, channel::join_url(account.setting("api_base"), {app, "subscriptions"}));
}

bool succeeded(HttpResponse const& answer)
{
    return answer.status >= 200 && answer.status < 300;
}

/// The answers in their order, as the questions take them.
class Answers {
public:
    explicit Answers(std::span<HttpResponse const> all) : all_{all} {}
    /// Null: the question is still to be asked.
    [[nodiscard]] HttpResponse const* take() { return at_ < all_.size() ? &all_[at_++] : nullptr; }

private:
    std::span<HttpResponse const> all_;
    std::size_t at_{0};
};

/// Is it a passing trouble of Meta's, and none of the account's? Then its report, of which nothing is to be concluded.
std::optional<HealthReport> passing(HttpResponse const& answer)
{
    auto const error = error_in(answer);
    auto const* row = error ? find_error(error->code) : nullptr;
    bool const waits = row != nullptr && (row->verdict == Verdict::wait || row->verdict == Verdict::wait_account);
    if (answer.status < 500 && answer.status != 429 && !waits)
        return std::nullopt;
    HealthReport report;
    report.problem = "WhatsApp did not say how the account is: " + words_of(answer);
    report.wait = channel::retry_after(answer).value_or(std::chrono::seconds{0});
    if (row != nullptr)
        report.wait = std::max(report.wait, row->asked);
    return report;
}

/// What is known about the number, by the first access that is good; without an answer: how it is to be asked.
struct Numbered {
    HttpResponse const* answer{nullptr};
    std::size_t access{0};
    std::string_view fields{all_fields};
};

Numbered about_number(std::vector<Access> const& accesses, Answers& answers)
{
    Numbered number{answers.take()};
    while (number.answer != nullptr) {
        auto const other = access_after(accesses, number.access, *number.answer);
        if (!other)
            break;
        number.access = *other;
        number.answer = answers.take();
    }
    auto const error = number.answer != nullptr ? error_in(*number.answer) : std::nullopt;
    if (error && error->code == parameter_error && !is_missing_object(*number.answer) && !is_proof_refused(*number.answer)) {
        number.fields = oldest_fields;
        number.answer = answers.take();
    }
    return number;
}

/// Who asks, with what.
struct Asking {
    Account const& account;
    HealthContext const& context;
    Access const& access;
};

HealthStep broken_off(HealthReport report, HealthReport trouble)
{
    report.problem = std::move(trouble.problem);
    report.wait = trouble.wait;
    return report;
}

/// What of the webhooks the app wants, and where.
HealthStep about_app(Asking const& by, Subscriber const& known, Answers& answers, HealthReport report)
{
    auto const accesses = accesses_of_app(by.account, known.app);
    if (accesses.empty()) {
        report.findings.push_back(unknown_app());
        return report;
    }
    std::size_t tried = 0;
    auto const* answer = answers.take();
    while (answer != nullptr) {
        auto const other = access_after(accesses, tried, *answer);
        if (!other)
            break;
        tried = *other;
        answer = answers.take();
    }
    if (answer == nullptr)
        return ask_app(by.account, accesses[tried], known.app);
    if (auto trouble = passing(*answer))
        return broken_off(std::move(report), std::move(*trouble));
    report.findings.push_back(read_app(*answer, known, by.context));
    return report;
}

/// The number is there, and the token is good: what that token may, and who gets the webhooks.
HealthStep about_access(Asking const& by, std::string const& called, Answers& answers, HealthReport report)
{
    auto const& [account, context, access] = by;
    auto const* about_token = answers.take();
    if (about_token == nullptr)
        return ask_token(account, access);
    if (auto trouble = passing(*about_token))
        return broken_off(std::move(report), std::move(*trouble));
    auto token = read_token(*about_token, context);
    report.findings.push_back(std::move(token.finding));
    Subscriber known{std::move(token.app), called};
    if (account.setting("waba_id").empty()) {
        report.findings.push_back(unknown_subscription(called, context));
        return about_app(by, known, answers, std::move(report));
    }
    auto const* apps = answers.take();
    if (apps == nullptr)
        return ask_subscription(account, access);
    if (auto trouble = passing(*apps))
        return broken_off(std::move(report), std::move(*trouble));
    if (known.called.empty())
        known.called = override_of(*apps, known.app);
    report.findings.push_back(read_subscription(*apps, known, context));
    return about_app(by, known, answers, std::move(report));
}

} // namespace

HealthStep check_health(Account const& account, HealthContext const& context, std::span<HttpResponse const> so_far)
{
    auto const accesses = accesses_of(account);
    if (accesses.empty())
        return HealthReport{{}, "the account has no access_token"};
    Answers answers{so_far};
    auto const number = about_number(accesses, answers);
    if (number.answer == nullptr)
        return ask_number(account, accesses[number.access], number.fields);
    if (auto trouble = passing(*number.answer))
        return std::move(*trouble);
    HealthReport report;
    if (!succeeded(*number.answer)) {
        report.findings.push_back(is_access_refused(*number.answer) ? refused_token(*number.answer) : refused_number(*number.answer));
        return report;
    }
    read_number(*number.answer, report.findings);
    return about_access({account, context, accesses[number.access]}, called_url(*number.answer), answers, std::move(report));
}

channel::HookProbe probe_hook(Account const& account, std::string_view hook_url, std::string_view word)
{
    auto const words = account.secret("verify_token");
    auto url = channel::with_query(std::string{hook_url}, {{"hub.mode", "subscribe"},
                                                           {"hub.challenge", word},
                                                           {"hub.verify_token", words.empty() ? std::string_view{} : words.front()}});
    return {HttpRequest{"GET", std::move(url), {}, {}}, std::string{word}};
}

} // namespace deskbridge::whatsapp
