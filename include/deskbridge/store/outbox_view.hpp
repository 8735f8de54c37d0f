#pragma once

#include "deskbridge/core/outbox.hpp"
#include "deskbridge/store/event_log.hpp"
#include "deskbridge/store/outbox.hpp"

#include <optional>
#include <string>
#include <vector>

/// The outbox as operators look at it. Read only.
namespace deskbridge::store {

struct OutboxQuery {
    std::vector<IntentState> states{}; ///< none: nothing is found, unless `failed` or `receipts`
    bool open{true};     ///< only those of which something is still expected
    bool failed{false};  ///< also what was accepted and failed later
    AccountId account{}; ///< 0: all
    IntentId before{};   ///< where the page before ended; 0: the newest
    int limit{50};
    std::vector<ReceiptStatus> receipts{}; ///< also what was accepted and has one of these as its highest; needs `open` false
};
struct OutboxLine {
    IntentRow intent;
    std::string account_name;
    std::string contact_name; ///< empty: nobody knows it, or a group
};
struct OutboxPage {
    std::vector<OutboxLine> lines; ///< newest first
    IntentId next;                 ///< `before` of the next page; 0: this was the last one
};
/// One look goes over a bounded number of rows, whatever is asked: a page may be short, or empty, and still have a next one.
[[nodiscard]] OutboxPage find_outbox(Reading& reading, OutboxQuery const& query);

struct JournalledAttempt {
    int n{1};
    std::string token; ///< what the provider echoes
    Timestamp begun_at;
    std::optional<Timestamp> ended_at;
    std::string outcome;    ///< accepted, not_sent, refused, unknown; "" while it is on its way
    std::string settled_by; ///< "", answer, receipt, presumption, recovery, agent
    std::string external_id;
    std::optional<int> error_code;
    std::string error_detail;
};
/// In order.
[[nodiscard]] std::vector<JournalledAttempt> attempts_of(Reading& reading, IntentId intent);

struct ReceiptRow {
    std::string status;
    std::optional<int> error_code;
    std::string error_title;
    Timestamp provider_at;
    Timestamp received_at;
    std::optional<Price> price{}; ///< if it told one
    std::string error_sentence{}; ///< as in IntentRow
};
/// In the order in which they came.
[[nodiscard]] std::vector<ReceiptRow> receipts_of(Reading& reading, IntentId intent);

/// Where an intent stands among the others of its conversation.
struct LanePlace {
    bool turn{false};             ///< the lane would let it go now
    std::vector<IntentRow> ahead; ///< those before it in the lane, oldest first, at most ten
    std::optional<Timestamp> look_again; ///< when time alone may change it
};
[[nodiscard]] LanePlace lane_place(Reading& reading, IntentRow const& intent, Timestamp now, OutboxRules const& rules = {});

/// The provider message that last asked the conversation's customer to write, since their window had closed.
[[nodiscard]] std::optional<IntentRow> latest_window_template(Reading& reading, ConversationId conversation);

/// What the log says about a message of a ticket's, oldest first, at most `limit`, the latest ones.
[[nodiscard]] std::vector<LoggedEvent> message_events(Reading& reading, TicketId ticket, MessageId message, int limit);

} // namespace deskbridge::store
