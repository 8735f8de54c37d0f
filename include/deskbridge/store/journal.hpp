#pragma once

#include "deskbridge/core/ids.hpp"
#include "deskbridge/store/store.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::store {

/// A raw webhook as it came. `headers` is JSON of what interpreting it again needs; no secrets.
struct NewJournal {
    std::string_view hook;
    Timestamp received_at{};
    std::string_view body;
    std::string_view headers{"{}"};
    std::chrono::hours retain{24 * 30}; ///< afterwards `drop_journal_bodies` forgets the body; hash and keys stay
    std::string_view digest{}; ///< `body_digest` of it; empty: not found out yet
};

struct JournalRow {
    JournalId id{};
    std::string hook;
    Timestamp received_at{};
    std::optional<std::string> body; ///< nullopt: dropped
    std::string headers;
};

/// SHA-256, 32 bytes. Pure; any thread: a large body takes milliseconds, which the writer's thread has not.
[[nodiscard]] std::string body_digest(std::string_view body);

/// Stores the body once, with its digest. Skip it when `event_known` is true for every event of the body.
JournalId add_journal(Tx& tx, NewJournal const& entry);
[[nodiscard]] std::optional<JournalRow> find_journal(Reading& reading, JournalId id);

/// Bodies as operators choose them: without the bodies.
struct JournalQuery {
    AccountId account{};       ///< only bodies with something of this account's; 0: all
    std::string hook{};        ///< of that account: what lies on the shelf there without an account counts as its own
    std::optional<Timestamp> from{};
    std::optional<Timestamp> to{}; ///< exclusive
    JournalId after{};
    int limit{100};
};
struct JournalLine {
    JournalId id{};
    std::string hook;
    Timestamp received_at{};
    std::optional<std::int64_t> bytes; ///< nullopt: dropped
};
struct JournalPage {
    std::vector<JournalLine> lines; ///< in order of arrival
    JournalId next{};               ///< `after` of the next page; 0: this was the last one
    JournalId newest{};             ///< how far there is to go
};
/// One look goes over a bounded number of bodies: a page may be short, or empty, and still have a next one.
[[nodiscard]] JournalPage find_journal_lines(Reading& reading, JournalQuery const& query);

/// Ties a body to a person it is about, so that erasing the person finds it. Not needed for a message in a private chat of theirs, whose
/// row names the body. Repeating it is harmless.
void link_journal_contact(Tx& tx, JournalId journal, ContactId contact);

/// Forgets bodies whose retention has passed, oldest first, but none that lies on the shelf: at most `limit`, and about a
/// mebibyte. Answers how many; 0: there are none.
int drop_journal_bodies(Tx& tx, Timestamp now, int limit);

struct DroppedKeys {
    int keys{0};
    JournalId last{};     ///< go on behind it
    bool complete{false}; ///< there is nothing more to drop behind it
};
/// Forgets the keys of events that came at `before` at the latest and whose body is forgotten already: a repetition of
/// such an event would take effect again. Looks at bodies after `after`, oldest first, until about `limit` keys are gone.
[[nodiscard]] DroppedKeys drop_event_keys(Tx& tx, JournalId after, Timestamp before, int limit);

/// One inbound event's key: the thing that makes it take effect once.
struct EventKey {
    AccountId account{};
    std::string_view key;  ///< made by the adapter
    std::string_view kind; ///< "message", "receipt", … for people who look
};

/// Claims the key. True: new, let it take effect in this transaction. False: it has been here before.
[[nodiscard]] bool claim_event(Tx& tx, EventKey const& event, JournalId journal, Timestamp received_at);
/// A cheap look beforehand; only `claim_event` decides.
[[nodiscard]] bool event_known(Reading& reading, AccountId account, std::string_view key);
/// The event's effect failed (true), or a replay has let it take effect after all (false).
void set_event_shelved(Tx& tx, AccountId account, std::string_view key, bool shelved);
[[nodiscard]] bool event_shelved(Reading& reading, AccountId account, std::string_view key);

} // namespace deskbridge::store
