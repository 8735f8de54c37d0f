#pragma once

#include "deskbridge/core/free_entry.hpp"
#include "deskbridge/store/store.hpp"

#include <cstdint>
#include <optional>
#include <vector>

/// Free entry points: what begins them, and which of them last (see core/free_entry.hpp).
namespace deskbridge::store {

struct FreeEntry {
    ConversationId conversation;
    std::optional<Timestamp> referred_at; ///< of a message from an advert that our answer is waited for
    FreeEntryRules rules;                 ///< as they were then
    std::optional<Timestamp> until;       ///< while it lasts, and until its end is told
};

[[nodiscard]] std::optional<FreeEntry> find_free_entry(Reading& reading, ConversationId conversation);
/// Without anything that it waits for, and no end: it is gone.
void save_free_entry(Tx& tx, FreeEntry const& entry);
/// `from` goes on as `into`: the later of both ends stands, and so does whatever is waited for.
void pour_free_entry(Tx& tx, ConversationId from, ConversationId into);

/// When the latest attempt at one of our messages began: not later than the provider had it.
[[nodiscard]] std::optional<Timestamp> attempted_at(Reading& reading, IntentId intent);

/// Those that have ended by `now`, the earliest first.
[[nodiscard]] std::vector<FreeEntry> free_entries_ended(Reading& reading, Timestamp now, int limit);
/// Those that last beyond `now`.
[[nodiscard]] std::int64_t count_free_entries(Reading& reading, Timestamp now);

} // namespace deskbridge::store
