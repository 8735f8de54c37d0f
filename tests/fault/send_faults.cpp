#include "arguments.hpp"
#include "progress.hpp"
#include "send_run.hpp"
#include "shares.hpp"
#include "simulation_ready_made.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>

namespace {

constexpr auto usage = R"(send_faults [--sends N] [--per-mille N] [--crashes N] [--policy evidence|hold] [--lost-receipts PER_MILLE]
            [--silent-minutes N] [--floods ordered|shuffled] [--seeds N] [--seed S] [--jobs N]

Many sends through the outbox pump with a share of every fault that a provider can have, crashes at the named steps of a send
in between, people who decide and operators who pause, and the provider's own ledger as the judge. In the middle no receipt comes
for a while. Worlds of at most 20,000 sends; besides, a crash at each step, early and late, with each of --seeds seeds.
)";

using namespace deskbridge::test;

constexpr int sends_of_a_world = 20000;
constexpr int enough_for_all_faults = 10000; ///< so many sends must have met every fault and every step of a crash
constexpr std::array passes_of_a_step{0, 4, 8};

struct Plan {
    SendOrder order;
    int seeds;

    [[nodiscard]] std::uint64_t worlds() const { return static_cast<std::uint64_t>((order.sends + sends_of_a_world - 1) / sends_of_a_world); }
    [[nodiscard]] std::uint64_t crashes() const { return send_steps.size() * passes_of_a_step.size() * static_cast<std::uint64_t>(seeds); }

    /// About how long it takes, as sends of a world.
    [[nodiscard]] std::uint64_t weight(std::uint64_t unit) const
    {
        constexpr std::uint64_t crash = 20;
        auto const left = static_cast<std::uint64_t>(order.sends) - std::min(unit * sends_of_a_world, static_cast<std::uint64_t>(order.sends));
        return unit < worlds() ? std::min<std::uint64_t>(sends_of_a_world, left) : crash;
    }
    [[nodiscard]] std::uint64_t whole_weight() const
    {
        std::uint64_t whole = 0;
        for (std::uint64_t unit = 0; unit < worlds() + crashes(); ++unit)
            whole += weight(unit);
        return whole;
    }

    /// First the worlds, which take long; then the crashes.
    [[nodiscard]] SendFigures do_unit(std::uint64_t unit) const
    {
        auto one = order;
        if (unit < worlds()) {
            one.seed += unit;
            auto const first = static_cast<int>(unit) * sends_of_a_world;
            one.sends = std::min(sends_of_a_world, order.sends - first);
            return run_sends(one);
        }
        auto const n = unit - worlds();
        auto const of_a_seed = send_steps.size() * passes_of_a_step.size();
        one = {.seed = order.seed + n / of_a_seed, .hold = order.hold};
        auto const step = n % of_a_seed;
        return die_once(one, send_steps[step / passes_of_a_step.size()], passes_of_a_step[step % passes_of_a_step.size()]);
    }
    [[nodiscard]] std::string again(std::uint64_t unit) const
    {
        bool const world = unit < worlds();
        auto const seed = order.seed + (world ? unit : (unit - worlds()) / (send_steps.size() * passes_of_a_step.size()));
        auto const sends = world ? std::min(sends_of_a_world, order.sends - static_cast<int>(unit) * sends_of_a_world) : 0;
        return "send_faults --sends " + std::to_string(sends) + " --per-mille " + std::to_string(order.per_mille) + " --crashes " +
               std::to_string(order.crashes) + (order.hold ? " --policy hold" : "") + " --lost-receipts " + std::to_string(order.lost_receipts) +
               " --silent-minutes " + std::to_string(order.silent_minutes) + (order.floods_in_order ? "" : " --floods shuffled") + " --seeds " +
               std::to_string(world ? 0 : 1) + " --seed " + std::to_string(seed);
    }
};

std::string try_unit(Plan const& plan, std::uint64_t unit)
{
    try {
        return render(plan.do_unit(unit));
    } catch (std::exception const& error) {
        return render({.why = std::string{"threw "} + error.what()});
    }
}

