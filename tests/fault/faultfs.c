// A layer between one process and its files, preloaded (LD_PRELOAD): it writes down what happens to the files below one
// folder, in order and with the data, and makes calls fail on demand. See faultfs.h for the environment and the record.
#define _GNU_SOURCE
#include "faultfs_state.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct faultfs_descriptor faultfs_table[faultfs_descriptors];

static struct {
    char folder[PATH_MAX];
    size_t folder_size;
    int record;
    int fail_kind; // a faultfs_kind whose n-th call fails; 0: none
    long fail_at;
    int fail_with; // an errno, 0 for a short write, `lie` or `die`
    bool for_ever;
    long delay_ms; // before every sync
    atomic_long calls[faultfs_kinds];
    atomic_uint_fast64_t last_handle;
    atomic_uint_fast64_t last_sync;
} state = {.record = -1};

void faultfs_write_down(struct faultfs_entry entry, void const* bytes)
{
    if (state.record < 0)
        return;
    int const kept = errno;
    entry.magic = faultfs_magic;
    struct iovec parts[2] = {{&entry, sizeof entry}, {(void*)bytes, entry.size}};
    // One call on an O_APPEND descriptor: the entry's place in the file is its place in the sequence, for all threads.
    long const written = syscall(SYS_writev, state.record, parts, 2);
    if (written != (long)(sizeof entry + entry.size))
        abort(); // a record with holes would be believed
    errno = kept;
}

bool faultfs_recording(void)
{
    return state.record >= 0;
}

enum {
    lie = -1, // instead of an errno: nothing is done, and the answer is success
    die = -2, // the process is killed before the call
};

static int errno_of(char const* name)
{
    return strcmp(name, "LIE") == 0 ? lie : strcmp(name, "KILL") == 0 ? die : strcmp(name, "ENOSPC") == 0 ? ENOSPC : strcmp(name, "EINTR") == 0 ? EINTR : strcmp(name, "SHORT") == 0 ? 0 : EIO;
}

static void read_order(char const* order)
{
    char kind[16] = "", error[16] = "", how[16] = "";
    if (!order || sscanf(order, "%15[^:]:%ld:%15[^:]:%15s", kind, &state.fail_at, error, how) != 4)
        return;
    state.fail_kind = strcmp(kind, "sync") == 0 ? faultfs_sync_done : strcmp(kind, "write") == 0 ? faultfs_write : faultfs_open;
    state.fail_with = errno_of(error);
    state.for_ever = strcmp(how, "ever") == 0;
}

__attribute__((constructor)) static void begin(void)
{
    char const* folder = getenv("FAULTFS_FOLDER");
    char const* file = getenv("FAULTFS_RECORD");
    char const* delay = getenv("FAULTFS_DELAY_MS");
    if (!folder || strlen(folder) >= sizeof state.folder)
        return;
    strcpy(state.folder, folder);
    state.folder_size = strlen(folder);
    state.delay_ms = delay ? atol(delay) : 0;
    read_order(getenv("FAULTFS_FAIL"));
    if (!file)
        return;
    long const opened = syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    state.record = (int)syscall(SYS_fcntl, opened, F_DUPFD_CLOEXEC, 900); // out of the way of low numbers
    syscall(SYS_close, opened);
}

static bool watched(char const* path)
{
    return state.folder_size > 0 && strncmp(path, state.folder, state.folder_size) == 0 &&
           (path[state.folder_size] == '/' || path[state.folder_size] == '\0');
}

static uint64_t handle_of(int fd)
{
    return fd >= 0 && fd < faultfs_descriptors ? faultfs_table[fd].handle : 0;
}

// Must this call fail? Sets errno; a short write leaves it 0.
static bool fails(int kind, uint64_t handle)
{
    char const* const name = kind == faultfs_sync_done ? "sync" : kind == faultfs_write ? "write" : "name";
    long const n = ++state.calls[kind];
    if (kind != state.fail_kind || n < state.fail_at || (n > state.fail_at && !state.for_ever))
        return false;
    faultfs_write_down((struct faultfs_entry){.kind = faultfs_fault, .handle = handle, .offset = (uint64_t)n, .size = strlen(name)}, name);
    if (state.fail_with == die)
        syscall(SYS_kill, getpid(), SIGKILL);
    errno = state.fail_with;
    return true;
}

static int opened(int fd, char const* path, int flags, bool existed)
{
    if (fd < 0 || fd >= faultfs_descriptors)
        return fd;
    uint64_t const handle = ++state.last_handle;
    faultfs_table[fd].handle = handle;
    uint64_t const what = ((flags & O_DIRECTORY) ? faultfs_is_folder : 0) | (existed ? 0 : faultfs_created) | ((flags & O_TRUNC) ? faultfs_emptied : 0);
    faultfs_write_down((struct faultfs_entry){.kind = faultfs_open, .handle = handle, .offset = what, .size = strlen(path)}, path);
    return fd;
}

static int open_watched(int (*next)(char const*, int, ...), char const* path, int flags, mode_t mode)
{
    struct stat there;
    if (!watched(path))
        return next(path, flags, mode);
    bool const existed = stat(path, &there) == 0;
    bool const folder = existed && S_ISDIR(there.st_mode); // SQLite opens it without O_DIRECTORY
    if (!folder && (flags & O_ACCMODE) == O_RDONLY)
        return next(path, flags, mode);
    if (!existed && (flags & O_CREAT) && fails(faultfs_open, 0))
        return -1;
    return opened(next(path, flags, mode), path, folder ? flags | O_DIRECTORY : flags, existed);
}

