#include "items.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <stdexcept>
#include <thread>

namespace bench {
namespace {

/// KiB that one connection costs which has been answered once and now waits.
double connection_kib(Ground& ground, bool tls, int connections)
{
    auto daemon = make_daemon(ground.program, ground.folder("idle"), {.tls = tls, .api_port = ground.provider.port()});
    daemon->start();
    std::deque<fault::HttpConnection> open;
    auto const connect = [&](int n) {
        for (int i = 0; i < n; ++i)
            if (open.emplace_back(daemon->port(), daemon->over()).get("/readyz") != 200)
                throw std::runtime_error("an idle connection was not answered");
    };
    connect(connections / 10); // what the first ones cost once for all
    auto const before = daemon->resident_kib();
    connect(connections);
    auto const after = daemon->resident_kib();
    daemon->terminate();
    std::filesystem::remove_all(ground.folder("idle"));
    return static_cast<double>(after - before) / connections;
}

double idle_mib(Ground& ground)
{
    auto daemon = make_daemon(ground.program, ground.folder("idle"), {.api_port = ground.provider.port()});
    daemon->start();
    std::this_thread::sleep_for(std::chrono::seconds{2});
    auto const resident = daemon->resident_kib();
    daemon->terminate();
    std::filesystem::remove_all(ground.folder("idle"));
    return static_cast<double>(resident) / 1024;
}

} // namespace

Items measure_memory(Ground& ground, Syncs&)
{
    constexpr int connections = 1000;
    Series idle{"idle, an empty database", "MiB", {}};
    Series plain{"each idle plain connection", "KiB", {}};
    Series tls{"each idle TLS connection", "KiB", {}};
    for (int round = 0; round < std::min(ground.rounds, 3); ++round) {
        idle.runs.push_back(idle_mib(ground));
        plain.runs.push_back(connection_kib(ground, false, connections));
        tls.runs.push_back(connection_kib(ground, true, connections));
    }
    return {{"memory", "Memory",
             fmt::format("Resident memory two seconds after the start; what {} connections add that were answered once and keep waiting.", connections),
             {idle, plain, tls},
             {{"idle", idle.median(), false, 30, "MiB"},
              {"each idle plain connection", plain.median(), false, 12, "KiB"},
              {"each idle TLS connection", tls.median(), false, 80, "KiB"}}}};
}

} // namespace bench
