#include "disk.hpp"

#include "support/read_file.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>

namespace fault {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t sector = 512;
constexpr std::size_t log_header = 32;

bool ends_with(std::string const& path, std::string_view end)
{
    return path.size() >= end.size() && std::string_view{path}.substr(path.size() - end.size()) == end;
}

/// What does not outlive a machine, and what only takes room.
bool is_passing(std::string const& path)
{
    return ends_with(path, "-shm") || ends_with(path, ".lock") || ends_with(path, ".ballast");
}

void put(std::string& content, std::uint64_t at, std::string_view bytes)
{
    if (content.size() < at + bytes.size())
        content.resize(at + bytes.size(), '\0');
    std::memcpy(content.data() + at, bytes.data(), bytes.size());
}

/// Some sectors of it: each arrived, or did not, or (rarely) holds neither.
void put_torn(std::string& content, std::uint64_t at, std::string_view bytes, std::mt19937_64& dice)
{
    bool const garbled = dice() % 8 == 0;
    while (!bytes.empty()) {
        auto const size = std::min<std::size_t>(bytes.size(), sector - at % sector);
        auto const roll = dice() % 4;
        if (roll < 2)
            put(content, at, bytes.substr(0, size));
        else if (garbled && roll == 2)
            put(content, at, std::string(size, static_cast<char>(dice() & 0xff)));
        at += size;
        bytes.remove_prefix(size);
    }
}

} // namespace

void Disk::hold(fs::path const& copy, fs::path const& folder)
{
    for (auto const& entry : fs::recursive_directory_iterator{copy}) {
        auto const inside = entry.path().lexically_relative(copy);
        auto const path = (folder / inside).string();
        bool const ours = inside.string().starts_with("deskbridge.db") || *inside.begin() == "media";
        if (!entry.is_regular_file() || !ours || is_passing(path))
            continue;
        auto& file = files_.emplace_back();
        file.durable = deskbridge::test::read_file(entry.path());
        file.log = ends_with(path, "-wal");
        names_[path] = static_cast<int>(files_.size()) - 1;
    }
    durable_names_ = names_;
}

void Disk::apply(Op const& op)
{
    auto const text = std::string{op.kind == faultfs_unlink || op.kind == faultfs_rename ? op.bytes : std::string_view{}};
    switch (op.kind) {
    case faultfs_open: return open(op);
    case faultfs_write:
    case faultfs_resize: return write(op);
    case faultfs_sync_begun: return sync_begun(op);
    case faultfs_sync_done: return sync_done(op);
    case faultfs_unlink: return name(text, -1);
    case faultfs_rename: {
        auto const cut = text.find('\n');
        auto const from = text.substr(0, cut);
        auto const moved = names_.find(from);
        name(text.substr(cut + 1), moved == names_.end() ? -1 : moved->second);
        return name(from, -1);
    }
    case faultfs_answered:
    case faultfs_sent:
    case faultfs_kinds: return;
    case faultfs_fault: return failed(op);
    }
}

void Disk::name(std::string const& path, int file)
{
    if (file < 0)
        names_.erase(path);
    else
        names_[path] = file;
    folders_[fs::path{path}.parent_path().string()].pending.push_back({path, file});
}

void Disk::open(Op const& op)
{
    std::string const path{op.bytes};
    if (op.offset & faultfs_is_folder) {
        folder_handles_[op.handle] = path;
        return;
    }
    folder_handles_.erase(op.handle); // that of an earlier process, which began to count at 1 as well
    auto const known = names_.find(path);
    if (known == names_.end()) {
        files_.emplace_back();
        files_.back().log = ends_with(path, "-wal");
        name(path, static_cast<int>(files_.size()) - 1);
    }
    auto const file = names_.at(path);
    handles_[op.handle] = file;
    if (op.offset & faultfs_emptied)
        files_[static_cast<std::size_t>(file)].pending.push_back({true, 0, {}, false});
}

void Disk::write(Op const& op)
{
    auto& file = files_[static_cast<std::size_t>(handles_.at(op.handle))];
    file.pending.push_back({op.kind == faultfs_resize, op.offset, op.bytes, false});
    if (file.log) {
        file.header_written = op.kind == faultfs_write && op.offset == 0 && op.bytes.size() == log_header;
        return;
    }
    // A checkpoint goes into the database: before it, the log is synced also by who does not sync it at a commit.
    for (auto& log : files_)
        if (log.owes_sync)
            settle(log, log.settled + log.pending.size());
}

