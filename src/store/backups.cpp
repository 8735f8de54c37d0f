#include "backups.hpp"

#include "connection.hpp"
#include "copy.hpp"
#include "disk_guard.hpp"
#include "file.hpp"
#include "lock_file.hpp"
#include "migrations.hpp"

#include <cerrno>
#include <fstream>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

namespace deskbridge::store {

namespace {

namespace fs = std::filesystem;
using State = BackupProgress::State;

std::uint64_t device_of(fs::path const& path)
{
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_dev) : 0;
}

std::uint64_t size_of(fs::path const& file)
{
    std::error_code missing;
    auto const size = fs::file_size(file, missing);
    return missing ? 0 : size;
}

/// The database, by whatever path, or what lies beside it under its name: its log, its lock, its ballast.
bool is_of_database(fs::path const& file, fs::path const& database)
{
    std::error_code ec;
    auto const same = [&](fs::path const& other) {
        return fs::equivalent(file, other, ec) || (file.filename() == other.filename() && fs::equivalent(file.parent_path(), folder_of(other), ec));
    };
    for (auto const& name : {database, real_name(database)})
        for (auto const* suffix : {"", "-wal", "-shm", "-journal", ".lock", ".ballast"})
            if (same(name.string() + suffix))
                return true;
    return false;
}

/// A backup that no daemon has opened since. Nothing else may be lost to a slip of the hand: keys, configurations, what a restore put aside.
bool is_earlier_copy(fs::path const& file)
{
    constexpr std::string_view magic{"SQLite format 3\0", 16};
    std::string header(magic.size(), '\0');
    if (!std::ifstream{file, std::ios::binary}.read(header.data(), static_cast<std::streamsize>(header.size())) || header != magic)
        return false;
    try {
        Connection copy{file, Connection::Role::reader};
        return copy.integer("PRAGMA application_id") == application_id && copy.integer(count_backup_mark) != 0;
    } catch (SqliteError const&) {
        return false;
    }
}

/// Under way it has a name that nobody else gives to a file.
fs::path part_of(fs::path const& file)
{
    return file.parent_path() / ("." + file.filename().string() + ".deskbridge-part");
}

/// Where the copy will be must be a place for it, before anything is begun.
Result<void> check_place(fs::path const& file, fs::path const& database, bool replace)
{
    if (!file.is_absolute() || !file.has_filename())
        return Error{Fault::malformed, file.string() + " is not the absolute path of a file"};
    std::error_code ec;
    if (!fs::is_directory(file.parent_path(), ec))
        return Error{Fault::malformed, "the daemon sees no directory " + file.parent_path().string()};
    auto const kind = fs::symlink_status(file, ec).type();
    if (kind == fs::file_type::none)
        return Error{Fault::malformed, "the daemon cannot look at " + file.string() + ": " + ec.message()};
    if (is_of_database(file, database))
        return Error{Fault::malformed, file.string() + " is the database itself, or belongs to it"};
    if (kind != fs::file_type::not_found && kind != fs::file_type::regular)
        return Error{Fault::malformed, file.string() + " is there, and is not a file"};
    if (kind == fs::file_type::regular && !replace)
        return Error{Fault::conflict, file.string() + " is there already; --force replaces it, if it is an earlier copy"};
    for (auto const* log : {"-wal", "-journal"})
        if (fs::exists(fs::symlink_status(file.string() + log, ec)))
            return Error{Fault::conflict, file.string() + log + " is there: SQLite would take it for the copy's own log"};
    if (kind == fs::file_type::regular && !is_earlier_copy(file))
        return Error{Fault::conflict, file.string() + " is there, and --force replaces earlier backups only: this is none, or a daemon has opened it"};
    if (::access(file.parent_path().c_str(), W_OK | X_OK) != 0)
        return Error{Fault::storage, "the daemon may not write to " + file.parent_path().string() + " (" +
                                         std::generic_category().message(errno) +
                                         "): name a directory of its user; as a service it writes below its StateDirectory alone"};
    return {};
}

/// What is copied must fit, and on the database's own disk leave room for the database.
Result<void> check_room(fs::path const& file, StoreSettings const& settings, bool same_disk)
{
    auto const needed = size_of(settings.path) + size_of(settings.path.string() + "-wal") + (same_disk ? settings.low_water : 0);
    auto const free = free_space(file.parent_path());
    if (!free || *free >= needed)
        return {};
    return Error{Fault::storage, "the backup needs " + std::to_string(needed >> 20) + " MiB of free space in " +
                                     file.parent_path().string() + ", and there are " + std::to_string(*free >> 20)};
}

} // namespace

std::string_view render_backup_state(State state) noexcept
{
    switch (state) {
    case State::none: break;
    case State::copying: return "copying";
    case State::checking: return "checking";
    case State::done: return "done";
    case State::failed: return "failed";
    }
    return "none";
}

