#include "lock_holder.hpp"

#include <charconv>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fcntl.h>

namespace deskbridge::store {

namespace {

namespace fs = std::filesystem;

constexpr off_t write_lock_byte = 120;

/// -1: this process has not opened it.
int open_descriptor(fs::path const& file)
{
    std::error_code error;
    for (fs::directory_iterator each{"/proc/self/fd", error}, end; !error && each != end; each.increment(error)) {
        std::error_code gone;
        if (fs::read_symlink(each->path(), gone) != file)
            continue;
        auto const name = each->path().filename().string();
        int descriptor = -1;
        std::from_chars(name.data(), name.data() + name.size(), descriptor);
        return descriptor;
    }
    return -1;
}

/// 0: nobody that is told of.
pid_t process_that_writes(int descriptor)
{
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = write_lock_byte;
    lock.l_len = 1;
    bool const told = descriptor >= 0 && ::fcntl(descriptor, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    return told && lock.l_pid > 0 ? lock.l_pid : 0;
}

} // namespace

std::string find_write_locker(fs::path const& database)
{
    std::error_code error;
    auto const who = process_that_writes(open_descriptor(fs::canonical(database, error).string() + "-shm"));
    if (who == 0)
        return "another program";
    std::ifstream in{"/proc/" + std::to_string(who) + "/comm"};
    std::string name{std::istreambuf_iterator<char>{in}, {}};
    name.erase(name.find_last_not_of('\n') + 1);
    return (name.empty() ? "another program" : name) + " (process " + std::to_string(who) + ")";
}

} // namespace deskbridge::store
