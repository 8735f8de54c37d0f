#include "deskbridge/store/store.hpp"

#include "backups.hpp"
#include "connection.hpp"
#include "disk_guard.hpp"
#include "file.hpp"
#include "lock_file.hpp"
#include "open_file.hpp"
#include "readers.hpp"
#include "savepoint.hpp"
#include "writer.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sqlite3.h>

#include <future>
#include <utility>

namespace deskbridge::store {

namespace asio = boost::asio;

Statement Reading::prepare(char const* sql)
{
    return connection_.prepare(sql);
}

std::int64_t Tx::last_insert_id() const noexcept
{
    return connection_.last_insert_id();
}

Result<void> Tx::nested(std::function<void(Tx&)> const& work)
{
    if (bare_) {
        work(*this);
        return {};
    }
    return run_under_savepoint(connection_, *this, work);
}

void Tx::note_event(std::int64_t seq) noexcept
{
    connection_.event_seq = seq;
}

struct Store::Parts {
    Parts(StoreSettings given, LockFile held, std::unique_ptr<Connection> writing, Log& log, Metrics& metrics)
        : settings{std::move(given)},
          lock{std::move(held)},
          disk{settings, log, metrics},
          writer{std::move(writing),
                 {settings, log, metrics, [this] { readers.interrupt(); }, [this] { backups.interrupt(); }, [this] { disk.full(); }}},
          readers{settings, log},
          backups{settings, log, metrics, [this] { return disk.low(); }}
    {
        if (!settings.lock_step)
            writer.start();
        disk.start();
    }
    /// In lock step whoever asks does the work.
    template <class Worker>
    void turn_in_step(Worker& worker)
    {
        if (settings.lock_step)
            worker.turn();
    }
    ~Parts()
    {
        backups.stop(); // the copy is broken off
        writer.stop();  // it interrupts readers
        readers.stop(); // their connections close first
        writer.fold_log();
    }

