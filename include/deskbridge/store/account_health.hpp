#pragma once

#include "deskbridge/core/account_health.hpp"
#include "deskbridge/core/silence.hpp"
#include "deskbridge/core/ticket.hpp"
#include "deskbridge/store/store.hpp"

#include <optional>
#include <string>
#include <vector>

/// How each account is: what providers told and what we found out, one row for each aspect; when its provider is asked; and how many
/// customers' messages came in which hour.
namespace deskbridge::store {

struct HealthRow {
    AccountId account{};
    HealthFinding as;
    HealthSource source{HealthSource::check};
    Timestamp since{};    ///< when it came to be as it is
    Timestamp told_at{};  ///< of the latest word, by the clock of who told it
    Timestamp heard_at{}; ///< and by ours
};

/// Where a finding comes from.
struct Told {
    HealthSource source{HealthSource::check};
    Timestamp at{};       ///< by the clock of who tells it
    Timestamp heard_at{}; ///< by ours
};

/// By aspect, in the order of `HealthAspect`.
[[nodiscard]] std::vector<HealthRow> health_of(Reading& reading, AccountId account);
/// Of all accounts of the configuration.
[[nodiscard]] std::vector<HealthRow> load_health(Reading& reading);

/// The aspect is so now. What is older than the latest word about it changes nothing. `account.health_changed` if it has another state or
/// severity than before, or is not well at first sight. Answers whether it has.
bool apply_finding(Tx& tx, AccountId account, HealthFinding const& finding, Told const& told);
/// Restrictions and the like whose time is over become "over". Answers how many.
int end_what_is_over(Tx& tx, AccountId account, Timestamp now);

/// How one account of the configuration is, by its worst aspect.
struct AccountMark {
    std::string name;
    Severity worst{Severity::ok};
    bool silent{false};
};
/// All of them, by name.
[[nodiscard]] std::vector<AccountMark> mark_accounts(Reading& reading);

// --- asking the provider ---

struct AccountCheck {
    std::optional<Timestamp> checked_at{}; ///< when all was asked last; nullopt: never
    std::optional<Timestamp> tried_at{};
    Timestamp next_at{};                   ///< when it is asked
    bool with_hook{false};                 ///< our own hook is called too
    int failures{0};                       ///< in a row
    std::string problem{};                 ///< why the latest try failed; empty: it did not
};

/// nullopt: nobody has ever wanted it.
[[nodiscard]] std::optional<AccountCheck> find_account_check(Reading& reading, AccountId account);

struct CheckWish {
    Timestamp at{};        ///< when it should be; an earlier one stays
    bool with_hook{false};
    Actor by{};            ///< a provider that asks for patience gets it, unless an agent insists
};
/// With an agent `account.check_requested` is written.
void want_check(Tx& tx, AccountId account, CheckWish const& wish);
/// It is under way, and next time at `next_at`, unless somebody wants it before. Answers whether the hook is to be called.
[[nodiscard]] bool begin_check(Tx& tx, AccountId account, Timestamp next_at);
/// What came of it. `problem`: not all could be asked, and it is tried again at `next_at`; empty: all was.
struct Checked {
    std::vector<HealthFinding> findings;
    std::string problem{};
    Timestamp began{};
    Timestamp next_at{};
};
void finish_check(Tx& tx, AccountId account, Checked const& checked, Timestamp now);

// --- arrivals ---

/// A customer's message came. Ends a silence.
void count_inbound(Tx& tx, AccountId account, Timestamp at);
[[nodiscard]] std::optional<Timestamp> last_inbound(Reading& reading, AccountId account);
[[nodiscard]] EarlierWeeks count_earlier_weeks(Reading& reading, AccountId account, EarlierHours const& hours);
/// An account that was silent is so no more, but `state`; one that was not stays as it is.
void end_silence(Tx& tx, AccountId account, std::string state, Timestamp at);
/// Was it said that nobody listens whether it is silent?
[[nodiscard]] bool is_unwatched(Reading& reading, AccountId account);
/// Hours that nobody will compare any more, at most `limit` of them. Answers how many were dropped.
int drop_inbound_hours(Tx& tx, Timestamp before, int limit);

} // namespace deskbridge::store
