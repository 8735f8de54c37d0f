#include "deskbridge/store/store.hpp"

#include "connection.hpp"
#include "lock_file.hpp"
#include "migrations.hpp"
#include "readers.hpp"
#include "savepoint.hpp"
#include "writer.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

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
          writer{std::move(writing), {settings, log, metrics, [this] { readers.interrupt(); }}},
          readers{settings}
    {
        writer.start();
    }
    ~Parts()
    {
        writer.stop();  // it interrupts readers
        readers.stop(); // their connections close first: the writer's makes the last checkpoint
    }

    StoreSettings settings;
    LockFile lock;
    Writer writer;
    Readers readers;
};

namespace {

Result<std::unique_ptr<Connection>> open_writer(std::filesystem::path const& file, Log& log)
{
    auto connection = std::make_unique<Connection>(file, Connection::Role::writer);
    if (auto migrated = migrate(*connection, log); !migrated)
        return migrated.error();
    connection->execute("PRAGMA foreign_keys = ON");
    if (connection->integer("PRAGMA foreign_keys") != 1)
        return Error{Fault::storage, "this SQLite cannot enforce foreign keys"};
    return connection;
}

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
    if (auto ready = prepare_file(settings.path); !ready)
        return ready.error();
    auto lock = LockFile::take(settings.path);
    if (!lock)
        return lock.error();
    try {
        auto writing = open_writer(settings.path, log);
        if (!writing)
            return writing.error();
        if (auto synced = sync_directory(settings.path); !synced)
            return synced.error();
        auto parts = std::make_unique<Parts>(std::move(settings), std::move(*lock), std::move(*writing), log, metrics);
        return std::unique_ptr<Store>{new Store{std::move(parts)}};
    } catch (SqliteError const& error) {
        return Error{Fault::storage, "cannot open the database: " + error.as_error().detail};
    }
}

Store::Store(std::unique_ptr<Parts> parts) noexcept : parts_{std::move(parts)} {}
Store::~Store() = default;

asio::awaitable<Result<void>> Store::submit(std::function<void(Tx&)> const& job, Lane lane, std::size_t bytes)
{
    return wait_for([this, &job, lane, bytes](std::unique_ptr<Waiting> waiting) {
        WriteJob queued{&job, bytes, std::move(waiting)};
        auto push = [&](WriteJob& it) { return parts_->writer.queue().push(it, lane); };
        submit_or_refuse(push, queued);
    });
}

asio::awaitable<Result<void>> Store::submit_read(std::function<void(Reading&)> const& job)
{
    return wait_for([this, &job](std::unique_ptr<Waiting> waiting) {
        ReadJob queued{&job, std::move(waiting)};
        auto push = [&](ReadJob& it) { return parts_->readers.push(it); };
        submit_or_refuse(push, queued);
    });
}

Result<void> Store::submit_now(std::function<void(Tx&)> const& job)
{
    return block_for([this, &job](std::unique_ptr<Waiting> waiting) {
        WriteJob queued{&job, 0, std::move(waiting)};
        auto push = [&](WriteJob& it) { return parts_->writer.queue().push(it, Lane::agent); };
        submit_or_refuse(push, queued);
    });
}

Result<void> Store::submit_read_now(std::function<void(Reading&)> const& job)
{
    return block_for([this, &job](std::unique_ptr<Waiting> waiting) {
        ReadJob queued{&job, std::move(waiting)};
        auto push = [&](ReadJob& it) { return parts_->readers.push(it); };
        submit_or_refuse(push, queued);
    });
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
