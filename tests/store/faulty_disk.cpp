#include "faulty_disk.hpp"

#include <sqlite3.h>

#include <array>
#include <atomic>
#include <mutex>
#include <utility>

namespace deskbridge::test {

namespace {

std::atomic<int> sync_code{SQLITE_OK};
std::atomic<int> syncs_before_failure{-1};
std::atomic<int> code_once{SQLITE_OK};
std::atomic<int> write_code{SQLITE_OK};
std::atomic<int> read_code{SQLITE_OK};
std::atomic<int> reads_so_far{0};
int read_to_wait_for{0};
std::function<void()> in_that_read;

// SQLite's own methods, each set with the copy of it that asks us first.
struct Methods {
    sqlite3_io_methods const* original{nullptr};
    sqlite3_io_methods asking{};
};
std::mutex mutex;
std::array<Methods, 8> known;
sqlite3_vfs* real = nullptr;
sqlite3_vfs ours{};

sqlite3_io_methods const& original_of(sqlite3_file* file)
{
    std::lock_guard const lock{mutex};
    for (auto const& methods : known)
        if (file->pMethods == &methods.asking)
            return *methods.original;
    return *file->pMethods;
}

int sync_or_fail(sqlite3_file* file, int flags)
{
    int const code = syncs_before_failure.fetch_sub(1) == 0 ? code_once.load() : sync_code.load();
    return code != SQLITE_OK ? code : original_of(file).xSync(file, flags);
}

int write_or_fail(sqlite3_file* file, void const* bytes, int size, sqlite3_int64 offset)
{
    int const code = write_code.load();
    return code != SQLITE_OK ? code : original_of(file).xWrite(file, bytes, size, offset);
}

int read_or_fail(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset)
{
    if (++reads_so_far == read_to_wait_for)
        in_that_read();
    int const code = read_code.load();
    return code != SQLITE_OK ? code : original_of(file).xRead(file, bytes, size, offset);
}

sqlite3_io_methods const* asking_for(sqlite3_io_methods const* original)
{
    std::lock_guard const lock{mutex};
    for (auto& methods : known) {
        if (methods.original == nullptr) {
            methods.original = original;
            methods.asking = *original;
            methods.asking.xSync = sync_or_fail;
            methods.asking.xWrite = write_or_fail;
            methods.asking.xRead = read_or_fail;
        }
        if (methods.original == original)
            return &methods.asking;
    }
    return original;
}

int open_file(sqlite3_vfs*, char const* name, sqlite3_file* file, int flags, int* out)
{
    int const code = real->xOpen(real, name, file, flags, out);
    if (code == SQLITE_OK && file->pMethods != nullptr)
        file->pMethods = asking_for(file->pMethods);
    return code;
}

} // namespace

FaultyDisk::FaultyDisk()
{
    real = sqlite3_vfs_find(nullptr);
    ours = *real;
    ours.zName = "faulty";
    ours.xOpen = open_file;
    sqlite3_vfs_register(&ours, 1);
}

FaultyDisk::~FaultyDisk()
{
    fail_syncs(SQLITE_OK);
    fail_writes(SQLITE_OK);
    fail_reads(SQLITE_OK);
    before_read(0, {});
    sqlite3_vfs_unregister(&ours);
    sqlite3_vfs_register(real, 1);
}

void FaultyDisk::fail_syncs(int code) noexcept
{
    sync_code.store(code);
}

void FaultyDisk::fail_sync_once(int n, int code) noexcept
{
    code_once.store(code);
    syncs_before_failure.store(n - 1);
}

bool FaultyDisk::sync_failed() const noexcept
{
    return syncs_before_failure.load() < 0;
}

void FaultyDisk::fail_writes(int code) noexcept
{
    write_code.store(code);
}

void FaultyDisk::fail_reads(int code) noexcept
{
    read_code.store(code);
}

void FaultyDisk::before_read(int n, std::function<void()> what)
{
    reads_so_far.store(0);
    read_to_wait_for = n;
    in_that_read = std::move(what);
}

int FaultyDisk::reads() const noexcept
{
    return reads_so_far.load();
}

} // namespace deskbridge::test
