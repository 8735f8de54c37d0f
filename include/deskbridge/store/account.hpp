#pragma once

#include "deskbridge/core/account_health.hpp"
#include "deskbridge/core/ticket.hpp"
#include "deskbridge/core/ids.hpp"
#include "deskbridge/store/store.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::store {

/// An account as the configuration names it. (channel, number) is its identity; all else may change.
struct ConfiguredAccount {
    std::string channel{};
    std::string number{};
    std::string name{};
    std::string brand{};
    std::string time_zone{"UTC"};
    std::string language{"en"};
    friend bool operator==(ConfiguredAccount const&, ConfiguredAccount const&) = default;
};

/// On whose word an account does not send.
enum class PausedBy {
    provider, ///< refused the account itself; a start, or new secrets, try it again
    agent,    ///< lasts until somebody resumes it
    restore,  ///< the database is a copy of an earlier state; lasts until somebody resumes it
};

[[nodiscard]] std::string_view render_paused_by(PausedBy by) noexcept;

/// Why an account does not send.
struct Pause {
    PausedBy by{PausedBy::agent};
    std::string reason{}; ///< a sentence for people
    Timestamp at{};
};

struct AccountRow {
    AccountId id{};
    ConfiguredAccount as;
    bool configured{true};
    std::optional<Pause> paused; ///< has a value while the account does not send
    Timestamp created_at{};
    Severity health{Severity::ok}; ///< of its worst aspect
};

/// Makes the table say what the configuration says: adds and updates these, marks all others unconfigured (their data
/// stay). Answers their ids in the given order. Writes account.added, account.changed, account.unconfigured where true.
std::vector<AccountId> configure_accounts(Tx& tx, std::span<ConfiguredAccount const> accounts, Timestamp now);

[[nodiscard]] std::optional<AccountRow> find_account(Reading& reading, AccountId id);
[[nodiscard]] std::optional<AccountRow> find_account(Reading& reading, std::string_view channel, std::string_view number);
[[nodiscard]] std::vector<AccountRow> load_accounts(Reading& reading); ///< by id, the unconfigured ones too

/// Configured accounts that do not send.
[[nodiscard]] std::int64_t count_paused_accounts(Reading& reading);

/// False if it was in that state already (a pause keeps its first reason). Writes account.paused, account.resumed.
bool pause_account(Tx& tx, AccountId id, Pause const& pause, Actor by);
bool resume_account(Tx& tx, AccountId id, Actor by, Timestamp now);

/// Was it resumed after that? Reads the event log back to there.
[[nodiscard]] bool resumed_since(Reading& reading, AccountId id, Timestamp at);

/// Only ever moves forward.
void note_intake_refusal(Tx& tx, AccountId id, Timestamp at);

} // namespace deskbridge::store
