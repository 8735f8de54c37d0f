#include "standing.hpp"
#include "work.hpp"

#include "deskbridge/core/text.hpp"

#include <algorithm>

namespace deskbridge::desk {

namespace {

constexpr std::size_t max_reason = 300; // characters

} // namespace

store::AccountRow named_account(store::Reading& reading, std::string_view word, Fault otherwise)
{
    auto const accounts = store::load_accounts(reading);
    auto const named = [&](store::AccountRow const& account) { return account.as.name == word; };
    auto const configured = [&](store::AccountRow const& account) { return account.configured && named(account); };
    auto const numbered = [&](store::AccountRow const& account) { return std::to_string(account.id.value) == word; };
    auto found = std::find_if(accounts.begin(), accounts.end(), configured); // names are unique among the configured ones alone
    if (found == accounts.end())
        found = std::find_if(accounts.begin(), accounts.end(), named);
    if (found == accounts.end())
        found = std::find_if(accounts.begin(), accounts.end(), numbered);
    if (found != accounts.end())
        return *found;
    std::string known;
    for (auto const& account : accounts)
        if (account.configured)
            known += (known.empty() ? "" : ", ") + account.as.name;
    fail(otherwise, "no account has the name or id \"" + shorten(clean_text(word), 60) + "\"; there is " + (known.empty() ? "none" : known));
}

MonthCosts month_costs(store::Reading& reading, Desk::Parts const& parts, AccountId account)
{
    MonthCosts costs{month_of(parts.clock.now()), {}, 0};
    costs.messages = store::costs_of(reading, account, costs.month);
    if (auto const* context = channel::find_account(parts.accounts, account))
        costs.free_quota = context->adapter->capabilities(context->account).free_messages_a_month;
    return costs;
}

std::string checked_reason(std::string_view text)
{
    auto reason = checked_text(text);
    std::replace(reason.begin(), reason.end(), '\n', ' ');
    if (graphemes(reason).size() > max_reason)
        fail(Fault::malformed, "the reason is longer than 300 characters");
    return reason;
}

store::AccountRow act(Work& work, PauseAccount const& request)
{
    auto const account = named_account(work.tx, request.account, Fault::not_found);
    auto const reason = checked_reason(request.reason);
    // Deskbridge ends a pause by itself that it made by itself; this one must last.
    if (account.paused && account.paused->by == store::PausedBy::provider)
        (void)store::resume_account(work.tx, account.id, work.actor(), work.now);
    else if (account.paused)
        fail(Fault::conflict, "account " + account.as.name + " is paused already since " + in_words(account.paused->at) + ": " +
                                  account.paused->reason);
    (void)store::pause_account(work.tx, account.id, {store::PausedBy::agent, reason, work.now}, work.actor());
    return named_account(work.tx, std::to_string(account.id.value), Fault::storage);
}

store::AccountRow act(Work& work, ResumeAccount const& request)
{
    auto const account = named_account(work.tx, request.account, Fault::not_found);
    if (!store::resume_account(work.tx, account.id, work.actor(), work.now))
        fail(Fault::conflict, "account " + account.as.name + " is not paused");
    work.queued = true; // what waited may go
    return named_account(work.tx, std::to_string(account.id.value), Fault::storage);
}

} // namespace deskbridge::desk
