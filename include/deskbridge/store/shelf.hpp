#pragma once

#include "deskbridge/core/ids.hpp"
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
/// Does this very body lie there, open, as a whole or in parts? Looks at the newest 1000 open entries: retries come soon.
[[nodiscard]] bool body_shelved(Reading& reading, std::string_view hook, std::string_view body);
/// Open entries after `after`, oldest first, at most `limit`.
[[nodiscard]] std::vector<ShelfEntry> load_open_shelf(Reading& reading, ShelfId after, int limit);
/// The open entries of one body.
[[nodiscard]] std::vector<ShelfEntry> load_open_shelf(Reading& reading, JournalId journal);
[[nodiscard]] std::optional<ShelfEntry> find_shelf_entry(Reading& reading, ShelfId id);
[[nodiscard]] std::int64_t count_open_shelf(Reading& reading);
/// False if it is not there or resolved already. Also writes `shelf.resolved`.
bool resolve_shelf_entry(Tx& tx, ShelfId id, ShelfResolution resolution, Timestamp now);

} // namespace deskbridge::store