    StoreSettings settings;
    LockFile lock;
    DiskGuard disk;
    Writer writer;
    Readers readers;
    Backups backups;
};

namespace {

template <class Queue, class Job>
void submit_or_refuse(Queue& queue, Job& job)
{
    if (auto pushed = queue(job); !pushed) {
        std::vector<Answered> refused;
        refused.push_back({std::move(job.waiting), pushed.error()});
        resume_all(std::move(refused));
    }
}

// Starts an operation that ends when `push(Waiting)` has been answered.
template <class Push>
asio::awaitable<Result<void>> wait_for(Push push)
{
    auto start = [push](auto handler) {
        using Handler = decltype(handler);
        push(std::make_unique<WaitingCoroutine<Handler>>(std::move(handler)));
    };
    return asio::async_initiate<asio::use_awaitable_t<> const, void(Result<void>)>(start, asio::use_awaitable);
}

template <class Push>
Result<void> block_for(Push push)
{
    std::promise<Result<void>> promise;
    auto answer = promise.get_future();
    push(std::make_unique<WaitingThread>(std::move(promise)));
    return answer.get();
}

} // namespace

Result<std::unique_ptr<Store>> Store::open(StoreSettings settings, Log& log, Metrics& metrics)
{
    if (auto known = check_sqlite_version(sqlite3_libversion_number()); !known)
        return known.error();
    if (auto ready = prepare_file(settings.path); !ready)
        return ready.error();
    auto lock = LockFile::take(settings.path);
    if (!lock)
        return lock.error();
    auto writing = open_writer(settings, log);
    if (!writing)
        return writing.error();
    if (auto synced = sync_path(folder_of(settings.path)); !synced)
        return synced.error();
    auto const file = settings.path;
    try {
        auto parts = std::make_unique<Parts>(std::move(settings), std::move(*lock), std::move(*writing), log, metrics);
        return std::unique_ptr<Store>{new Store{std::move(parts)}};
    } catch (SqliteError const& error) {
        return cannot_open(file, error);
    }
}

Store::Store(std::unique_ptr<Parts> parts) noexcept : parts_{std::move(parts)} {}
Store::~Store() = default;

asio::awaitable<Result<void>> Store::submit(std::function<void(Tx&)> const& job, Lane lane, std::size_t bytes)
{
    return wait_for([this, &job, lane, bytes](std::unique_ptr<Waiting> waiting) {
        WriteJob queued{&job, bytes, std::move(waiting)};
        auto push = [&](WriteJob& it) {
            auto const room = refuse_without_room(lane);
            return room ? parts_->writer.queue().push(it, lane) : room;
        };
        submit_or_refuse(push, queued);
        parts_->turn_in_step(parts_->writer);
    });
}

asio::awaitable<Result<void>> Store::submit_read(std::function<void(Reading&)> const& job)
{
    return wait_for([this, &job](std::unique_ptr<Waiting> waiting) {
        ReadJob queued{&job, std::move(waiting)};
        auto push = [&](ReadJob& it) { return parts_->readers.push(it); };
        submit_or_refuse(push, queued);
        parts_->turn_in_step(parts_->readers);
    });
}

Result<void> Store::submit_now(std::function<void(Tx&)> const& job)
{
    return block_for([this, &job](std::unique_ptr<Waiting> waiting) {
        WriteJob queued{&job, 0, std::move(waiting)};
        auto push = [&](WriteJob& it) { return parts_->writer.queue().push(it, Lane::agent); };
        submit_or_refuse(push, queued);
        parts_->turn_in_step(parts_->writer);
    });
}

Result<void> Store::submit_read_now(std::function<void(Reading&)> const& job)
{
    return block_for([this, &job](std::unique_ptr<Waiting> waiting) {
        ReadJob queued{&job, std::move(waiting)};
        auto push = [&](ReadJob& it) { return parts_->readers.push(it); };
        submit_or_refuse(push, queued);
        parts_->turn_in_step(parts_->readers);
    });
}

Room Store::room() const noexcept
{
    if (parts_->disk.file_gone())
        return Room::file_gone;
    if (parts_->disk.low())
        return Room::disk_low;
    return parts_->writer.wal_full() ? Room::wal_full : Room::enough;
}

Result<void> Store::refuse_without_room(Lane lane) const
{
    if (lane != Lane::agent && lane != Lane::intake)
        return {};
    switch (room()) {
    case Room::enough: return {};
    case Room::file_gone:
        return Error{Fault::unavailable, "the database file was removed or replaced under the daemon: nothing new is taken until it "
                                         "is back; the daemon's log says how to save it"};
    case Room::disk_low:
        return Error{Fault::unavailable, "the disk is almost full: nothing new is taken until there is space again; what is "
                                         "stored can be read, and what was queued goes out"};
    case Room::wal_full:
        return Error{Fault::unavailable, "a reading that does not end holds the database's log: nothing new is taken until it "
                                         "ends; what is stored can be read, and what was queued goes out"};
    }
    return {};
}

std::string_view render_room(Room room) noexcept
{
    switch (room) {
    case Room::enough: break;
    case Room::file_gone: return "file_gone";
    case Room::disk_low: return "disk_low";
    case Room::wal_full: return "wal_full";
    }
    return "enough";
}

Result<void> Store::start_backup(std::filesystem::path const& file, bool replace)
{
    return parts_->backups.start(file, replace);
}

BackupProgress Store::backup() const
{
    return parts_->backups.progress();
}

Store::WriterPulse Store::writer_pulse() const noexcept
{
    return parts_->writer.pulse();
}

std::int64_t Store::committed_seq() const noexcept
{
    return parts_->writer.committed_seq();
}

void Store::on_events(asio::any_io_executor reactor, std::function<void()> listener)
{
    parts_->writer.on_events(std::move(reactor), std::move(listener));
}

} // namespace deskbridge::store
