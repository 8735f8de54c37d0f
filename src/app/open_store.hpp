#pragma once

#include "config.hpp"

#include "deskbridge/store/epoch.hpp"

#include <memory>

namespace deskbridge::app {

/// Errors: those of `Store::open`.
[[nodiscard]] Result<std::unique_ptr<store::Store>> open_store(StoreConfig const& config, Log& log, Metrics& metrics);

/// This start is written down; of a restored copy the log says what is paused and how to go on. A full disk may need two tries: the first gives the ballast back.
[[nodiscard]] Result<store::Epoch> begin_run(store::Store& store, Timestamp now, Log& log);

/// It came to a good end; if the store does not take that, the next start counts as one after a crash.
void end_run(store::Store& store, store::Epoch const& epoch, Timestamp now, Log& log);

} // namespace deskbridge::app
