#pragma once

#include "deskbridge/core/message_template.hpp"
#include "deskbridge/desk/caller.hpp"
#include "deskbridge/store/account.hpp"
#include "deskbridge/store/account_health.hpp"
#include "deskbridge/store/cost.hpp"
#include "deskbridge/store/ticket_view.hpp"

#include <optional>
#include <string>
#include <vector>

/// How an account is at its provider: looking at it, having it asked, and sending a message to try the way.
/// An account is named as in the configuration, or by its id.
namespace deskbridge::desk {

/// What an account's messages cost in a calendar month (UTC), as far as the provider's receipts have told.
struct MonthCosts {
    std::string month;        ///< "2026-11"
    store::CostCounts messages; ///< by `cost_class`
    int free_quota{0};        ///< service messages that cost nothing; 0: the channel has no such quota, or is not known any more
};

struct AccountCard {
    store::AccountRow account;
    MonthCosts costs;
};

struct AccountHealth {
    store::AccountRow account;
    MonthCosts costs;                            ///< of this month
    std::vector<store::HealthRow> aspects;       ///< in the order of `HealthAspect`
    store::AccountCheck check;
    std::string cannot;                          ///< why the provider cannot be asked; empty: it can
    std::optional<Timestamp> last_inbound;       ///< when the newest message of a customer came
};

/// Facts with their times. Errors: not_found (the account).
struct ShowHealth {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = true;
    using Answer = AccountHealth;
    std::string account{};
};

/// The provider is asked now; `ShowHealth` tells what came of it. With `hook` our own hook is called too, as the provider calls it.
/// Errors: not_found (the account), conflict (its channel cannot be asked; it is not configured any more).
struct VerifyAccount {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = false;
    using Answer = AccountHealth;
    std::string account{};
    bool hook{false};
};

/// A message through the outbox, into the chat of somebody who has written to this account before; in no ticket. Errors: not_found (the
/// account), malformed (no such person here, the text, the template and its values as for `SendTemplate`), conflict (the reply window is
/// closed and no template is named, the account is not configured any more, its channel knows no numbers).
struct TestAccount {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = false;
    using Answer = store::TimelineItem;
    std::string account{};
    std::string to{};       ///< as people write it: "+49 151 23456789"
    std::string text{};     ///< without a template
    std::string name{};     ///< of a template; empty: a text
    std::string language{};
    TemplateValues values{};
    std::string client_key{};
};

} // namespace deskbridge::desk
