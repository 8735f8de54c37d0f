#include "outbox_view.hpp"

#include "answers.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

#include <map>

namespace deskbridge::app {
namespace {

using nlohmann::ordered_json;

std::string error_of(ordered_json const& object)
{
    auto const error = object.find("error");
    if (error == object.end() || !error->is_object())
        return {};
    auto const code = text(*error, "code");
    auto const title = safe(text(*error, "title"));
    auto const sentence = safe(text(*error, "sentence"));
    if (!sentence.empty())
        return title.empty() && code.empty() ? sentence : fmt::format("{} ({}{}{})", sentence, title, title.empty() || code.empty() ? "" : ", ", code);
    return title + (code.empty() ? "" : fmt::format("{}({})", title.empty() ? "" : " ", code));
}

std::string why_of(ordered_json const& intent)
{
    auto const reason = safe(text(intent, "reason"));
    auto const error = error_of(intent);
    return reason.empty() || error.empty() ? reason + error : reason + ": " + error;
}

/// By which rule an attempt got its outcome.
std::string rule_of(std::string const& settled_by)
{
    static std::map<std::string, std::string, std::less<>> const rules{
        {"receipt", "by a receipt that named it"},
        {"presumption", "presumed not sent: receipts for later sends came, none for this one"},
        {"recovery", "the daemon stopped while it was on its way"},
        {"agent", "by somebody's word"}};
    auto const found = rules.find(settled_by);
    return found == rules.end() ? std::string{} : "  [" + found->second + "]";
}

/// "  [cost: free_service]"
std::string cost_of(ordered_json const& receipt)
{
    auto const price = receipt.find("price");
    return price == receipt.end() || price->is_null() ? std::string{} : "  [cost: " + safe(text(*price, "cost_class")) + "]";
}

void print_attempts(ordered_json const& part)
{
    for (auto const& attempt : part.at("attempts")) {
        auto const outcome = text(attempt, "outcome");
        auto const error = error_of(attempt);
        fmt::print("    attempt {} {}  {}{}{}\n", text(attempt, "n"), clock_of(text(attempt, "begun_at")),
                   outcome.empty() ? "on its way" : outcome, error.empty() ? "" : ": " + error, rule_of(text(attempt, "settled_by")));
    }
    for (auto const& receipt : part.at("receipts")) {
        auto const error = error_of(receipt);
        fmt::print("    receipt   {}  {}{}{}\n", clock_of(text(receipt, "at")), text(receipt, "status"), error.empty() ? "" : ": " + error,
                   cost_of(receipt));
    }
}

void print_part(ordered_json const& part, std::size_t parts)
{
    fmt::print("\n{}it {}\n", parts > 1 ? fmt::format("part {} of {}: ", number(part, "part") + 1, parts) : "",
               safe(text(part, "stands")));
    for (auto const& other : part.at("behind"))
        fmt::print("    behind    message {} ({})\n", text(other, "message"), text(other, "state"));
    print_attempts(part);
    if (!text(part, "external_id").empty())
        fmt::print("    provider  {}\n", safe(text(part, "external_id")));
    if (!text(part, "not_after").empty())
        fmt::print("    gives up  {}\n", clock_of(text(part, "not_after")));
}

void print_history(ordered_json const& detail)
{
    auto const& history = detail.at("history");
    if (history.empty())
        return;
    fmt::print("\nwhat happened (UTC):\n");
    for (auto const& done : history) {
        auto const who = text(done, "by");
        fmt::print("    {}  {:<18} {:<14} {}\n", clock_of(text(done, "at")), text(done, "type"), who.empty() ? "Deskbridge" : safe(who),
                   safe(done.at("data").dump()));
    }
}

} // namespace

std::string next_step_of(std::string const& delivery, std::string const& message)
{
    auto const resolve = fmt::format("deskbridge outbox resolve {} --sent (or --not-sent, or --resend)", message);
    if (delivery == "unknown")
        return "it may have reached the customer: wait for the provider's word, or say what is true: " + resolve;
    if (delivery == "held")
        return "nobody knows whether it arrived; ask the customer or look at the phone, then say what is true: " + resolve;
    if (delivery == "kept")
        return fmt::format("the reply window is closed; it waits for the customer's next message: deskbridge outbox keep {0} lets it go "
                           "then, deskbridge outbox cancel {0} takes it back", message);
    if (delivery == "refused" || delivery == "expired" || delivery == "failed")
        return fmt::format("the customer does not have it; write again, or deskbridge outbox retry {}", message);
    return {};
}

std::vector<std::string> outbox_row_head()
{
    return {"MESSAGE", "TICKET", "ACCOUNT", "CONTACT", "CLASS", "STATE", "AGE", "ATTEMPTS", "NEXT (UTC)", "WHY"};
}

std::vector<std::string> outbox_row(ordered_json const& intent)
{
    auto const part = number(intent, "part");
    auto const ticket = text(intent, "ticket");
    auto const contact = safe(text(intent, "contact"));
    return {text(intent, "message") + (part > 0 ? fmt::format("+{}", part) : ""),
            ticket.empty() ? "-" : "#" + ticket,
            fit(safe(text(intent, "account")), 16),
            fit(or_dash(contact), 20),
            text(intent, "class"),
            text(intent, "delivery"),
            age_of(text(intent, "created_at")),
            text(intent, "attempt_count"),
            or_dash(clock_of(text(intent, "next_at"))),
            why_of(intent)};
}

void print_outbox_summary(ordered_json const& page)
{
    for (auto const& account : page.at("paused"))
        fmt::print("! {}\n", paused_in_words(text(account, "name"), account.at("paused")));
    for (auto const& account : page.at("resting"))
        fmt::print("! {} sends {} until {} ({})\n", safe(text(account, "account")), text(account, "reason") == "complaints" ? "no templates" : "nothing",
                   moment_in_words(text(account, "until")), text(account, "reason"));
    std::string open;
    for (auto const& [state, count] : page.at("counts").items())
        if (count.is_number_integer() && count.get<std::int64_t>() > 0)
            open += fmt::format("{}{} {}", open.empty() ? "" : ", ", count.get<std::int64_t>(), state);
    auto const doubt = age_of(text(page, "oldest_unknown"));
    fmt::print("open: {}{}\n", open.empty() ? "nothing" : open,
               doubt.empty() ? "" : "; the longest in doubt for " + (doubt == "now" ? "less than a minute" : doubt));
}

void print_outbox_detail(ordered_json const& detail)
{
    auto const& message = detail.at("message");
    auto const ticket = text(detail, "ticket");
    auto const author = message.contains("author") ? safe(text(message.at("author"), "name")) : std::string{};
    fmt::print("message {}  {}  {}{}  {}  {}\n", text(message, "id"), text(detail, "account"), ticket.empty() ? "no ticket" : "ticket #",
               ticket, moment_in_words(text(message, "at")),
               author.empty() ? "Deskbridge: " + text(message, "purpose") : author);
    print_paragraph(text(message, "text"));
    auto const& parts = detail.at("parts");
    for (auto const& part : parts)
        print_part(part, parts.size());
    if (auto const step = next_step_of(text(detail, "delivery"), text(message, "id")); !step.empty())
        fmt::print("\n! {}\n", step);
    print_history(detail);
}

} // namespace deskbridge::app
