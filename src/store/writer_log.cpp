#include "writer.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

/// The write-ahead log and its checkpoints, which the writer alone makes.
namespace deskbridge::store {

namespace {

// A page that changes often is folded back once for many changes: the fewer folds the less work, and the longer the writer stands still for each.
constexpr std::int64_t checkpoints_to_warning = 10;
constexpr std::int64_t checkpoints_to_warning_when_busy = 2;
constexpr std::size_t many_jobs = 64; // at once: everybody waits longer for the writer than for the disk
constexpr std::int64_t wal_page_bytes = 4096 + 24;
constexpr int busy_ms = 5000;
constexpr int busy_ms_when_emptying = 100; // whoever still reads after having been interrupted will not be waited for

std::int64_t pages_of(std::uint64_t bytes)
{
    return static_cast<std::int64_t>(bytes / static_cast<std::uint64_t>(wal_page_bytes));
}

} // namespace

void Writer::tend_log()
{
    checkpoint_or_stop("checkpoint", &Writer::checkpoint_if_due);
}

void Writer::fold_log()
{
    checkpoint_or_stop("last checkpoint", &Writer::checkpoint_all);
}

void Writer::checkpoint_or_stop(char const* during, void (Writer::*work)())
{
    try {
        (this->*work)();
    } catch (SqliteError const& error) {
        stop_if_broken(error, during);
        note_full(error);
        checkpointed_pages_ = 0; // again after the next batch: with the ballast's room the log begins anew instead of growing
        if (!std::exchange(checkpoint_failed_, true))
            parts_.log.warning("store_checkpoint_failed", {{"reason", error.as_error().detail}});
    }
}

void Writer::checkpoint_all()
{
    (void)checkpoint(SQLITE_CHECKPOINT_PASSIVE);
}

void Writer::checkpoint_if_due()
{
    auto const pages = connection_->wal_pages();
    auto const warn_pages = pages_of(parts_.settings.wal.warn);
    wal_bytes_.set(pages * wal_page_bytes);
    if (pages < checkpointed_pages_)
        checkpointed_pages_ = 0; // the log was started over
    if (pages < warn_pages)
        warned_of_wal_ = false;
    bool const busy = std::max(queue_.size(), last_batch_jobs_) > many_jobs;
    bool const grown = pages - checkpointed_pages_ > warn_pages / (busy ? checkpoints_to_warning_when_busy : checkpoints_to_warning);
    if (!wal_full() && !grown)
        return;
    checkpointed_pages_ = pages;
    if (pages >= pages_of(parts_.settings.wal.restart)) {
        empty_log(pages);
        return;
    }
    (void)checkpoint(SQLITE_CHECKPOINT_PASSIVE);
    set_wal_full(false, pages);
    if (pages >= warn_pages && !std::exchange(warned_of_wal_, true))
        parts_.log.warning("store_wal_large", {{"bytes", pages * wal_page_bytes}});
}

/// The log can only begin anew when nobody reads from it: first our readers are broken off, then a backup; and if somebody
/// else holds it, nothing new is taken until they let go.
void Writer::empty_log(std::int64_t pages)
{
    bool const at_bound = pages >= pages_of(parts_.settings.wal.refuse);
    parts_.interrupt_readers();
    if (at_bound)
        parts_.interrupt_backup();
    sqlite3_busy_timeout(connection_->handle(), busy_ms_when_emptying);
    bool const emptied = checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
    sqlite3_busy_timeout(connection_->handle(), busy_ms);
    if (emptied) {
        connection_->forget_wal();
        checkpointed_pages_ = 0;
        wal_bytes_.set(0);
    }
    set_wal_full(at_bound && !emptied, pages);
}

void Writer::set_wal_full(bool full, std::int64_t pages)
{
    if (wal_full_.exchange(full, std::memory_order_acq_rel) == full)
        return;
    if (full)
        parts_.log.error("store_wal_full", {{"file", parts_.settings.path.string() + "-wal"}, {"bytes", pages * wal_page_bytes}});
    else
        parts_.log.info("store_wal_emptied", {{"bytes", pages * wal_page_bytes}});
}

/// False: somebody's reading is in the way; the next one goes on from here.
bool Writer::checkpoint(int mode)
{
    int const code = sqlite3_wal_checkpoint_v2(connection_->handle(), "main", mode, nullptr, nullptr);
    if (code != SQLITE_OK && code != SQLITE_BUSY)
        connection_->fail(code);
    checkpoint_failed_ = false;
    return code == SQLITE_OK;
}

} // namespace deskbridge::store
