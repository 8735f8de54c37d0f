#include "readers.hpp"

#include "fail_stop.hpp"
#include "savepoint.hpp"

#include <exception>
#include <utility>

namespace deskbridge::store {

namespace {

constexpr auto begin_snapshot = "BEGIN";
constexpr auto end_snapshot = "ROLLBACK";

void end(Connection& connection) noexcept
{
    connection.begin_job(); // one that was broken off ends its snapshot all the same
    for (int tries = 0; tries < 3 && connection.in_transaction(); ++tries) {
        try {
            connection.prepare(end_snapshot).run();
        } catch (SqliteError const&) { // broken off once more; nothing was written
        }
    }
}

} // namespace

Readers::Readers(StoreSettings const& settings, Log& log)
    : database_{settings.path}, log_{log}, max_queued_jobs_{settings.max_queued_jobs}
{
    for (std::size_t i = 0; i < settings.readers; ++i) {
        auto connection = std::make_unique<Connection>(settings.path, Connection::Role::reader);
        connection->limit_queries(settings.query_limit, settings.job_limit);
        connections_.push_back(std::move(connection));
    }
    if (settings.lock_step)
        return;
    for (auto const& connection : connections_)
        threads_.emplace_back([this, &reading = *connection] { run(reading); });
}

Readers::~Readers()
{
    stop();
}

void Readers::stop()
{
    {
        std::lock_guard const lock{mutex_};
        closed_ = true;
    }
    filled_.notify_all();
    for (auto& thread : threads_)
        if (thread.joinable())
            thread.join();
}

Result<void> Readers::push(ReadJob& job)
{
    {
        std::lock_guard const lock{mutex_};
        if (closed_)
            return Error{Fault::unavailable, "the store is closing"};
        if (jobs_.size() >= max_queued_jobs_)
            return Error{Fault::unavailable, "the readers' queue is full"};
        jobs_.push_back(std::move(job));
    }
    filled_.notify_one();
    return {};
}

void Readers::interrupt() noexcept
{
    for (auto const& connection : connections_)
        connection->interrupt();
}

Result<void> Readers::read(Connection& connection, Reading& reading, std::function<void(Reading&)> const& work)
{
    try {
        connection.begin_job();
        connection.prepare(begin_snapshot).run();
        work(reading);
        return {};
    } catch (Rollback const& asked) {
        return asked.error;
    } catch (SqliteError const& error) {
        if (error.is_damage())
            stop_process(log_, database_, error, "read");
        return error.as_error();
    } catch (std::exception const& thrown) {
        return error_of(thrown);
    }
}

std::optional<ReadJob> Readers::take()
{
    std::unique_lock lock{mutex_};
    filled_.wait(lock, [this] { return !jobs_.empty() || closed_; });
    return take_one();
}

/// `mutex_` is held.
std::optional<ReadJob> Readers::take_one()
{
    if (jobs_.empty())
        return std::nullopt;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    return job;
}

void Readers::run(Connection& connection)
{
    Reading reading{connection};
    while (auto job = take())
        answer(std::move(*job), connection, reading);
}

void Readers::answer(ReadJob job, Connection& connection, Reading& reading)
{
    std::vector<Answered> done;
    done.push_back({std::move(job.waiting), read(connection, reading, *job.run)});
    end(connection); // before the answer: whoever has it sees no snapshot of ours any more
    resume_all(std::move(done));
}

void Readers::turn()
{
    auto& connection = *connections_.front();
    Reading reading{connection};
    for (;;) {
        std::unique_lock lock{mutex_};
        auto job = take_one();
        lock.unlock();
        if (!job)
            return;
        answer(std::move(*job), connection, reading);
    }
}

} // namespace deskbridge::store
