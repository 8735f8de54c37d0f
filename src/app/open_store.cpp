#include "open_store.hpp"

#include "systemd.hpp"

namespace deskbridge::app {

Result<std::unique_ptr<store::Store>> open_store(StoreConfig const& config, Log& log, Metrics& metrics)
{
    store::StoreSettings settings;
    settings.path = config.path;
    settings.readers = config.readers;
    settings.low_water = config.low_water;
    settings.ballast = config.ballast;
    // The start may take longer than systemd's patience with it, which counts from the latest word on. Source: sd_notify(3), systemd 252.
    settings.migrating = [] { notify_systemd("EXTEND_TIMEOUT_USEC=600000000"); };
    return store::Store::open(std::move(settings), log, metrics);
}

Result<store::Epoch> begin_run(store::Store& store, Timestamp now, Log& log)
{
    auto const begin = [&] { return store.write_now([now](store::Tx& tx) { return store::begin_epoch(tx, now); }); };
    auto epoch = begin();
    if (!epoch && epoch.error().fault == Fault::unavailable)
        epoch = begin();
    if (epoch && epoch->set_back.count() > 0)
        log.warning("clock_set_back", {{"seconds", std::chrono::ceil<std::chrono::seconds>(epoch->set_back).count()}});
    if (epoch && epoch->restored)
        log.warning("database_restored", {{"accounts", epoch->restored->paused},
                                          {"count", epoch->restored->doubted},
                                          {"next", "deskbridge outbox ls shows what may have been sent; deskbridge outbox resume ACCOUNT goes on"}});
    return epoch;
}

void end_run(store::Store& store, store::Epoch const& epoch, Timestamp now, Log& log)
{
    auto const ended = store.write_now([&](store::Tx& tx) { store::end_epoch(tx, epoch.number, now); });
    if (!ended)
        log.warning("stop_not_recorded", {{"reason", ended.error().detail}});
}

} // namespace deskbridge::app
