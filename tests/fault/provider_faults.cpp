#include "progress.hpp"
#include "provider_cases.hpp"
#include "provider_judge.hpp"
#include "provider_scene.hpp"
#include "tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <thread>

using namespace fault;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr auto usage = R"(provider_faults --deskbridge PROGRAM [--sends N] [--per-mille N] [--disturbances N] [--seed S] [--alone 0|1]

The real daemon against the provider simulator over real sockets. First each fault alone, and what must become of its message; then
all of them by chance over many sends, with outages of both sides in between. In the end the provider's ledger is held against a copy
of the daemon's database: nothing lost, nothing doubled, order kept. Each mistake that is planted in the ledger must be found.
)";

constexpr std::size_t most_open = 120;

struct Order {
    int sends;
    int per_mille;
    int disturbances;
    std::uint64_t seed;
    bool alone;
};

/// All kinds, so often; receipts as badly, and some webhooks late.
json weather_of(Order const& order)
{
    auto const share = static_cast<double>(order.per_mille) / 1000;
    return {{"faults", order.per_mille}, {"seed", order.seed}, {"receipts_lost", share}, {"receipts_reversed", share},
            {"receipts_foreign", share}, {"duplicate", share}, {"reorder", 10 * share}, {"held_back_ms", 5000}};
}

json fair_weather()
{
    return {{"faults", 0}, {"receipts_lost", 0}, {"receipts_reversed", 0}, {"receipts_foreign", 0}, {"duplicate", 0}, {"reorder", 0}};
}

class Storming {
public:
    Storming(ProviderScene& scene, Order const& order) : scene_{scene}, order_{order}, state_{order.seed} {}

    /// Answers whether everything came to its end.
    bool run()
    {
        scene_.provider.tells_after(4s); // whoever sends again blindly is quicker than the proof that it was not needed
        scene_.outage(0ms);
        (void)scene_.provider.order("/sim/chaos", weather_of(order_));
        auto moved = std::chrono::steady_clock::now();
        std::size_t ended_before = 0;
        for (std::size_t open = 1; open > 0 || posted_ < order_.sends;) {
            post(open);
            disturb(open);
            open = scene_.mind();
            auto const ended = static_cast<std::size_t>(posted_) - std::min(open, static_cast<std::size_t>(posted_));
            if (std::exchange(ended_before, ended) != ended)
                moved = std::chrono::steady_clock::now();
            tell(ended);
            if (std::chrono::steady_clock::now() - moved > 5min)
                return false;
            std::this_thread::sleep_for(50ms);
        }
        (void)scene_.provider.order("/sim/chaos", fair_weather());
        return scene_.comes_to_rest();
    }

private:
    std::uint64_t below(std::uint64_t limit)
    {
        state_ ^= state_ << 13U;
        state_ ^= state_ >> 7U;
        state_ ^= state_ << 17U;
        return state_ % limit;
    }
    void post(std::size_t open)
    {
        for (int i = 0; i < 20 && posted_ < order_.sends && open + static_cast<std::size_t>(i) < most_open; ++i) {
            auto const ticket = 1 + static_cast<long>(below(static_cast<std::uint64_t>(scene_.customers())));
            (void)scene_.answer(ticket, fmt::format("Answer {}.", ++posted_));
        }
        if (below(8) == 0)
            scene_.customer_writes(below(1000), "And now?");
    }
    void tell(std::size_t ended)
    {
        auto const before = std::exchange(told_, std::max(told_, ended));
        progress_.done(told_ - before);
    }
    /// In turn: the daemon away, the provider away, the provider deaf; at even distances of what has come to its end.
    void disturb(std::size_t open)
    {
        auto const ended = posted_ - static_cast<int>(std::min(open, static_cast<std::size_t>(posted_)));
        if (disturbed_ >= order_.disturbances || ended < order_.sends / (order_.disturbances + 1) * (disturbed_ + 1))
            return;
        auto const long_enough = 500ms + std::chrono::milliseconds{below(1500)};
        switch (disturbed_++ % 4) {
        case 0:
        case 2: scene_.away(long_enough); break;
        case 1: scene_.outage(long_enough); break;
        default: scene_.frozen(long_enough); break;
        }
        (void)scene_.provider.order("/sim/chaos", weather_of(order_)); // a provider that was started anew is in fair weather
        order_.seed += 1;
    }

    ProviderScene& scene_;
    Order order_;
    std::uint64_t state_;
    Progress progress_{"provider_faults", static_cast<std::uint64_t>(order_.sends)};
    std::size_t told_{0};
    int posted_{0};
    int disturbed_{0};
};

void judge_all(ProviderScene& scene)
{
    auto const verdict = judge_sends(scene.daemon.database(), scene.ledger, scene.promised);
    for (auto const& why : verdict.failures)
        expect(false, why);
    tally().passed += verdict.passed;
    for (auto const& why : scene.trouble)
        expect(false, why);
    int planted = 0;
    auto const missed = judge_the_judge(scene.daemon.database(), scene.ledger, scene.promised, planted);
    for (auto const& name : missed)
        expect(false, "the judge does not find a planted mistake: " + name);
    tally().passed += planted - static_cast<int>(missed.size());
}

void run(Arguments const& arguments)
{
    auto const begun = std::chrono::steady_clock::now();
    Order const order{arguments.number("--sends", 240), arguments.number("--per-mille", 10), arguments.number("--disturbances", 4),
                      static_cast<std::uint64_t>(std::max(1, arguments.number("--seed", 1))), arguments.number("--alone", 1) != 0};
    ProviderScene scene{std::filesystem::absolute(arguments.text("--deskbridge")).string(), std::clamp(order.sends / 20, customers_of_each_fault(), 190)};
    int const cases = order.alone ? try_each_fault(scene) : 0;
    auto const alone = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begun);
    expect(Storming{scene, order}.run(), "the outbox does not come to rest");
    scene.end();
    judge_all(scene);
    int strikes = 0;
    for (auto const& [fault, times] : scene.ledger.struck) {
        strikes += times;
        fmt::print("  {:6}  {}\n", times, fault);
    }
    auto const took = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begun);
    fmt::print("provider_faults: {} cases alone, then {} sends by chance; {} at the provider, {} faults of {} kinds, {} receipts of strangers, "
               "{} resent and {} called sent by a person, {} s and {} s; again with: provider_faults --sends {} --seed {}\n",
               cases, order.sends, scene.ledger.sends.size(), strikes, scene.ledger.struck.size(), scene.ledger.strangers, scene.resolved["resend"],
               scene.resolved["sent"], alone.count(), (took - alone).count(), order.sends, order.seed);
}

} // namespace

int main(int argc, char** argv)
{
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    try {
        run(Arguments{argc, argv, usage});
    } catch (std::exception const& error) { // so that the processes it started end with it
        expect(false, error.what());
    }
    return conclude();
}
