#include "small_disk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <vector>

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace fault {

SmallDisk::SmallDisk(std::filesystem::path folder, int mebibytes) : folder_{std::move(folder)}
{
    std::filesystem::create_directories(folder_);
    auto const options = fmt::format("size={}m,mode=0700", mebibytes);
    if (::mount("none", folder_.c_str(), "tmpfs", 0, options.c_str()) != 0)
        throw std::runtime_error(fmt::format("cannot mount {}: {}", folder_.string(), std::strerror(errno)));
}

SmallDisk::~SmallDisk()
{
    ::umount2(folder_.c_str(), MNT_DETACH);
}

std::uint64_t SmallDisk::free_bytes() const
{
    struct statvfs figures {};
    ::statvfs(folder_.c_str(), &figures);
    return static_cast<std::uint64_t>(figures.f_bavail) * figures.f_frsize;
}

void SmallDisk::fill(std::uint64_t left)
{
    int const fd = ::open((folder_ / "filler").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    std::vector<char> const block(64 << 10, 'x');
    while (free_bytes() > left) {
        auto const part = std::min<std::uint64_t>(block.size(), free_bytes() - left);
        if (::write(fd, block.data(), part) <= 0)
            break;
    }
    ::close(fd);
}

void SmallDisk::free_up()
{
    std::filesystem::remove(folder_ / "filler");
}

} // namespace fault
