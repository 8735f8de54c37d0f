#include "media_house.hpp"

namespace deskbridge::app {

Result<void> MediaHouse::prepare(Log& log) const
{
    auto const removed = folder.prepare();
    if (!removed)
        return Error{Fault::storage, "[media] path: " + removed.error().detail};
    if (*removed > 0)
        log.info("media_drafts_removed", {{"count", *removed}});
    return {};
}

void MediaHouse::build(Around around)
{
    net.emplace(around.client);
    flow::MediaSettings settings;
    settings.max_bytes = config_.max_bytes;
    settings.parallel = config_.parallel;
    room = [this, &store = around.store] {
        return store.room() == store::Room::enough && folder.free_space().value_or(config_.keep_free) >= config_.keep_free;
    };
    door.emplace(FileDoor{around.store, around.clock, around.accounts, folder, pool});
    fetcher.emplace(flow::MediaFetcher::Parts{around.io, around.store, *net, around.clock, pool, around.accounts, folder, around.log,
                                              around.metrics, std::move(around.dice), room, std::move(around.on_crash)},
                    settings);
}

} // namespace deskbridge::app
