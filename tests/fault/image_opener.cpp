// image_opener
//
// Recovers databases with the daemon's own store: reads one path a line, answers "ok" or "refused: …" a line. Does to each
// what a start does: opens it with all its checks, begins an epoch, makes attempts without a result unknown.
#include "deskbridge/core/log.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/store/epoch.hpp"
#include "deskbridge/store/outbox_pump.hpp"
#include "deskbridge/store/store.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <string>

using namespace deskbridge;

namespace {

Result<void> recover(std::string const& path)
{
    NoLog log;
    Metrics metrics;
    store::StoreSettings settings;
    settings.path = path;
    settings.readers = 1;
    auto opened = store::Store::open(settings, log, metrics);
    if (!opened)
        return opened.error();
    auto const now = std::chrono::time_point_cast<Timestamp::duration>(std::chrono::system_clock::now());
    return (*opened)->write_now([&](store::Tx& tx) {
        (void)store::begin_epoch(tx, now);
        (void)store::recover_outbox(tx, now);
    });
}

} // namespace

int main()
{
    for (std::string path; std::getline(std::cin, path);) {
        auto const done = recover(path);
        auto answer = done ? std::string{"ok"} : "refused: " + done.error().detail;
        std::replace(answer.begin(), answer.end(), '\n', ' '); // one line, or the next answer is taken for this one's rest
        std::cout << answer << std::endl;
    }
}