void Disk::sync_begun(Op const& op)
{
    if (promise_ == Promise::none)
        return;
    if (auto const folder = folder_handles_.find(op.handle); folder != folder_handles_.end()) {
        auto const& names = folders_[folder->second];
        syncs_[op.offset] = names.settled + names.pending.size();
        return;
    }
    auto& file = files_[static_cast<std::size_t>(handles_.at(op.handle))];
    if (promise_ == Promise::log_is_not_synced && file.log && !file.header_written) {
        file.owes_sync = true;
        return;
    }
    syncs_[op.offset] = file.settled + file.pending.size();
}

void Disk::sync_done(Op const& op)
{
    auto const begun = syncs_.find(op.offset);
    if (begun == syncs_.end())
        return;
    if (auto const folder = folder_handles_.find(op.handle); folder != folder_handles_.end())
        settle(folders_[folder->second], begun->second);
    else
        settle(files_[static_cast<std::size_t>(handles_.at(op.handle))], begun->second);
    syncs_.erase(begun);
}

void Disk::failed(Op const& op)
{
    auto const file = handles_.find(op.handle);
    if (op.bytes != "sync" || file == handles_.end())
        return;
    for (auto& change : files_[static_cast<std::size_t>(file->second)].pending)
        change.given_up = true;
}

void Disk::settle(File& file, std::uint64_t up_to)
{
    file.owes_sync = false;
    auto const count = up_to > file.settled ? up_to - file.settled : 0;
    for (std::size_t i = 0; i < count; ++i) {
        auto const& change = file.pending[i];
        if (change.resize)
            file.durable.resize(change.offset, '\0');
        else if (!change.given_up)
            put(file.durable, change.offset, change.bytes);
    }
    file.pending.erase(file.pending.begin(), file.pending.begin() + static_cast<std::ptrdiff_t>(count));
    file.settled += count;
}

void Disk::settle(Folder& folder, std::uint64_t up_to)
{
    auto const count = up_to > folder.settled ? up_to - folder.settled : 0;
    for (std::size_t i = 0; i < count; ++i) {
        auto const& change = folder.pending[i];
        if (change.file < 0)
            durable_names_.erase(change.path);
        else
            durable_names_[change.path] = change.file;
    }
    folder.pending.erase(folder.pending.begin(), folder.pending.begin() + static_cast<std::ptrdiff_t>(count));
    folder.settled += count;
}

Disk::Names Disk::names_after(Pending pending, std::mt19937_64& dice) const
{
    auto names = durable_names_;
    for (auto const& [path, folder] : folders_) {
        auto const first = pending == Pending::prefix && !folder.pending.empty() ? dice() % (folder.pending.size() + 1) : folder.pending.size();
        for (std::size_t i = 0; i < first; ++i) {
            if (pending == Pending::lost || (pending == Pending::random && dice() % 2 == 0))
                continue;
            auto const& change = folder.pending[i];
            if (change.file < 0)
                names.erase(change.path);
            else
                names[change.path] = change.file;
        }
    }
    return names;
}

std::string Disk::content(File const& file, Pending pending, std::mt19937_64& dice)
{
    auto content = file.durable;
    if (pending == Pending::lost)
        return content;
    auto const first = pending == Pending::prefix && !file.pending.empty() ? dice() % (file.pending.size() + 1) : file.pending.size();
    for (std::size_t i = 0; i < first; ++i) {
        auto const& change = file.pending[i];
        bool const last = pending == Pending::prefix && i + 1 == first;
        auto const roll = pending == Pending::random ? dice() % 3 : last && !change.resize ? 2 : 0;
        if (roll == 1)
            continue;
        if (change.resize)
            content.resize(change.offset, '\0');
        else if (roll == 2)
            put_torn(content, change.offset, change.bytes, dice);
        else
            put(content, change.offset, change.bytes);
    }
    return content;
}

void Disk::build(fs::path const& folder, fs::path const& into, Pending pending, std::mt19937_64& dice) const
{
    fs::remove_all(into);
    fs::create_directories(into);
    for (auto const& [path, file] : names_after(pending, dice)) {
        if (is_passing(path))
            continue;
        auto const bytes = content(files_[static_cast<std::size_t>(file)], pending, dice);
        auto const target = into / fs::path{path}.lexically_relative(folder);
        fs::create_directories(target.parent_path());
        std::ofstream out{target, std::ios::binary};
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }
}

} // namespace fault