/// What must have happened, or the run has shown nothing.
std::string missed(SendOrder const& order, SendFigures const& all)
{
    if (order.sends < enough_for_all_faults || order.per_mille == 0)
        return {};
    for (auto const& [fault, times] : all.faults)
        if (times == 0)
            return "a fault was never staged: " + fault;
    for (auto const* step : send_steps)
        if (order.crashes >= static_cast<int>(send_steps.size()) && !all.deaths.contains(step))
            return std::string{"never died at: "} + step;
    return {};
}

struct Totals {
    SendFigures worlds, crashes;
    std::uint64_t passed{0}, doubled_in{0}; ///< a unit that shows it
    int failed{0};

    void fail(std::string const& why, std::string const& again)
    {
        ++failed;
        std::printf("send_faults: %s; again with: %s\n", why.c_str(), again.c_str());
    }
};

void tell(Plan const& plan, Totals const& all)
{
    for (auto const& [fault, times] : all.worlds.faults)
        std::printf("  %6d  %s\n", times, fault.c_str());
    std::size_t died = 0;
    for (auto const& [step, times] : all.worlds.deaths) {
        std::printf("  %6d  crash: %s\n", times, step.c_str());
        died += static_cast<std::size_t>(times);
    }
    std::printf("  %s\n", all.worlds.doubts.told().c_str());
    std::printf("send_faults: %s, %zu queued, %zu at the provider, %zu crashes, at most %zu unknown after one; %llu crashes at %zu steps of a send, "
                "at most %zu unknown after one; %llu passed, %d failed\n",
                plan.order.hold ? "hold" : "evidence", all.worlds.queued, all.worlds.at_provider, died, all.worlds.most_unknown,
                static_cast<unsigned long long>(plan.crashes()), send_steps.size(), all.crashes.most_unknown,
                static_cast<unsigned long long>(all.passed), all.failed);
}

/// Is it the second of the two words that it may be?
bool second_of(fault::Arguments const& arguments, char const* option, std::string const& first, std::string const& second)
{
    auto const word = arguments.text(option, first);
    if (word == first || word == second)
        return word == second;
    std::fprintf(stderr, "%s: found \"%s\", expected %s or %s\n", option, word.c_str(), first.c_str(), second.c_str());
    std::exit(2);
}

Plan plan_of(fault::Arguments const& arguments)
{
    return {{.seed = static_cast<std::uint64_t>(arguments.number("--seed", 1)),
             .sends = arguments.number("--sends", 20000),
             .per_mille = static_cast<std::uint64_t>(arguments.number("--per-mille", 10)),
             .crashes = arguments.number("--crashes", 22),
             .hold = second_of(arguments, "--policy", "evidence", "hold"),
             .lost_receipts = static_cast<std::uint64_t>(arguments.number("--lost-receipts", 0)),
             .silent_minutes = arguments.number("--silent-minutes", 60),
             .floods_in_order = !second_of(arguments, "--floods", "ordered", "shuffled")},
            arguments.number("--seeds", 1)};
}

} // namespace

int main(int argc, char** argv)
{
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    fault::Arguments const arguments{argc, argv, usage};
    sim::prepare_process();
    auto const plan = plan_of(arguments);
    Totals all;
    fault::Progress progress{"send_faults", plan.whole_weight()};
    auto const work = [&](std::uint64_t unit) { return try_unit(plan, unit); };
    auto const take = [&](std::uint64_t unit, std::optional<std::string> const& result) {
        auto const figures = result ? parse_figures(*result) : SendFigures{.why = "the process died"};
        (unit < plan.worlds() ? all.worlds : all.crashes) += figures;
        progress.done(plan.weight(unit), figures.why.empty() ? 0 : 1);
        all.doubled_in = figures.doubts.by_presumption > 0 ? unit : all.doubled_in;
        if (figures.why.empty())
            ++all.passed;
        else
            all.fail(figures.why, plan.again(unit));
        return true;
    };
    fault::share_out(plan.worlds() + plan.crashes(), arguments.number("--jobs", fault::all_processors()), work, take);
    if (auto const why = all.worlds.doubts.excess(); !why.empty())
        all.fail(why, plan.again(all.doubled_in));
    if (auto const why = missed(plan.order, all.worlds); !why.empty())
        all.fail(why, plan.again(0));
    tell(plan, all);
    return all.failed == 0 && all.passed > 0 ? 0 : 1;
}
