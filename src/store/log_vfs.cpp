#include "log_vfs.hpp"

#include <sqlite3.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>

namespace deskbridge::store {

namespace {

constexpr char const* name_of_layer = "deskbridge-log";
// SQLite's own layer takes fewer than 128 KiB at once (os_unix.c of 3.40, seekAndWriteFd); a page of the log has 64 at most.
constexpr std::size_t gathered_at_most = 120 << 10;
constexpr std::size_t frame_header = 24;
constexpr int room_for_system_file = 1024; // SQLite's own needs 120 bytes

/// The log's file: the system's own lies behind it in the memory that SQLite gives.
struct LogFile {
    sqlite3_file base; ///< SQLite's, first
    std::array<char, gathered_at_most>* gathered;
    std::size_t size;     ///< of what is gathered
    sqlite3_int64 offset; ///< where it belongs
    bool ends;            ///< the page to come is the last of a transaction
};

constexpr std::size_t room_before_system_file = (sizeof(LogFile) + alignof(std::max_align_t) - 1) / alignof(std::max_align_t) * alignof(std::max_align_t);

LogFile& log_of(sqlite3_file* file) noexcept
{
    return *reinterpret_cast<LogFile*>(file); // NOLINT: as SQLite wants it
}

sqlite3_file* system_file(sqlite3_file* file) noexcept
{
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + room_before_system_file); // NOLINT: as SQLite wants it
}

int hand_on(sqlite3_file* file) noexcept
{
    auto& log = log_of(file);
    auto const size = static_cast<int>(log.size);
    log.size = 0; // also after an error: nothing of it is committed, and SQLite writes it again or gives it up
    return size == 0 ? SQLITE_OK : system_file(file)->pMethods->xWrite(system_file(file), log.gathered->data(), size, log.offset);
}

/// First what is gathered, then the call itself.
template <auto method, class... Arguments>
int after_handing_on(sqlite3_file* file, Arguments... arguments) noexcept
{
    if (int const code = hand_on(file); code != SQLITE_OK)
        return code;
    return (system_file(file)->pMethods->*method)(system_file(file), arguments...);
}

template <auto method, class... Arguments>
auto pass_on(sqlite3_file* file, Arguments... arguments) noexcept
{
    return (system_file(file)->pMethods->*method)(system_file(file), arguments...);
}

int close(sqlite3_file* file) noexcept
{
    int const handed_on = hand_on(file);
    int const closed = system_file(file)->pMethods->xClose(system_file(file));
    delete log_of(file).gathered;
    return handed_on != SQLITE_OK ? handed_on : closed;
}

/// A frame's header says how large the database is after the transaction that it ends; 0: it ends none.
/// Source: https://www.sqlite.org/fileformat2.html, section 4.1 (2026-11).
bool ends_transaction(void const* header) noexcept
{
    std::uint32_t pages = 0;
    std::memcpy(&pages, static_cast<char const*>(header) + 4, sizeof pages);
    return pages != 0;
}

/// What ends a transaction is handed on at once: without `synchronous=FULL` no sync follows, and readers look for it.
int write(sqlite3_file* file, void const* bytes, int count, sqlite3_int64 offset) noexcept
{
    auto& log = log_of(file);
    auto const size = static_cast<std::size_t>(count);
    bool const header = size == frame_header;
    if (size > log.gathered->size())
        return SQLITE_IOERR_WRITE;
    if (header)
        log.ends = ends_transaction(bytes);
    bool const goes_on = log.size > 0 && offset == log.offset + static_cast<sqlite3_int64>(log.size);
    if (!goes_on || log.size + size > log.gathered->size()) {
        if (int const code = hand_on(file); code != SQLITE_OK)
            return code;
        if (header && !goes_on) // the first of a transaction, or one that is written again
            return system_file(file)->pMethods->xWrite(system_file(file), bytes, count, offset);
        log.offset = offset;
    }
    std::memcpy(log.gathered->data() + log.size, bytes, size);
    log.size += size;
    return log.ends && !header ? hand_on(file) : SQLITE_OK;
}

using Methods = sqlite3_io_methods;

constexpr Methods log_methods() noexcept
{
    Methods methods{};
    methods.iVersion = 1; // neither shared memory nor mapped pages are asked of a log
    methods.xClose = close;
    methods.xRead = after_handing_on<&Methods::xRead, void*, int, sqlite3_int64>;
    methods.xWrite = write;
    methods.xTruncate = after_handing_on<&Methods::xTruncate, sqlite3_int64>;
    methods.xSync = after_handing_on<&Methods::xSync, int>;
    methods.xFileSize = after_handing_on<&Methods::xFileSize, sqlite3_int64*>;
    methods.xLock = pass_on<&Methods::xLock, int>;
    methods.xUnlock = pass_on<&Methods::xUnlock, int>;
    methods.xCheckReservedLock = pass_on<&Methods::xCheckReservedLock, int*>;
    methods.xFileControl = pass_on<&Methods::xFileControl, int, void*>;
    methods.xSectorSize = pass_on<&Methods::xSectorSize>;
    methods.xDeviceCharacteristics = pass_on<&Methods::xDeviceCharacteristics>;
    return methods;
}
constexpr Methods gathering = log_methods();

int open(sqlite3_vfs*, char const* name, sqlite3_file* file, int flags, int* got) noexcept
{
    auto* const system = sqlite3_vfs_find(nullptr);
    if ((flags & SQLITE_OPEN_WAL) == 0)
        return system->xOpen(system, name, file, flags, got);
    file->pMethods = nullptr; // else SQLite closes it after an error
    std::unique_ptr<std::array<char, gathered_at_most>> buffer{new (std::nothrow) std::array<char, gathered_at_most>};
    if (!buffer)
        return SQLITE_NOMEM;
    if (int const code = system->xOpen(system, name, system_file(file), flags, got); code != SQLITE_OK)
        return code;
    auto& log = log_of(file);
    log.gathered = buffer.release();
    log.size = 0;
    log.offset = 0;
    log.ends = false;
    file->pMethods = &gathering;
    return SQLITE_OK;
}

bool register_layer() noexcept
{
    auto const* const system = sqlite3_vfs_find(nullptr);
    if (!system || system->szOsFile > room_for_system_file)
        return false;
    static auto layer = *system;
    layer.zName = name_of_layer;
    layer.szOsFile = static_cast<int>(room_before_system_file) + room_for_system_file;
    layer.xOpen = open;
    return sqlite3_vfs_register(&layer, 0) == SQLITE_OK;
}

} // namespace

char const* gathering_log() noexcept
{
    static bool const there = register_layer();
    return there ? name_of_layer : nullptr;
}

} // namespace deskbridge::store
