#include "lock_file.hpp"

#include "file.hpp"

#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace deskbridge::store {

namespace {

std::string holder_of(int descriptor)
{
    std::array<char, 32> text{};
    auto const size = ::pread(descriptor, text.data(), text.size(), 0);
    std::string_view pid{text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
    pid = pid.substr(0, pid.find_first_not_of("0123456789"));
    return pid.empty() ? "another process" : "process " + std::string{pid};
}

/// SQLite finds the log of a file by its name: under another name it would not see what is in there, and write a second one.
Result<void> check_only_name(std::filesystem::path const& database)
{
    struct stat found {};
    if (::stat(database.c_str(), &found) != 0 || found.st_nlink <= 1)
        return {};
    return Error{Fault::conflict, "the database " + database.string() + " has a second name (a hard link), under which its log would be missed; "
                                  "find it with find FOLDER -samefile " + database.string() + ", and remove one of them"};
}

bool write_pid(int descriptor)
{
    auto const pid = std::to_string(::getpid()) + "\n";
    return ::ftruncate(descriptor, 0) == 0 && ::pwrite(descriptor, pid.data(), pid.size(), 0) == static_cast<ssize_t>(pid.size());
}

} // namespace

std::filesystem::path real_name(std::filesystem::path const& database)
{
    std::error_code error;
    auto real = std::filesystem::canonical(database, error);
    return error ? database : real;
}

Result<LockFile> LockFile::take(std::filesystem::path const& database)
{
    if (auto only = check_only_name(database); !only)
        return only.error();
    auto const file = std::filesystem::path{real_name(database).string() + ".lock"};
    LockFile lock{::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (lock.descriptor_ < 0)
        return file_error("open", file, errno);
    if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return file_error("lock", file, errno);
        return Error{Fault::conflict, "the database " + database.string() + " is in use by " + holder_of(lock.descriptor_) +
                                          ": only one daemon may open it; stop that one first"};
    }
    if (!write_pid(lock.descriptor_))
        return file_error("write", file, errno);
    return lock;
}

bool LockFile::give_to(unsigned user, unsigned group) const noexcept
{
    struct stat status {};
    return ::fstat(descriptor_, &status) == 0 && (status.st_uid != ::geteuid() || ::fchown(descriptor_, user, group) == 0);
}

LockFile::~LockFile()
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

Result<void> prepare_file(std::filesystem::path const& database)
{
    auto const directory = folder_of(database);
    std::error_code error;
    if (!std::filesystem::exists(directory, error)) {
        if (directory.has_parent_path())
            std::filesystem::create_directories(directory.parent_path(), error);
        if (!error && ::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
            error.assign(errno, std::generic_category());
        if (error)
            return file_error("create", directory, error.value());
    }
    int const created = ::open(database.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (created >= 0)
        ::close(created);
    else if (errno != EEXIST)
        return file_error("create", database, errno);
    return {};
}

} // namespace deskbridge::store
