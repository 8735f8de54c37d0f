#include "watchdog.hpp"

#include "support/temp_store.hpp"

#include <catch2/catch.hpp>

#include <future>
#include <thread>
#include <vector>

using namespace deskbridge;
using Pulse = store::Store::WriterPulse;

TEST_CASE("watchdog: the ping depends on whether the writer gets on")
{
    struct Case {
        std::string label;
        std::vector<Pulse> pulses;
        std::vector<bool> pings;
    };
    auto const c = GENERATE(values<Case>({
        {"nothing to do", {{0, true}, {0, true}, {0, true}}, {true, true, true}},
        {"busy, and getting on", {{5, false}, {6, false}, {9, false}}, {true, true, true}},
        {"stuck in one job", {{5, true}, {6, false}, {6, false}, {6, false}}, {true, true, false, false}},
        {"stuck at the first look", {{0, false}, {0, false}}, {true, false}},
        {"slow, then on again", {{6, false}, {6, false}, {7, false}, {7, true}}, {true, false, true, true}},
    }));
    INFO(c.label);
    app::WriterWatch watch;
    std::vector<bool> pings;
    for (auto const& pulse : c.pulses)
        pings.push_back(watch.gets_on(pulse));
    CHECK(pings == c.pings);
}

TEST_CASE("watchdog: a job that does not end shows in the writer's pulse, and costs no commit")
{
    test::TempStore store;
    app::WriterWatch watch;
    CHECK(watch.gets_on(store->writer_pulse()));
    CHECK(watch.gets_on(store->writer_pulse()));
    std::promise<void> started;
    std::promise<void> release;
    std::thread stuck{[&] {
        (void)store->write_now([&](store::Tx&) {
            started.set_value();
            release.get_future().wait();
        });
    }};
    started.get_future().wait();
    (void)watch.gets_on(store->writer_pulse());
    CHECK_FALSE(watch.gets_on(store->writer_pulse()));
    CHECK_FALSE(watch.gets_on(store->writer_pulse()));
    release.set_value();
    stuck.join();
    CHECK(watch.gets_on(store->writer_pulse()));
    CHECK(store.metrics.counter("deskbridge_store_batches_total").value() <= 1);
}
