#include "media_house.hpp"

#include <sys/statvfs.h>

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

bool MediaHouse::has_room() const
{
    struct statvfs disk {};
    if (::statvfs(folder.path().c_str(), &disk) != 0)
        return true; // writing will tell
    return std::uint64_t{disk.f_bavail} * disk.f_frsize >= config_.keep_free;
}

void MediaHouse::build(Around around)
{
    net.emplace(around.client);
    flow::MediaSettings settings;
    settings.max_bytes = config_.max_bytes;
    settings.parallel = config_.parallel;
    auto const room = [this, &store = around.store] { return store.room() == store::Room::enough && has_room(); };
    fetcher.emplace(flow::MediaFetcher::Parts{around.io, around.store, *net, around.clock, pool, around.accounts, folder, around.log,
                                              around.metrics, std::move(around.dice), room, std::move(around.on_crash)},
                    settings);
}

} // namespace deskbridge::app
