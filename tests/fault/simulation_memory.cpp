#include "simulation_memory.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

namespace deskbridge::test::sim {

namespace {

struct OpenFile;

/// One name's bytes, who has locked them, and the memory that its connections share.
struct Stored {
    std::string bytes;
    int readers{0};
    OpenFile const* writer{nullptr};
    bool pending{false}; ///< the writer waits for the readers to go
    std::vector<std::unique_ptr<char[]>> shared;
    int sharers{0};
    std::array<int, SQLITE_SHM_NLOCK> shared_locks{};
    std::array<OpenFile const*, SQLITE_SHM_NLOCK> exclusive_locks{};
};

struct OpenFile {
    sqlite3_file base; ///< SQLite's, first
    std::shared_ptr<Stored>* stored;
    int level;
    bool shares;
    std::array<bool, SQLITE_SHM_NLOCK>* mine; ///< locks held shared
};

std::mutex everything; // connections of several threads
std::map<std::string, std::shared_ptr<Stored>>& files()
{
    static std::map<std::string, std::shared_ptr<Stored>> all;
    return all;
}

OpenFile& open_of(sqlite3_file* file)
{
    return *reinterpret_cast<OpenFile*>(file); // NOLINT: as SQLite wants it
}
Stored& stored_of(sqlite3_file* file)
{
    return **open_of(file).stored;
}

int read(sqlite3_file* file, void* into, int size, sqlite3_int64 from)
{
    std::lock_guard const lock{everything};
    auto const& bytes = stored_of(file).bytes;
    auto const there = std::clamp<sqlite3_int64>(static_cast<sqlite3_int64>(bytes.size()) - from, 0, size);
    if (there > 0)
        std::memcpy(into, bytes.data() + from, static_cast<std::size_t>(there));
    std::memset(static_cast<char*>(into) + there, 0, static_cast<std::size_t>(size - there));
    return there == size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, void const* from, int size, sqlite3_int64 to)
{
    std::lock_guard const lock{everything};
    auto& bytes = stored_of(file).bytes;
    auto const end = static_cast<std::size_t>(to) + static_cast<std::size_t>(size);
    if (bytes.size() < end)
        bytes.resize(end);
    std::memcpy(bytes.data() + to, from, static_cast<std::size_t>(size));
    return SQLITE_OK;
}

int truncate(sqlite3_file* file, sqlite3_int64 size)
{
    std::lock_guard const lock{everything};
    stored_of(file).bytes.resize(static_cast<std::size_t>(size));
    return SQLITE_OK;
}

int size_of(sqlite3_file* file, sqlite3_int64* size)
{
    std::lock_guard const lock{everything};
    *size = static_cast<sqlite3_int64>(stored_of(file).bytes.size());
    return SQLITE_OK;
}

int lock_file(sqlite3_file* file, int level)
{
    std::lock_guard const lock{everything};
    auto& open = open_of(file);
    auto& stored = stored_of(file);
    if (level <= open.level)
        return SQLITE_OK;
    if (stored.writer != nullptr && stored.writer != &open && (level > SQLITE_LOCK_SHARED || stored.pending))
        return SQLITE_BUSY;
    if (level == SQLITE_LOCK_SHARED)
        ++stored.readers;
    else
        stored.writer = &open;
    if (level == SQLITE_LOCK_EXCLUSIVE) {
        stored.pending = true;
        if (stored.readers > 1) {
            open.level = SQLITE_LOCK_PENDING;
            return SQLITE_BUSY;
        }
    }
    open.level = level;
    return SQLITE_OK;
}

int unlock_file(sqlite3_file* file, int level)
{
    std::lock_guard const lock{everything};
    auto& open = open_of(file);
    auto& stored = stored_of(file);
    if (open.level <= level)
        return SQLITE_OK;
    if (stored.writer == &open) {
        stored.writer = nullptr;
        stored.pending = false;
    }
    if (level == SQLITE_LOCK_NONE)
        --stored.readers;
    open.level = level;
    return SQLITE_OK;
}

int is_reserved(sqlite3_file* file, int* answer)
{
    std::lock_guard const lock{everything};
    *answer = stored_of(file).writer != nullptr ? 1 : 0;
    return SQLITE_OK;
}

int map_shared(sqlite3_file* file, int region, int size, int extend, void volatile** at)
{
    std::lock_guard const lock{everything};
    auto& open = open_of(file);
    auto& stored = stored_of(file);
    if (!std::exchange(open.shares, true) && stored.sharers++ == 0)
        stored.shared.clear(); // what dead connections left says nothing
    auto const wanted = static_cast<std::size_t>(region) + 1;
    while (extend != 0 && stored.shared.size() < wanted)
        stored.shared.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
    *at = stored.shared.size() < wanted ? nullptr : stored.shared[wanted - 1].get();
    return SQLITE_OK;
}

void release_shared(OpenFile& open, Stored& stored, std::size_t slot)
{
    if (std::exchange((*open.mine)[slot], false))
        --stored.shared_locks[slot];
    if (stored.exclusive_locks[slot] == &open)
        stored.exclusive_locks[slot] = nullptr;
}

int lock_shared(sqlite3_file* file, int first, int count, int flags)
{
    std::lock_guard const lock{everything};
    auto& open = open_of(file);
    auto& stored = stored_of(file);
    auto const begin = static_cast<std::size_t>(first), end = begin + static_cast<std::size_t>(count);
    for (auto slot = begin; slot < end && (flags & SQLITE_SHM_LOCK) != 0; ++slot) {
        auto const* holder = stored.exclusive_locks[slot];
        bool const others_read = stored.shared_locks[slot] > ((*open.mine)[slot] ? 1 : 0);
        if ((holder != nullptr && holder != &open) || ((flags & SQLITE_SHM_EXCLUSIVE) != 0 && others_read))
            return SQLITE_BUSY;
    }
    for (auto slot = begin; slot < end; ++slot)
        if ((flags & SQLITE_SHM_UNLOCK) != 0)
            release_shared(open, stored, slot);
        else if ((flags & SQLITE_SHM_EXCLUSIVE) != 0)
            stored.exclusive_locks[slot] = &open;
        else if (!std::exchange((*open.mine)[slot], true))
            ++stored.shared_locks[slot];
    return SQLITE_OK;
}

int unmap_shared(sqlite3_file* file, int remove)
{
    std::lock_guard const lock{everything};
    auto& open = open_of(file);
    auto& stored = stored_of(file);
    for (std::size_t slot = 0; slot < open.mine->size(); ++slot)
        release_shared(open, stored, slot);
    if (std::exchange(open.shares, false) && --stored.sharers == 0 && remove != 0)
        stored.shared.clear();
    return SQLITE_OK;
}

int close(sqlite3_file* file)
{
    (void)unmap_shared(file, 0);
    (void)unlock_file(file, SQLITE_LOCK_NONE);
    delete open_of(file).stored;
    delete open_of(file).mine;
    return SQLITE_OK;
}

sqlite3_io_methods const methods{
    2, close, read, write, truncate, [](sqlite3_file*, int) { return SQLITE_OK; }, size_of, lock_file, unlock_file, is_reserved,
    [](sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }, [](sqlite3_file*) { return 4096; },
    [](sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }, map_shared, lock_shared,
    [](sqlite3_file*) { std::atomic_thread_fence(std::memory_order_seq_cst); }, unmap_shared, nullptr, nullptr};

int open(sqlite3_vfs*, char const* name, sqlite3_file* file, int flags, int* got)
{
    std::lock_guard const lock{everything};
    file->pMethods = nullptr;
    auto found = name ? files().find(name) : files().end();
    if (name && found == files().end() && (flags & SQLITE_OPEN_CREATE) == 0)
        return SQLITE_CANTOPEN;
    auto stored = found != files().end() ? found->second : std::make_shared<Stored>();
    if (name && found == files().end())
        files()[name] = stored;
    auto& opened = open_of(file);
    opened.stored = new std::shared_ptr<Stored>{std::move(stored)};
    opened.mine = new std::array<bool, SQLITE_SHM_NLOCK>{};
    opened.level = SQLITE_LOCK_NONE;
    opened.shares = false;
    file->pMethods = &methods;
    if (got)
        *got = flags;
    return SQLITE_OK;
}

int remove(sqlite3_vfs*, char const* name, int)
{
    std::lock_guard const lock{everything};
    return files().erase(name) > 0 ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
}

int exists(sqlite3_vfs*, char const* name, int, int* answer)
{
    std::lock_guard const lock{everything};
    *answer = files().contains(name) ? 1 : 0;
    return SQLITE_OK;
}

int full_name(sqlite3_vfs*, char const* name, int size, char* into)
{
    if (std::strlen(name) >= static_cast<std::size_t>(size))
        return SQLITE_CANTOPEN;
    std::strcpy(into, name); // NOLINT: it fits
    return SQLITE_OK;
}

} // namespace

void keep_databases_in_memory()
{
    static auto vfs = *sqlite3_vfs_find(nullptr); // time, sleep and chance are the system's
    vfs.zName = "memory_of_the_process";
    vfs.szOsFile = sizeof(OpenFile);
    vfs.xOpen = open;
    vfs.xDelete = remove;
    vfs.xAccess = exists;
    vfs.xFullPathname = full_name;
    if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK)
        throw std::runtime_error{"SQLite does not take its files from memory"};
}

void place_in_memory(std::filesystem::path const& file, std::string const& bytes)
{
    std::lock_guard const lock{everything};
    auto stored = std::make_shared<Stored>();
    stored->bytes = bytes;
    files()[file.string()] = std::move(stored);
}

void forget_in_memory(std::filesystem::path const& file)
{
    std::lock_guard const lock{everything};
    for (auto const* suffix : {"", "-wal", "-shm", "-journal"})
        files().erase(file.string() + suffix);
}

std::string bytes_in_memory(std::filesystem::path const& file)
{
    std::lock_guard const lock{everything};
    return files().at(file.string())->bytes;
}

} // namespace deskbridge::test::sim
