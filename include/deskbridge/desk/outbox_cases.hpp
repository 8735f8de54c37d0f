#pragma once

#include "deskbridge/core/ids.hpp"
#include "deskbridge/core/pacing.hpp"
#include "deskbridge/desk/caller.hpp"
#include "deskbridge/desk/health_cases.hpp"
#include "deskbridge/store/account.hpp"
#include "deskbridge/store/outbox_pump.hpp"
#include "deskbridge/store/outbox_view.hpp"
#include "deskbridge/store/ticket_view.hpp"

#include <optional>
#include <string>
#include <vector>

/// Looking at the outbox, and stopping and starting it; what is done about one message stands in use_cases.hpp.
/// An account is named as in the configuration, or by its id.
namespace deskbridge::desk {

struct RestingAccount {
    std::string name;
    AccountRest rest;
};

struct OutboxList {
    store::OutboxPage page;
    store::OutboxCounts counts;              ///< of all accounts
    std::vector<store::AccountRow> paused;   ///< configured accounts that do not send
    std::vector<RestingAccount> resting;     ///< others that send nothing, or no templates, for a while; one account may do both
};

/// What is asked for, newest first. Errors: malformed (no such account).
struct ListOutbox {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = true;
    using Answer = OutboxList;
    std::vector<IntentState> states{};
    bool open{true};    ///< only what is not settled
    bool failed{false}; ///< also what the provider accepted and failed later
    std::string account{};
    IntentId before{};
    int limit{50}; ///< 1 … 200
    std::vector<ReceiptStatus> receipts{}; ///< also what it accepted and has one of these as its highest
};

/// One provider message of a message, with its whole story.
struct OutboxPart {
    store::IntentRow intent;
    std::vector<store::JournalledAttempt> attempts;
    std::vector<store::ReceiptRow> receipts;
    std::vector<store::IntentRow> ahead; ///< what is before it in its conversation's lane, while it waits
    std::string stands;                  ///< how it stands, and what it waits for: a sentence
};
struct DoneBy {
    store::LoggedEvent event;
    std::string who; ///< an agent's name, "administrator", or empty: nobody, Deskbridge did it
};
struct OutboxDetail {
    store::TimelineItem message;
    TicketId ticket{};
    std::string account_name;
    std::vector<OutboxPart> parts;
    std::vector<DoneBy> history; ///< what the log says, oldest first, at most the latest 100
    std::optional<Timestamp> reply_window_ends_at;
    bool may_have_arrived{false}; ///< `Retry` sends it again only with `confirm_duplicate`
};

/// Everything about one message to a customer. Errors: not_found; conflict (nothing was ever to be sent of it).
struct ShowOutbox {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = true;
    using Answer = OutboxDetail;
    MessageId message{};
};

struct ListAccounts {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = true;
    using Answer = std::vector<AccountCard>; ///< those that left the configuration too
};

/// The account sends nothing until it is resumed, also after a restart; what is on its way ends. Takes over a pause that
/// Deskbridge made by itself. Errors: not_found (the account), malformed (the reason), conflict (somebody paused it already).
struct PauseAccount {
    static constexpr Rule rule = Rule::administrator;
    static constexpr bool reads = false;
    using Answer = store::AccountRow;
    std::string account{};
    std::string reason{};
};

/// Errors: not_found (the account), conflict (it is not paused).
struct ResumeAccount {
    static constexpr Rule rule = Rule::administrator;
    static constexpr bool reads = false;
    using Answer = store::AccountRow;
    std::string account{};
};

} // namespace deskbridge::desk
