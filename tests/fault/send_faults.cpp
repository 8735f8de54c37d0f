#include "arguments.hpp"
#include "simulation_world.hpp"

#include "deskbridge/store/outbox.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>

namespace {

constexpr auto usage = R"(send_faults [--sends N] [--per-mille N] [--crashes N] [--seed S]

Many sends through the outbox pump with a share of every fault that a provider can have, crashes at the named steps of a send
in between, and the provider's own ledger as the judge.
)";

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

/// Of a send, in their order: taken up, before and after the connection, journalled, on the wire, answered, before and after its
/// result is recorded. The last is on the way from one to the next.
constexpr std::array steps{"before connect", "after connect", "send_begun", "before the first byte", "in the middle of the request",
                           "after the last byte", "after the answer", "dice", "send_accepted", "network"};
constexpr int passes_of_a_step = 12;

struct Order {
    std::uint64_t seed;
    int sends;
    std::uint64_t per_mille;
    int crashes;
};

class Run {
public:
    explicit Run(Order const& order)
        : order_{order}, world_{{.seed = order.seed, .keeps = true, .in_flight = 32, .numbers = 2, .aloud = false}}, dice_{order.seed}
    {
    }

    std::string run()
    {
        begin(std::max(1, order_.sends / 100));
        world_.mend_credentials(10s);
        world_.provider.weather = {.each = order_.per_mille, .lost_receipts = 0, .late_receipts = 20, .doubled_receipts = 20};
        int const rounds = order_.crashes + 1;
        for (int round = 0; round < rounds && world_.broken.empty(); ++round) {
            queue(order_.sends / rounds + (round == 0 ? order_.sends % rounds : 0));
            if (round < order_.crashes)
                world_.fate.die_at(steps[static_cast<std::size_t>(round) % steps.size()], 5 + static_cast<int>(dice_.below(100)));
            world_.pass(3min);
        }
        return world_.broken.empty() ? drain() : world_.broken;
    }
    /// One crash at a step of a send, and nothing else wrong: whatever it left in doubt is settled by receipts.
    std::string die_once(char const* step, int passes)
    {
        begin(40);
        world_.fate.die_at(step, passes);
        queue(60);
        world_.pass(6min);
        if (!world_.broken.empty())
            return world_.broken;
        if (world_.fate.deaths.empty())
            return "never came to this step";
        if (auto why = doubted_in_vain(); !why.empty())
            return why;
        world_.pass(40min); // people are asked about the rest, and the lanes go on
        if (world_.alive())
            world_.close();
        return sim::judge(world_);
    }
    sim::World& world() { return world_; }

private:
    void begin(int customers)
    {
        world_.start();
        for (int i = 0; i < customers; ++i)
            world_.write(number(i), {"c", "Customer", "4915" + std::to_string(10000000 + i), "DE." + std::to_string(1000000 + i)}, {"where is it?"});
        world_.pass(2min); // acknowledged
    }

    /// In doubt may only be what never reached the provider: of all else receipts have told by now.
    std::string doubted_in_vain()
    {
        auto const doubts = world_.ask("SELECT a.token FROM intent i JOIN attempt a ON a.intent_id = i.intent_id AND a.n = i.attempts "
                                       "WHERE i.class = 'agent' AND i.state IN ('unknown', 'held')");
        for (auto const& sent : world_.provider.ledger)
            if (std::find(doubts.begin(), doubts.end(), sent.token) != doubts.end())
                return sent.id + " is in doubt, and its receipts have come";
        return {};
    }

    Number number(int i) { return {world_.accounts()[static_cast<std::size_t>(i) % 2]->account.number}; }

