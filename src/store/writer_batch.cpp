#include "writer.hpp"

#include "savepoint.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace deskbridge::store {

namespace {

constexpr auto begin_batch = "BEGIN IMMEDIATE";
constexpr auto commit_batch = "COMMIT";
constexpr auto undo_batch = "ROLLBACK";

constexpr std::size_t max_batch_bytes = 2 << 20;
constexpr std::size_t taken_at_once = 32;
constexpr int commit_tries = 3;

} // namespace

void Writer::batch()
{
    std::vector<Answered> done;
    try {
        connection_->prepare(begin_batch).run();
        Tx tx{*connection_};
        run_jobs(tx, done);
        commit();
    } catch (SqliteError const& error) {
        undo(error);
        settle(std::move(done), &error);
        return;
    }
    note_let_in();
    last_batch_jobs_ = done.size();
    settle(std::move(done), nullptr);
}

// What may run twice goes first, as long as nothing else has run that would be undone with it.
void Writer::run_jobs(Tx& tx, std::vector<Answered>& done)
{
    std::vector<Taken> repeatable;
    std::vector<Taken> once;
    bool bare = true;
    std::size_t bytes = 0;
    while (done.size() < parts_.settings.max_batch_jobs && bytes < max_batch_bytes) {
        auto jobs = queue_.take(std::min(taken_at_once, parts_.settings.max_batch_jobs - done.size()));
        if (jobs.empty() && once.empty())
            return;
        auto const first = repeatable.size();
        for (auto& job : jobs) { // before any runs: whatever happens, all get an answer
            (job.repeatable ? repeatable : once).push_back({job.run, done.size()});
            done.push_back({std::move(job.waiting), {}});
            bytes += job.bytes;
        }
        std::span const fresh{repeatable.begin() + static_cast<std::ptrdiff_t>(first), repeatable.end()};
        if (!bare) {
            run_each(tx, fresh, done);
        } else if (!run_bare(tx, fresh)) {
            begin_again();
            run_each(tx, repeatable, done);
            bare = false;
        }
        if (jobs.empty()) {
            run_each(tx, std::exchange(once, {}), done);
            bare = false;
        }
    }
    run_each(tx, once, done);
}

bool Writer::run_bare(Tx& tx, std::span<Taken const> jobs)
{
    tx.bare_ = true;
    bool done = true;
    try {
        for (auto const& job : jobs) {
            (*job.run)(tx);
            step_done();
        }
    } catch (Rollback const&) {
        done = false;
    } catch (SqliteError const& error) {
        if (error.reach() != SqliteError::Reach::job)
            throw;
        done = false;
    } catch (std::exception const&) {
        done = false;
    }
    tx.bare_ = false;
    if (done && !connection_->in_transaction())
        throw SqliteError{SQLITE_ABORT_ROLLBACK, "the transaction was lost inside a job"};
    return done;
}

void Writer::begin_again()
{
    connection_->prepare(undo_batch).run();
    connection_->event_seq = committed_seq();
    connection_->prepare(begin_batch).run();
    begun_again_.add();
}

void Writer::run_each(Tx& tx, std::span<Taken const> jobs, std::vector<Answered>& done)
{
    for (auto const& job : jobs) {
        done[job.place].answer = run_under_savepoint(*connection_, tx, *job.run);
        step_done();
    }
}

void Writer::commit()
{
    if (connection_->broken()) // a job swallowed the error
        throw SqliteError{connection_->broken_by(), "an earlier error in this batch"};
    auto const before = std::chrono::steady_clock::now();
    for (int tries = 1;; ++tries) {
        try {
            connection_->prepare(commit_batch).run();
            break;
        } catch (SqliteError const& error) {
            if ((error.code & 0xff) != SQLITE_BUSY || tries == commit_tries)
                throw;
        }
    }
    commit_seconds_.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count());
    batches_.add();
}

} // namespace deskbridge::store
