#pragma once

#include "support/temp_store.hpp"

#include "deskbridge/store/backup.hpp"
#include "deskbridge/store/event_log.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

namespace deskbridge::test {

/// A backup to its end, whichever that is.
inline store::BackupProgress back_up(TempStore& store, std::filesystem::path const& file, bool replace = false)
{
    auto const begun = store->start_backup(file, replace);
    if (!begun)
        throw std::runtime_error{begun.error().detail};
    auto progress = store->backup();
    for (int tries = 0; tries < 6000 && (progress.state == store::BackupProgress::State::copying || progress.state == store::BackupProgress::State::checking); ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
        progress = store->backup();
    }
    return progress;
}

/// Rows of `cursor` stand for readers of the log, which has something to read then.
inline void begin_log(TempStore& store)
{
    store.write([](store::Tx& tx) { store::append_event(tx, {.type = "shelf.added"}); });
}

} // namespace deskbridge::test