    void queue(int count)
    {
        for (int waits = 0; !world_.alive() && waits < 100; ++waits)
            world_.pass(1min);
        auto const now = world_.agenda.now();
        (void)world_.store().write_now([&](store::Tx& tx) {
            std::vector<std::array<std::int64_t, 3>> lanes;
            auto q = tx.prepare("SELECT conversation_id, account_id, (SELECT max(ticket_id) FROM ticket t WHERE t.conversation_id = c.conversation_id) FROM conversation c");
            while (q.step())
                lanes.push_back({q.integer(0), q.integer(1), q.integer(2)});
            for (int i = 0; i < count; ++i) {
                auto const& lane = lanes[dice_.below(lanes.size())];
                store::Outgoing out;
                out.conversation = ConversationId{lane[0]};
                out.account = AccountId{lane[1]};
                out.ticket = TicketId{lane[2]};
                out.actor = {ActorKind::agent, 1};
                out.shown.text = "answer " + std::to_string(++queued_);
                out.parts = {out.shown};
                out.now = now;
                (void)store::queue_message(tx, out);
            }
        });
        world_.kick();
    }

    /// The pauses for bad credentials end with a restart, as after an operator's mend; receipts settle the rest.
    std::string drain()
    {
        for (int hours = 0; hours < 40; ++hours) {
            world_.pass(30min);
            if (!world_.broken.empty())
                return world_.broken;
            if (world_.settled())
                break;
            if (hours > 20)
                world_.provider.weather.each = 0;
            world_.crash();
        }
        world_.pass(3h); // the last late receipts
        bool const settled = world_.settled();
        if (world_.alive())
            world_.close();
        auto why = sim::judge(world_);
        return why.empty() && !settled ? "does not come to rest" : why;
    }

    Order order_;
    sim::World world_;
    sim::Dice dice_;
    int queued_{0};
};

} // namespace

namespace {

/// Every step of a send, early and late in a full pump.
std::string every_step(std::uint64_t seed, int& died, std::size_t& most_unknown)
{
    for (auto const* step : steps)
        for (int passes = 0; passes < passes_of_a_step; passes += 4) {
            Run run{{seed, 0, 0, 0}};
            auto const why = run.die_once(step, passes);
            most_unknown = std::max(most_unknown, run.world().most_unknown);
            if (!why.empty())
                return why + " (crash " + step + ", after " + std::to_string(passes) + ")";
            ++died;
        }
    return {};
}

} // namespace

int main(int argc, char** argv)
{
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    if (std::filesystem::is_directory("/dev/shm") && std::getenv("TMPDIR") == nullptr)
        ::setenv("TMPDIR", "/dev/shm", 0);
    fault::Arguments const arguments{argc, argv, usage};
    Order const order{static_cast<std::uint64_t>(arguments.number("--seed", 1)), arguments.number("--sends", 20000),
                      static_cast<std::uint64_t>(arguments.number("--per-mille", 10)), arguments.number("--crashes", 22)};
    std::string why;
    int steps_died = 0;
    std::size_t most_unknown = 0;
    try {
        why = every_step(order.seed, steps_died, most_unknown);
        std::printf("send_faults: %zu steps of a send, %d crashes, at most %zu unknown after one, %d passed, %d failed\n", steps.size(),
                    steps_died, most_unknown, steps_died, why.empty() ? 0 : 1);
        Run run{order};
        if (why.empty())
            why = run.run();
        auto& world = run.world();
        for (auto const& [fault, times] : world.provider.faults)
            std::printf("  %6d  %s\n", times, fault.c_str());
        std::size_t died = 0;
        for (auto const& [step, times] : world.fate.deaths) {
            std::printf("  %6d  crash: %s\n", times, step.c_str());
            died += static_cast<std::size_t>(times);
        }
        std::printf("send_faults: %d queued, %zu at the provider, %zu crashes, at most %zu unknown after one, ", order.sends,
                    world.provider.ledger.size(), died, world.most_unknown);
    } catch (std::exception const& error) {
        why = std::string{"threw "} + error.what();
    }
    if (!why.empty())
        std::printf("%s; again with: send_faults --seed %llu; ", why.c_str(), static_cast<unsigned long long>(order.seed));
    std::printf("%d passed, %d failed\n", why.empty() ? 1 : 0, why.empty() ? 0 : 1);
    return why.empty() ? 0 : 1;
}
