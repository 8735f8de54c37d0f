#pragma once

#include "record.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace fault {

/// What a disk may hold at any moment of a record, if power is lost there.
///
/// Durable is what a file's sync, once it has succeeded, had before it: writes and sizes by a sync of the file, names by a
/// sync of the folder. Everything later may have reached the disk or not, in any order, and in pieces of a sector. What a
/// failed sync should have brought there is given up: the next one that succeeds does not bring it either.
class Disk {
public:
    enum class Promise {
        kept,              ///< a sync is a sync
        log_is_not_synced, ///< the write-ahead log is synced only before a checkpoint and with its header: synchronous=NORMAL
        none               ///< no sync does anything
    };
    enum class Pending { lost, kept, random, prefix };

    explicit Disk(Promise promise) : promise_{promise} {}
    /// What lay in `folder` before the record began; a copy of it is at `copy`.
    void hold(std::filesystem::path const& copy, std::filesystem::path const& folder);
    void apply(Op const& op);

    /// Writes one possible content of `folder` (as recorded) to `into`, which is emptied first. Leaves out what does not
    /// outlive a machine (shared memory, locks) and what only takes room.
    void build(std::filesystem::path const& folder, std::filesystem::path const& into, Pending pending, std::mt19937_64& dice) const;

private:
    struct Change {
        bool resize{false};
        std::uint64_t offset{0}; ///< or the new size
        std::string_view bytes{};
        bool given_up{false};
    };
    struct File {
        std::string durable{};
        std::vector<Change> pending{};
        std::uint64_t settled{0};    ///< changes that became durable so far
        bool log{false};
        bool owes_sync{false};       ///< one was asked for and not done
        bool header_written{false};  ///< the latest write was the log's header
    };
    struct Naming {
        std::string path{};
        int file{-1}; ///< -1: the name goes
    };
    struct Folder {
        std::vector<Naming> pending{};
        std::uint64_t settled{0};
    };
    using Names = std::map<std::string, int>;

    void open(Op const& op);
    void write(Op const& op);
    void name(std::string const& path, int file);
    void sync_begun(Op const& op);
    void sync_done(Op const& op);
    void failed(Op const& op);
    void settle(File& file, std::uint64_t up_to);
    void settle(Folder& folder, std::uint64_t up_to);
    [[nodiscard]] Names names_after(Pending pending, std::mt19937_64& dice) const;
    [[nodiscard]] static std::string content(File const& file, Pending pending, std::mt19937_64& dice);

    Promise promise_;
    std::vector<File> files_;
    Names names_;         ///< as the process sees them
    Names durable_names_;
    std::map<std::string, Folder> folders_;
    std::map<std::uint64_t, int> handles_;
    std::map<std::uint64_t, std::string> folder_handles_;
    std::map<std::uint64_t, std::uint64_t> syncs_; ///< begun: how many changes it covers
};

} // namespace fault
