#include "deskbridge/store/backup.hpp"

#include "connection.hpp"
#include "copy.hpp"
#include "file.hpp"
#include "lock_file.hpp"

#include <array>
#include <cerrno>
#include <ctime>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace deskbridge::store {

namespace {

namespace fs = std::filesystem;

std::string stamp(Timestamp now)
{
    auto const seconds = static_cast<std::time_t>(to_ms(now) / 1000);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &parts);
    return text.data();
}

bool move_if_there(fs::path const& from, fs::path const& to)
{
    return ::rename(from.c_str(), to.c_str()) == 0 || errno == ENOENT;
}

fs::path log_of(fs::path const& database)
{
    return database.string() + "-wal";
}

/// A file that is under way: gone at the end, unless it has got its name.
class Part {
public:
    explicit Part(fs::path path) : path_{std::move(path)} {}
    ~Part()
    {
        if (!named_)
            ::unlink(path_.c_str());
    }
    Part(Part const&) = delete;
    Part& operator=(Part const&) = delete;
    [[nodiscard]] fs::path const& path() const noexcept { return path_; }
    [[nodiscard]] Result<void> name(fs::path const& file)
    {
        named_ = ::rename(path_.c_str(), file.c_str()) == 0;
        if (!named_)
            return file_error("put the copy in place as", file, errno);
        return {};
    }

private:
    fs::path path_;
    bool named_{false};
};

/// Root restores for a service that runs as somebody else: copy and lock belong to whom the old database belongs to, or else the
/// folder. By descriptor, for the folder is not root's.
Result<void> hand_over(fs::path const& part, LockFile const& lock, fs::path const& database)
{
    struct stat owner {};
    if (::geteuid() != 0 || (::stat(database.c_str(), &owner) != 0 && ::stat(folder_of(database).c_str(), &owner) != 0))
        return {};
    int const fd = ::open(part.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    struct stat copy {};
    bool const ours = fd >= 0 && ::fstat(fd, &copy) == 0 && S_ISREG(copy.st_mode) && copy.st_nlink == 1 && copy.st_uid == 0;
    bool const given = ours && ::fchown(fd, owner.st_uid, owner.st_gid) == 0 && lock.give_to(owner.st_uid, owner.st_gid);
    auto const why = ours ? errno : EPERM;
    if (fd >= 0)
        ::close(fd);
    if (!given)
        return file_error("give the copy to the owner of the database", part, why);
    return {};
}

/// The database keeps its name until the copy takes it, so that at no moment a daemon would find nothing and begin afresh. Its
/// log goes first: beside another database it would be taken for that one's. After an error all is as it was.
Result<std::optional<fs::path>> set_aside(fs::path const& database, Timestamp now)
{
    std::error_code ec;
    if (!fs::exists(database, ec))
        return std::optional<fs::path>{};
    auto const aside = fs::path{database.string() + ".replaced-" + stamp(now)};
    if (::link(database.c_str(), aside.c_str()) != 0)
        return file_error("keep the old database as", aside, errno);
    if (!move_if_there(log_of(database), log_of(aside))) {
        auto const failed = file_error("keep the old log as", log_of(aside), errno);
        ::unlink(aside.c_str());
        return failed;
    }
    ::unlink((database.string() + "-shm").c_str());
    return std::optional{aside};
}

/// The database still has its name, and gets its log again; without that log what was written last would be missing.
Error put_back(fs::path const& database, fs::path const& aside, Error why)
{
    if (move_if_there(log_of(aside), log_of(database)))
        ::unlink(aside.c_str());
    else
        why.detail += "; the old database lacks its log now: rename " + log_of(aside).string() + " to " + log_of(database).string() +
                      " before anything opens it";
    return why;
}

Result<void> copy_into(fs::path const& part, fs::path const& backup)
{
    if (auto const made = make_empty(part); !made)
        return made;
    try {
        Connection source{backup, Connection::Role::reader};
        copy_database(source, part, [](std::int64_t, std::int64_t) { return true; });
        return {};
    } catch (SqliteError const& error) {
        return Error{Fault::storage, "cannot copy " + backup.string() + " to " + part.string() + ": " + error.as_error().detail};
    }
}

Result<Inspection> sound(fs::path const& backup)
{
    auto inspection = inspect(backup);
    if (inspection && !inspection->findings.empty())
        return Error{Fault::malformed, backup.string() + " is not sound: " + inspection->findings.front() +
                                           "; all that is wrong: deskbridge db check " + backup.string()};
    return inspection;
}

} // namespace

Result<Restored> restore(fs::path const& database, fs::path const& backup, Timestamp now)
{
    std::error_code ec;
    if (fs::equivalent(database, backup, ec))
        return Error{Fault::malformed, backup.string() + " is the database itself"};
    auto const inspection = sound(backup);
    if (!inspection)
        return inspection.error();
    if (!database.parent_path().empty())
        fs::create_directories(database.parent_path(), ec);
    auto const lock = LockFile::take(database);
    if (!lock)
        return lock.error();
    Part part{database.string() + ".restore"};
    if (auto const copied = copy_into(part.path(), backup); !copied)
        return copied.error();
    if (auto const owned = hand_over(part.path(), *lock, database); !owned)
        return owned.error();
    auto const aside = set_aside(database, now);
    if (!aside)
        return aside.error();
    if (auto const named = part.name(database); !named)
        return *aside ? put_back(database, **aside, named.error()) : named.error();
    if (auto const synced = sync_path(folder_of(database)); !synced)
        return synced.error();
    return Restored{*aside, *inspection};
}

} // namespace deskbridge::store
