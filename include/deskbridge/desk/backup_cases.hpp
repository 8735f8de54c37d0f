#pragma once

#include "deskbridge/desk/caller.hpp"
#include "deskbridge/store/backup.hpp"

#include <string>

/// Copies of the whole database. They hold everything that customers wrote: for administrators alone.
namespace deskbridge::desk {

/// Begins a copy, which goes on by itself (see `store::Store::start_backup`); answers how it stands. Errors: malformed (no absolute
/// path, not a name for it), conflict (one is under way; the file is there), storage (no room, no permission).
struct BackUp {
    static constexpr Rule rule = Rule::administrator;
    static constexpr bool reads = false;
    using Answer = store::BackupProgress;
    std::string file{};
    bool replace{false}; ///< a file of that name that is there
};

/// How the latest copy of this run gets on.
struct ShowBackup {
    static constexpr Rule rule = Rule::administrator;
    static constexpr bool reads = true;
    using Answer = store::BackupProgress;
};

} // namespace deskbridge::desk
