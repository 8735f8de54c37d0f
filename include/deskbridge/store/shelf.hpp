#pragma once

#include "deskbridge/core/ids.hpp"
#include "deskbridge/core/ticket.hpp"
#include "deskbridge/store/event_log.hpp"
#include "deskbridge/store/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::store {

/// Why something signed could not take effect.
enum class ShelfReason {
    unreadable,      ///< not the channel's format at all
    unknown_account, ///< a number that nobody configured
    effect_failed,   ///< its effect threw; `detail` says what
    foreign_object,  ///< not a kind of webhook this hook is for
};
[[nodiscard]] std::string_view render_shelf_reason(ShelfReason reason) noexcept;
[[nodiscard]] std::optional<ShelfReason> parse_shelf_reason(std::string_view word) noexcept;

enum class ShelfResolution { replayed, dropped };

struct NewShelfEntry {
    JournalId journal{};
    AccountId account{};          ///< 0: none known
    std::string_view event_key{}; ///< empty: the whole body
    ShelfReason reason{ShelfReason::unreadable};
    std::string_view detail{};    ///< for the operator; no customer's words
    Timestamp at{};
};

struct ShelfEntry {
    ShelfId id{};
    JournalId journal{};
    AccountId account{};
    std::string event_key;
    std::string reason;
    std::string detail;
    Timestamp shelved_at{};
    std::optional<Timestamp> resolved_at;
    std::string resolution; ///< "" while open
};

/// Also writes `shelf.added` to the event log.
ShelfId put_on_shelf(Tx& tx, NewShelfEntry const& entry);
/// What became of the entries of a body.
enum class ShelvedBody {
    none,    ///< it never lay there, or was replayed
    open,    ///< it lies there, as a whole or in parts
    dropped, ///< a person has dropped it, and nothing of it is open
};
/// Of this very body, whenever it came.
/// @param digest  as `body_digest` (journal.hpp)
[[nodiscard]] ShelvedBody find_shelved_body(Reading& reading, std::string_view hook, std::string_view digest);
/// The open entries of one body, oldest first.
[[nodiscard]] std::vector<ShelfEntry> load_open_shelf(Reading& reading, JournalId journal);
[[nodiscard]] std::int64_t count_open_shelf(Reading& reading);

/// What somebody decided about an entry, and who.
struct ShelfDecision {
    ShelfResolution resolution{ShelfResolution::replayed};
    Actor by{};
    std::string_view reason{}; ///< operator's words, for the log and behind `detail`; empty: none
};
/// False if it is not there or resolved already. Also writes `shelf.resolved`.
bool resolve_shelf_entry(Tx& tx, ShelfId id, ShelfDecision const& decision, Timestamp now);

/// An entry with what its body tells without being read.
struct ShelfLine {
    ShelfEntry entry;
    std::string hook;
    Timestamp received_at;
    std::optional<std::int64_t> bytes; ///< nullopt: the body was dropped
    std::string account_name;          ///< empty: none known
};
struct ShelfQuery {
    bool open{true};     ///< or those that are done with
    std::string reason{}; ///< empty: any
    AccountId account{}; ///< 0: all
    ShelfId before{};    ///< where the page before ended; 0: the newest
    int limit{50};
};
/// Newest first.
[[nodiscard]] std::vector<ShelfLine> find_shelf(Reading& reading, ShelfQuery const& query);
[[nodiscard]] std::optional<ShelfLine> find_shelf_line(Reading& reading, ShelfId id);

/// A journalled body that is to be interpreted again. `dry_run`: everything is done, told and undone.
struct ReplayWish {
    JournalId journal{};
    Timestamp now{};
    Actor by{};
    bool dry_run{false};
};
/// What came of it, or would have.
struct Replayed {
    int applied{0};
    int known{0};   ///< had taken effect already
    int shelved{0}; ///< still cannot
    std::int64_t shelf_before{0}; ///< open entries
    std::int64_t shelf_after{0};
    std::vector<LoggedEvent> changes{}; ///< what it wrote to the event log, in order, at most 200
    bool more_changes{false};
};

} // namespace deskbridge::store
