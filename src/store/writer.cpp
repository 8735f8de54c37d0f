#include "writer.hpp"

#include "fail_stop.hpp"
#include "lock_holder.hpp"

#include <boost/asio/post.hpp>
#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <utility>

namespace deskbridge::store {

namespace {

constexpr std::chrono::milliseconds look_at_full_wal{500};

} // namespace

Writer::Writer(std::unique_ptr<Connection> connection, Parts parts)
    : connection_{std::move(connection)},
      parts_{std::move(parts)},
      queue_{parts_.settings, parts_.metrics},
      commit_seconds_{parts_.metrics.histogram("deskbridge_commit_seconds")},
      batch_jobs_{parts_.metrics.counter("deskbridge_store_batch_jobs_total")},
      batches_{parts_.metrics.counter("deskbridge_store_batches_total")},
      begun_again_{parts_.metrics.counter("deskbridge_store_batches_begun_again_total")},
      wal_bytes_{parts_.metrics.gauge("deskbridge_wal_bytes")}
{
    connection_->event_seq = connection_->integer("SELECT coalesce(max(seq), 0) FROM event");
    committed_seq_.store(connection_->event_seq, std::memory_order_release);
}

Writer::~Writer()
{
    stop();
}

void Writer::start()
{
    thread_ = std::thread{[this] { run(); }};
}

void Writer::stop()
{
    queue_.close();
    if (thread_.joinable())
        thread_.join();
}

void Writer::run()
{
    while (wait_for_jobs())
        turn();
}

void Writer::turn()
{
    if (queue_.size() > 0)
        batch();
    step_done();
    tend_log();
}

bool Writer::wait_for_jobs()
{
    idle_.store(true, std::memory_order_relaxed);
    bool const more = queue_.wait(wal_full() ? look_at_full_wal : std::chrono::milliseconds{0}) != JobQueue::Woke::closed;
    step_done(); // before it counts as busy: a pulse taken at this moment shows progress
    idle_.store(false, std::memory_order_relaxed);
    return more;
}

void Writer::undo(SqliteError const& why) noexcept
{
    stop_if_broken(why, "batch");
    bool const began = connection_->in_transaction();
    try {
        if (began)
            connection_->prepare("ROLLBACK").run();
    } catch (SqliteError const& error) {
        stop_process(parts_.log, parts_.settings.path, error, "rollback");
    }
    note_full(why);
    connection_->event_seq = committed_seq();
    if (!began && (why.code & 0xff) == SQLITE_BUSY)
        note_locked_out();
    else
        parts_.log.error("store_batch_undone", {{"reason", why.as_error().detail}, {"sqlite_code", why.code}});
}

void Writer::settle(std::vector<Answered> done, SqliteError const* lost)
{
    if (lost != nullptr) {
        for (auto& job : queue_.take(done.empty() ? parts_.settings.max_batch_jobs : 0)) // BEGIN itself failed
            done.push_back({std::move(job.waiting), {}});
        for (auto& each : done)
            each.answer = Error{Fault::unavailable, lost->as_error().detail};
    } else {
        batch_jobs_.add(done.size());
    }
    bool const new_events = connection_->event_seq > committed_seq();
    committed_seq_.store(connection_->event_seq, std::memory_order_release);
    if (new_events)
        tell_listeners();
    resume_all(std::move(done));
}

void Writer::on_events(boost::asio::any_io_executor reactor, std::function<void()> listener)
{
    auto entry = std::make_shared<Listener>();
    entry->reactor = std::move(reactor);
    entry->call = std::move(listener);
    std::lock_guard const lock{listeners_mutex_};
    listeners_.push_back(std::move(entry));
}

void Writer::tell_listeners()
{
    std::lock_guard const lock{listeners_mutex_};
    for (auto const& listener : listeners_) {
        if (listener->called.exchange(true))
            continue;
        boost::asio::post(listener->reactor, [listener] {
            listener->called.store(false); // first, so that a commit during the call is not missed
            listener->call();
        });
    }
}

void Writer::stop_if_broken(SqliteError const& error, char const* during)
{
    if (error.reach() != SqliteError::Reach::store && !connection_->broken())
        return;
    if (error.system == ENOSPC)
        parts_.disk_full(); // what comes after the restart needs room
    stop_process(parts_.log, parts_.settings.path, error, during);
}

/// SQLite has waited for somebody else's lock as long as it does: nothing of ours holds it.
void Writer::note_locked_out()
{
    if (std::exchange(locked_out_, true))
        return;
    locked_out_at_ = std::chrono::steady_clock::now();
    parts_.log.error("store_locked_out",
                     {{"file", parts_.settings.path.string()},
                      {"holder", find_write_locker(parts_.settings.path)},
                      {"next", "end that program: nothing is taken or sent while it holds the database; look at a copy instead (deskbridge db backup FILE)"}});
}

void Writer::note_let_in()
{
    if (!std::exchange(locked_out_, false))
        return;
    auto const lasted = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - locked_out_at_);
    parts_.log.info("store_let_in", {{"file", parts_.settings.path.string()}, {"seconds", lasted.count()}});
}

void Writer::note_full(SqliteError const& error)
{
    if ((error.code & 0xff) == SQLITE_FULL)
        parts_.disk_full();
}

} // namespace deskbridge::store
