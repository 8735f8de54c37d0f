#include "disk_guard.hpp"

#include "file.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace deskbridge::store {

namespace {

constexpr std::chrono::seconds rest_after_full{2}; // whoever filled the disk may not be done yet

bool has_blocks(int fd, std::uint64_t size)
{
    struct stat status {};
    return ::fstat(fd, &status) == 0 && static_cast<std::uint64_t>(status.st_size) == size &&
           static_cast<std::uint64_t>(status.st_blocks) * 512 >= size;
}

int write_zeros(int fd, std::uint64_t size)
{
    std::vector<char> const zeros(1 << 20);
    for (std::uint64_t at = 0; at < size;) {
        auto const part = std::min<std::uint64_t>(zeros.size(), size - at);
        auto const n = ::pwrite(fd, zeros.data(), part, static_cast<off_t>(at));
        if (n <= 0)
            return n < 0 ? errno : ENOSPC;
        at += static_cast<std::uint64_t>(n);
    }
    return 0;
}

/// Blocks that are really there. Answers an errno.
int fill(int fd, std::uint64_t size)
{
    if (has_blocks(fd, size))
        return 0;
    if (::ftruncate(fd, 0) != 0)
        return errno;
    if (::fallocate(fd, 0, 0, static_cast<off_t>(size)) != 0) {
        if (errno != EOPNOTSUPP && errno != ENOSYS)
            return errno;
        if (int const failed = write_zeros(fd, size); failed != 0)
            return failed;
    }
    return ::fsync(fd) == 0 ? 0 : errno;
}

/// Nullopt: there is no such file. A file system that does not answer is no proof of that: then `otherwise`.
std::optional<FileIdentity> identity_of(std::filesystem::path const& file, std::optional<FileIdentity> const& otherwise)
{
    struct stat status {};
    if (::stat(file.c_str(), &status) == 0)
        return FileIdentity{status.st_dev, status.st_ino};
    return errno == ENOENT || errno == ENOTDIR ? std::nullopt : otherwise;
}

} // namespace

std::filesystem::path ballast_file(std::filesystem::path const& database)
{
    return database.string() + ".ballast";
}

std::optional<std::uint64_t> free_space(std::filesystem::path const& path) noexcept
{
    struct statvfs figures {};
    if (::statvfs(path.c_str(), &figures) != 0)
        return std::nullopt;
    return static_cast<std::uint64_t>(figures.f_bavail) * figures.f_frsize;
}

DiskGuard::DiskGuard(StoreSettings const& settings, Log& log, Metrics& metrics)
    : settings_{settings},
      log_{log},
      ballast_{ballast_file(settings.path)},
      free_bytes_{metrics.gauge("deskbridge_disk_free_bytes")},
      low_gauge_{metrics.gauge("deskbridge_disk_low")},
      ballast_bytes_{metrics.gauge("deskbridge_disk_ballast_bytes")},
      full_total_{metrics.counter("deskbridge_disk_full_total")},
      identity_{identity_of(settings.path, std::nullopt)}
{
    if (settings_.ballast == 0)
        ::unlink(ballast_.c_str()); // of a configuration before this one
    look();
}

DiskGuard::~DiskGuard()
{
    stop();
}

void DiskGuard::start()
{
    if (settings_.low_water > 0 || settings_.ballast > 0)
        thread_ = std::thread{[this] { run(); }};
}

void DiskGuard::stop()
{
    {
        std::lock_guard const lock{mutex_};
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

void DiskGuard::run()
{
    std::unique_lock lock{mutex_};
    while (!wake_.wait_for(lock, settings_.disk_look, [this] { return stopping_; })) {
        lock.unlock();
        look();
        lock.lock();
    }
}

void DiskGuard::look()
{
    look_for_file();
    auto const free = free_space(settings_.path);
    if (!free)
        return; // a disk that does not answer is not a full one; writing to it tells more
    free_bytes_.set(static_cast<std::int64_t>(*free));
    std::lock_guard const lock{mutex_};
    settle(*free);
}

/// The process still holds what was removed, and is the last to do so: it does not stop, it refuses.
void DiskGuard::look_for_file()
{
    bool const gone = identity_of(settings_.path, identity_) != identity_;
    if (file_gone_.exchange(gone, std::memory_order_acq_rel) == gone)
        return;
    if (gone)
        log_.error("store_file_gone", {{"file", settings_.path.string()},
                                       {"next", "do not stop the daemon: move the file and its -wal back, or copy both out of /proc/" +
                                                    std::to_string(::getpid()) + "/fd; only then restart"}});
    else
        log_.info("store_file_back", {{"file", settings_.path.string()}});
}

void DiskGuard::settle(std::uint64_t free)
{
    bool const resting = full_at_ != Clock::time_point{} && Clock::now() - full_at_ < rest_after_full;
    auto const wanted = settings_.low_water + (ballast_made_ ? 0 : settings_.ballast);
    bool const room = free >= wanted && !resting && (ballast_made_ || make_ballast());
    if (room == !low())
        return;
    low_.store(!room, std::memory_order_release);
    low_gauge_.set(room ? 0 : 1);
    if (room)
        log_.info("disk_has_room", {{"bytes", free}, {"ballast", ballast_made_}});
    else
        log_.warning("disk_low", {{"bytes", free}, {"needed", wanted}, {"file", settings_.path.string()}});
}

/// False: there is no room for it after all. Where it cannot be made for another reason it is done without.
bool DiskGuard::make_ballast()
{
    if (settings_.ballast == 0)
        return true;
    Descriptor const file{::open(ballast_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
    int const failed = file.get() < 0 ? errno : fill(file.get(), settings_.ballast);
    if (failed == 0) {
        ballast_made_ = true;
        ballast_bytes_.set(static_cast<std::int64_t>(settings_.ballast));
        return true;
    }
    ::unlink(ballast_.c_str());
    if (failed == ENOSPC || failed == EDQUOT)
        return false;
    if (!std::exchange(ballast_told_, true))
        log_.warning("ballast_not_made", {{"file", ballast_.string()}, {"reason", std::generic_category().message(failed)}});
    return true;
}

void DiskGuard::drop_ballast() noexcept
{
    ::unlink(ballast_.c_str());
    ballast_made_ = false;
    ballast_bytes_.set(0);
}

void DiskGuard::full() noexcept
{
    full_total_.add();
    std::lock_guard const lock{mutex_};
    full_at_ = Clock::now();
    bool const given = ballast_made_;
    drop_ballast();
    if (settings_.low_water == 0 && settings_.ballast == 0)
        return; // nobody would look again
    if (low_.exchange(true, std::memory_order_acq_rel) && !given)
        return;
    low_gauge_.set(1);
    log_.error("disk_full", {{"file", settings_.path.string()}, {"ballast", given}});
}

} // namespace deskbridge::store