#define OPEN(name) \
    int name(char const* path, int flags, ...) \
    { \
        NEXT(name); \
        va_list rest; \
        va_start(rest, flags); \
        mode_t const mode = (flags & (O_CREAT | __O_TMPFILE)) ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        return open_watched(next, path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

// The C library opens these with a call of its own, which is not ours.
#define MAKE_TEMPORARY(name) \
    int name(char* path, int flags) \
    { \
        NEXT(name); \
        if (!watched(path)) \
            return next(path, flags); \
        if (fails(faultfs_open, 0)) \
            return -1; \
        return opened(next(path, flags), path, flags, false); \
    }
MAKE_TEMPORARY(mkostemp)
MAKE_TEMPORARY(mkostemp64)

int close(int fd)
{
    NEXT(close);
    if (fd >= 0 && fd == state.record)
        return 0;
    if (fd >= 0 && fd < faultfs_descriptors) {
        faultfs_table[fd].handle = 0;
        faultfs_table[fd].asked = 0;
    }
    return next(fd);
}

// Entries of writes follow the call and those of a sync's begin precede it: what the record calls synced, was.
static ssize_t write_watched(ssize_t (*next)(int, void const*, size_t, off_t), int fd, void const* bytes, size_t size, off_t at)
{
    size_t wanted = size;
    if (fails(faultfs_write, handle_of(fd))) {
        if (state.fail_with != 0)
            return -1;
        wanted = size > 1 ? size / 2 : size;
    }
    ssize_t const done = next(fd, bytes, wanted, at);
    if (done > 0)
        faultfs_write_down((struct faultfs_entry){.kind = faultfs_write, .handle = handle_of(fd), .offset = (uint64_t)at, .size = (uint64_t)done}, bytes);
    return done;
}

#define PWRITE(name, offset_type) \
    ssize_t name(int fd, void const* bytes, size_t size, offset_type at) \
    { \
        NEXT(name); \
        return handle_of(fd) ? write_watched(next, fd, bytes, size, at) : next(fd, bytes, size, at); \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

static ssize_t append(int fd, void const* bytes, size_t size, off_t at)
{
    (void)at;
    return syscall(SYS_write, fd, bytes, size);
}

ssize_t write(int fd, void const* bytes, size_t size)
{
    NEXT(write);
    if (handle_of(fd))
        return write_watched(append, fd, bytes, size, lseek(fd, 0, SEEK_CUR));
    faultfs_mark_answer(fd, bytes, size);
    return next(fd, bytes, size);
}

static int resize_watched(int (*next)(int, off_t), int fd, off_t size)
{
    if (fails(faultfs_write, handle_of(fd))) {
        errno = state.fail_with ? state.fail_with : EINTR;
        return -1;
    }
    int const done = next(fd, size);
    if (done == 0)
        faultfs_write_down((struct faultfs_entry){.kind = faultfs_resize, .handle = handle_of(fd), .offset = (uint64_t)size}, NULL);
    return done;
}

#define RESIZE(name, offset_type) \
    int name(int fd, offset_type size) \
    { \
        NEXT(name); \
        return handle_of(fd) ? resize_watched(next, fd, size) : next(fd, size); \
    }
RESIZE(ftruncate, off_t)
RESIZE(ftruncate64, off64_t)

static int sync_watched(int (*next)(int), int fd)
{
    if (state.delay_ms > 0) {
        struct timespec const pause = {state.delay_ms / 1000, state.delay_ms % 1000 * 1000000};
        nanosleep(&pause, NULL);
    }
    if (fails(faultfs_sync_done, handle_of(fd)))
        return state.fail_with == lie ? 0 : -1;
    uint64_t const which = ++state.last_sync;
    faultfs_write_down((struct faultfs_entry){.kind = faultfs_sync_begun, .handle = handle_of(fd), .offset = which}, NULL);
    int const done = next(fd);
    if (done == 0)
        faultfs_write_down((struct faultfs_entry){.kind = faultfs_sync_done, .handle = handle_of(fd), .offset = which}, NULL);
    return done;
}

#define SYNC(name) \
    int name(int fd) \
    { \
        NEXT(name); \
        return handle_of(fd) ? sync_watched(next, fd) : next(fd); \
    }
SYNC(fsync)
SYNC(fdatasync)

int unlink(char const* path)
{
    NEXT(unlink);
    if (!watched(path))
        return next(path);
    if (fails(faultfs_open, 0))
        return -1;
    int const done = next(path);
    if (done == 0)
        faultfs_write_down((struct faultfs_entry){.kind = faultfs_unlink, .size = strlen(path)}, path);
    return done;
}

int rename(char const* from, char const* to)
{
    NEXT(rename);
    if (!watched(from) && !watched(to))
        return next(from, to);
    if (fails(faultfs_open, 0))
        return -1;
    int const done = next(from, to);
    char both[2 * PATH_MAX];
    int const size = snprintf(both, sizeof both, "%s\n%s", from, to);
    if (done == 0)
        faultfs_write_down((struct faultfs_entry){.kind = faultfs_rename, .size = (uint64_t)size}, both);
    return done;
}
