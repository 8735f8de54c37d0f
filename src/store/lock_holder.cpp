#include "lock_holder.hpp"

#include <fstream>
#include <iterator>
#include <sstream>

#include <sys/stat.h>
#include <unistd.h>

namespace deskbridge::store {

namespace {

constexpr long write_lock_byte = 120;

std::string read_all(std::string const& file)
{
    std::ifstream in{file};
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// "EOF" and whatever else is no number: to the end.
long byte_of(std::string const& word)
{
    std::istringstream in{word};
    long byte = 0;
    return in >> byte ? byte : write_lock_byte;
}

} // namespace

pid_t find_write_locker(std::string_view locks, ino_t shm, pid_t self)
{
    std::istringstream lines{std::string{locks}};
    auto const place = ':' + std::to_string(shm);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words{line}; // 1: POSIX  ADVISORY  WRITE 4711 fe:00:133713 120 120
        std::string id, kind, advisory, mode, on, from, to;
        pid_t who = 0;
        bool const read = static_cast<bool>(words >> id >> kind >> advisory >> mode >> who >> on >> from >> to);
        if (read && mode == "WRITE" && who > 0 && who != self && on.ends_with(place) && byte_of(from) <= write_lock_byte &&
            byte_of(to) >= write_lock_byte)
            return who;
    }
    return 0;
}

std::string find_write_locker(std::filesystem::path const& database)
{
    struct stat shm {};
    auto const who = ::stat((database.string() + "-shm").c_str(), &shm) == 0 ? find_write_locker(read_all("/proc/locks"), shm.st_ino, ::getpid()) : 0;
    if (who == 0)
        return "another program";
    auto name = read_all("/proc/" + std::to_string(who) + "/comm");
    name.erase(name.find_last_not_of('\n') + 1);
    return (name.empty() ? "another program" : name) + " (process " + std::to_string(who) + ")";
}

} // namespace deskbridge::store
