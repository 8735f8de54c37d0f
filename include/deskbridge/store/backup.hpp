#pragma once

#include "deskbridge/core/result.hpp"
#include "deskbridge/core/time.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Whole database files: how a copy of the running one gets on, whether a file is sound, and how a copy takes its place.
namespace deskbridge::store {

/// How the latest backup of this run gets on.
struct BackupProgress {
    enum class State {
        none,     ///< none was begun since the start
        copying,
        checking, ///< the copy is looked through as a whole
        done,
        failed,
    };
    State state{State::none};
    std::filesystem::path file{};
    std::int64_t pages_done{0};
    std::int64_t pages{0};
    std::uint64_t bytes{0}; ///< size of the finished file
    std::string reason{};   ///< of a failure: why, and what next
};
[[nodiscard]] std::string_view render_backup_state(BackupProgress::State state) noexcept;

/// What is the matter with a file, so that nobody loses data to a restore that would not help.
enum class Ailment {
    none,
    damaged, ///< a database of Deskbridge, not whole any more
    newer,   ///< of a Deskbridge that knows more than this one
    foreign, ///< no database, or not one of Deskbridge
};

/// What a look through every page and row of a file found.
struct Inspection {
    Ailment ailment{Ailment::none};
    std::vector<std::string> findings{}; ///< a sentence each; none: sound
    int schema{0};
    std::int64_t events{0};  ///< rows of the event log
    std::uint64_t bytes{0};
    bool is_backup{false};   ///< made by `db backup` and not opened by a daemon since
};

/// Looks through a file that nobody has open, and changes nothing in it. Reads all of it.
/// Errors: not_found (no such file), storage (it cannot be read). A damaged file is no error: its findings say so.
[[nodiscard]] Result<Inspection> inspect(std::filesystem::path const& file);

/// The same for a daemon's own file, under its lock. Errors: also conflict (a daemon has it open).
[[nodiscard]] Result<Inspection> inspect_live(std::filesystem::path const& database);

struct Restored {
    std::optional<std::filesystem::path> aside{}; ///< where the replaced database is now; its log beside it
    Inspection backup{};
};
/// Puts a sound copy in the place of `database`; what was there is kept under another name. The first daemon that opens it
/// pauses every account and asks about every message that was not done (see `begin_epoch`).
/// Errors: conflict (a daemon has it open), malformed (the backup has findings; detail has the first), not_found, storage.
[[nodiscard]] Result<Restored> restore(std::filesystem::path const& database, std::filesystem::path const& backup, Timestamp now);

} // namespace deskbridge::store
