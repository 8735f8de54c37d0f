#include "bare_http.hpp"
#include "bare_store.hpp"

#include "fault/arguments.hpp"
#include "fault/daemon.hpp"
#include "fault/http.hpp"
#include "fault/plan.hpp"
#include "fault/sender.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

using namespace fault;
using Seconds = std::chrono::duration<double>;

namespace {

constexpr auto usage = R"(bench --deskbridge PROGRAM [--events N] [--connections N]

Durable, threaded webhooks per second of the real process, beside the bare HTTP server and a bare store writing the
same rows, and beside what the disk can sync: one run, one machine, one moment.
)";

double since(std::chrono::steady_clock::time_point begun)
{
    return Seconds{std::chrono::steady_clock::now() - begun}.count();
}

/// Median and 99th percentile, in milliseconds, of writing 4 KiB and syncing it.
std::pair<double, double> sync_times(std::filesystem::path const& folder)
{
    int const fd = ::open((folder / "sync").c_str(), O_CREAT | O_WRONLY, 0600);
    std::vector<char> const page(4096, 'x');
    std::vector<double> times;
    for (int i = 0; i < 500; ++i) {
        auto const begun = std::chrono::steady_clock::now();
        if (::pwrite(fd, page.data(), page.size(), i * 4096) != 4096 || ::fdatasync(fd) != 0)
            break;
        times.push_back(since(begun) * 1000);
    }
    ::close(fd);
    std::sort(times.begin(), times.end());
    return times.empty() ? std::pair{0.0, 0.0} : std::pair{times[times.size() / 2], times[times.size() * 99 / 100]};
}

/// Posts per second over `connections` connections to a server that answers everything 200.
double post_all(Storm const& storm, int port, int connections)
{
    Sender sender{storm, port, connections};
    std::atomic<bool> const never{false};
    auto const begun = std::chrono::steady_clock::now();
    sender.run(never);
    return static_cast<double>(storm.deliveries.size()) / since(begun);
}

} // namespace

int main(int argc, char** argv)
{
    Arguments const arguments{argc, argv, usage};
    int const connections = arguments.number("--connections", 64);
    StormShape shape;
    shape.events = arguments.number("--events", 20000);
    shape.duplicates = shape.reordered = shape.statuses = 0;
    shape.largest_batch = 1;
    shape.first_ms = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count() -
                     shape.events / 40 * 1000;
    auto const storm = plan_storm(shape);

    ScratchFolder const folder;
    auto const [sync_median, sync_p99] = sync_times(folder.path());
    double http = 0;
    {
        bench::BareHttp server;
        http = post_all(storm, server.port(), connections);
    }
    double const rows = bench::bare_store(folder.path() / "bare.db", shape.events, connections);
    ProviderSink sink;
    Daemon daemon{arguments.text("--deskbridge"), folder.path() / "daemon", sink.port()};
    daemon.start();
    auto const idle_kib = daemon.resident_kib();
    double const whole = post_all(storm, daemon.port(), connections);
    auto const resident_kib = daemon.resident_kib();
    daemon.terminate();

    fmt::print("disk: 4 KiB write + fdatasync     median {:8.3f} ms   p99 {:.3f} ms\n", sync_median, sync_p99);
    fmt::print("bare HTTP server                  {:10.0f} posts/s\n", http);
    fmt::print("bare store, the same rows         {:10.0f} webhooks/s\n", rows);
    fmt::print("deskbridge, durable and threaded  {:10.0f} webhooks/s   {:.0f} % of the bare store, {:.0f} % of the bare server\n", whole,
               100 * whole / rows, 100 * whole / http);
    fmt::print("resident: {} MiB idle, {} MiB after {} webhooks over {} connections; load generator on the same cores\n", idle_kib / 1024,
               resident_kib / 1024, shape.events, connections);
    return 0;
}
