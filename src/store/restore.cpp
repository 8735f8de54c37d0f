#include "deskbridge/store/backup.hpp"

#include "connection.hpp"
#include "copy.hpp"
#include "file.hpp"
#include "lock_file.hpp"

#include <array>
#include <cerrno>
#include <ctime>
#include <system_error>

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

/// The database keeps its name until the copy takes it, so that at no moment a daemon would find nothing and begin afresh. Its
/// log goes first: beside another database it would be taken for that one's.
Result<std::optional<fs::path>> set_aside(fs::path const& database, Timestamp now)
{
    std::error_code ec;
    if (!fs::exists(database, ec))
        return std::optional<fs::path>{};
    auto const aside = fs::path{database.string() + ".replaced-" + stamp(now)};
    if (::link(database.c_str(), aside.c_str()) != 0)
        return file_error("keep the old database as", aside, errno);
    if (!move_if_there(database.string() + "-wal", aside.string() + "-wal"))
        return file_error("keep the old log as", aside.string() + "-wal", errno);
    ::unlink((database.string() + "-shm").c_str());
    return std::optional{aside};
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
        ::unlink(part.c_str());
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
    auto const part = fs::path{database.string() + ".restore"};
    if (auto const copied = copy_into(part, backup); !copied)
        return copied.error();
    auto const aside = set_aside(database, now);
    if (!aside)
        return aside.error();
    if (::rename(part.c_str(), database.c_str()) != 0)
        return file_error("put the copy in place as", database, errno);
    if (auto const synced = sync_path(folder_of(database)); !synced)
        return synced.error();
    return Restored{*aside, *inspection};
}

} // namespace deskbridge::store
