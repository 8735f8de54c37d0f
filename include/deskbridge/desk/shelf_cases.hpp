#pragma once

#include "deskbridge/core/ids.hpp"
#include "deskbridge/desk/caller.hpp"
#include "deskbridge/store/journal.hpp"
#include "deskbridge/store/shelf.hpp"

#include <optional>
#include <string>
#include <vector>

/// What lies on the shelf, and reading journalled bodies again.
namespace deskbridge::desk {

struct ShelfPage {
    std::vector<store::ShelfLine> lines;
    std::string next; ///< `after` of the next page; empty: this is the last one
    std::int64_t open{0}; ///< entries altogether that somebody must look at
};

/// Open entries first, each group newest first. Errors: malformed (`after`, no such account).
struct ListShelf {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = true;
    using Answer = ShelfPage;
    bool resolved{false}; ///< also those that are done with
    std::string reason{};
    std::string account{};
    std::string after{};
    int limit{50}; ///< 1 … 200
};

struct ShowShelfEntry {
    static constexpr Rule rule = Rule::any_agent;
    static constexpr bool reads = true;
    using Answer = store::ShelfLine;
    ShelfId entry{};
};

/// Customers' words, as they came. Errors: not_found (no entry, or its body is not kept any more).
struct ReadShelfBody {
    static constexpr Rule rule = Rule::administrator;
    static constexpr bool reads = true;
    using Answer = store::JournalRow;
    ShelfId entry{};
};

struct ReplayAnswer {
    JournalId journal{};
    bool dry_run{false};
    store::Replayed came;
};

/// Reads an entry's body again, whole. Errors: not_found (also: its body is dropped, its hook is not configured), conflict
/// (done with already).
struct ReplayShelf {
    static constexpr Rule rule = Rule::administrator;
    static constexpr bool reads = false;
    using Answer = ReplayAnswer;
    ShelfId entry{};
    bool dry_run{false};
};

/// Errors: not_found, malformed (the reason), conflict (done with already).
struct DropShelf {
    static constexpr Rule rule = Rule::administrator;
    static constexpr bool reads = false;
    using Answer = store::ShelfLine;
    ShelfId entry{};
    std::string reason{};
};

/// Bodies in the order of their arrival, without what is in them. Errors: malformed (no such account).
struct ListJournal {
    static constexpr Rule rule = Rule::administrator;
    static constexpr bool reads = true;
    using Answer = store::JournalPage;
    std::string account{};
    std::optional<Timestamp> from{};
    std::optional<Timestamp> to{};
    JournalId after{};
    int limit{100}; ///< 1 … 500
};

/// Reads a body again, shelved or not; what took effect already does nothing. Errors: as ReplayShelf.
struct ReplayJournal {
    static constexpr Rule rule = Rule::administrator;
    static constexpr bool reads = false;
    using Answer = ReplayAnswer;
    JournalId journal{};
    bool dry_run{false};
};

} // namespace deskbridge::desk