Backups::Backups(StoreSettings const& settings, Log& log, Metrics& metrics, std::function<bool()> disk_low)
    : settings_{settings},
      log_{log},
      done_{metrics.counter("deskbridge_backups_total", metric_label("outcome", "done"))},
      failed_{metrics.counter("deskbridge_backups_total", metric_label("outcome", "failed"))},
      disk_low_{std::move(disk_low)}
{
}

Backups::~Backups()
{
    stop();
}

void Backups::break_off(Why why) noexcept
{
    auto none = Why::none;
    why_.compare_exchange_strong(none, why);
}

void Backups::stop()
{
    break_off(Why::closing);
    std::lock_guard const lock{starting_};
    stopped_ = true;
    break_off(Why::closing); // of what was begun meanwhile
    if (thread_.joinable())
        thread_.join();
}

bool Backups::busy() const
{
    auto const state = progress().state;
    return state == State::copying || state == State::checking;
}

Result<void> Backups::start(fs::path const& file, bool replace)
{
    std::unique_lock const starting{starting_, std::try_to_lock};
    if (!starting)
        return Error{Fault::conflict, "another backup is being begun"};
    if (stopped_)
        return Error{Fault::unavailable, "the daemon stops"};
    if (busy())
        return Error{Fault::conflict, "a backup to " + progress().file.string() + " is under way"};
    if (auto const fit = check_place(file, settings_.path, replace); !fit)
        return fit;
    same_disk_ = device_of(file.parent_path()) == device_of(settings_.path);
    if (auto const fit = check_room(file, settings_, same_disk_); !fit)
        return fit;
    if (thread_.joinable())
        thread_.join(); // the one before is done
    why_.store(Why::none);
    {
        std::lock_guard const lock{mutex_};
        progress_ = {};
        progress_.state = State::copying;
        progress_.file = file;
    }
    thread_ = std::thread{[this, file, replace] { run(file, replace); }};
    return {};
}

BackupProgress Backups::progress() const
{
    std::lock_guard const lock{mutex_};
    return progress_;
}

void Backups::set_state(State state)
{
    std::lock_guard const lock{mutex_};
    progress_.state = state;
}

bool Backups::go_on(std::int64_t done, std::int64_t all)
{
    if (same_disk_ && disk_low_())
        break_off(Why::disk);
    std::lock_guard const lock{mutex_};
    progress_.pages_done = done;
    progress_.pages = all;
    return why_.load() == Why::none;
}

Error Backups::explain(std::string const& detail) const
{
    switch (why_.load()) {
    case Why::none: break;
    case Why::wal: return {Fault::unavailable, "so much was written meanwhile that the copy had to be given up; take it at a quieter time"};
    case Why::disk: return {Fault::unavailable, "the disk of the database became almost full; make space, or name another disk"};
    case Why::closing: return {Fault::unavailable, "the daemon stops"};
    }
    return {Fault::storage, detail};
}

Result<std::uint64_t> Backups::make(fs::path const& file, fs::path const& part, bool replace)
{
    if (auto const made = make_empty(part); !made)
        return made.error();
    try {
        Connection source{settings_.path, Connection::Role::reader};
        copy_database(source, part, [this](auto done, auto all) { return go_on(done, all); });
    } catch (SqliteError const& error) {
        return explain("cannot copy to " + part.string() + ": " + error.as_error().detail);
    }
    set_state(State::checking);
    auto const inspection = inspect(part);
    if (!inspection)
        return inspection.error();
    if (!inspection->findings.empty())
        return Error{Fault::storage, "the copy is not sound, so the database may not be either: " + inspection->findings.front() +
                                         "; stop the service, then: deskbridge db check"};
    if (auto const fit = check_place(file, settings_.path, replace); !fit) // much may have happened meanwhile
        return fit.error();
    if (::rename(part.c_str(), file.c_str()) != 0)
        return file_error("name the copy", file, errno);
    if (auto const synced = sync_path(folder_of(file)); !synced)
        return synced.error();
    return inspection->bytes;
}

void Backups::run(fs::path file, bool replace)
{
    auto const part = part_of(file);
    auto const made = make(file, part, replace);
    if (!made)
        ::unlink(part.c_str());
    (made ? done_ : failed_).add();
    if (made)
        log_.info("backup_done", {{"file", file.string()}, {"bytes", *made}});
    else
        log_.error("backup_failed", {{"file", file.string()}, {"reason", made.error().detail}});
    std::lock_guard const lock{mutex_};
    progress_.state = made ? State::done : State::failed;
    progress_.bytes = made ? *made : 0;
    progress_.reason = made ? std::string{} : made.error().detail;
}

} // namespace deskbridge::store
