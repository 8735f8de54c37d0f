#include "arguments.hpp"
#include "simulation_world.hpp"

#include <chrono>
#include <cstdio>
#include <exception>
#include <limits>

namespace {

constexpr auto usage = R"(simulation [--seeds N] [--from SEED] [--failures N] [--aloud 1]

Intake, threading, desk and outbox on a real store, with time, network, customers, faults and crashes out of one seed. First
anything may happen; then the faults stop, and everything must come to an end. One seed is one run, and repeats itself.
)";

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;
using sim::milliseconds;

class Script {
public:
    Script(std::uint64_t seed, bool aloud) : dice_{seed * 7919 + 1}, world_{setup(seed, aloud)}, aloud_{aloud}
    {
        for (int i = 0; i < 3; ++i)
            customers_.push_back({"c" + std::to_string(i), "Customer " + std::to_string(i), "49151000000" + std::to_string(i),
                                  "DE.10000" + std::to_string(i)});
    }

    /// "" or what broke.
    std::string run()
    {
        world_.provider.weather = {.each = dice_.below(12), .lost_receipts = dice_.chance(300) ? 150u : 0u,
                                   .bare_receipts = dice_.chance(500) ? 300u : 0u};
        world_.start();
        for (auto const& customer : customers_) // somebody to talk to
            world_.write(number(), customer, {"my parcel has not arrived"});
        for (int acts = 12 + static_cast<int>(dice_.below(18)); acts > 0 && world_.broken.empty(); --acts) {
            act();
            world_.pass(dice_.chance(150) ? dice_.within(20min) : dice_.within(8s));
        }
        if (!world_.broken.empty())
            return world_.broken;
        return converge();
    }
    sim::World& world() { return world_; }

private:
    sim::Setup setup(std::uint64_t seed, bool aloud)
    {
        return {.seed = seed, .keeps = dice_.chance(500), .in_flight = 1 + dice_.below(6), .numbers = 2, .aloud = aloud};
    }
    Number number() { return {world_.accounts()[dice_.below(2)]->account.number}; }

    void act()
    {
        auto const drawn = dice_.below(100);
        if (aloud_)
            std::fprintf(stderr, "act %d at %lld\n", static_cast<int>(drawn), static_cast<long long>(world_.agenda.true_now().time_since_epoch().count()));
        if (drawn < 30)
            return customer_writes();
        if (drawn < 60)
            return agent_replies();
        if (drawn < 70)
            return agent_decides();
        if (drawn < 76)
            return agent_turns_ticket();
        if (drawn < 84)
            return world_.fate.die_at_step(static_cast<int>(dice_.below(40)));
        if (drawn < 88)
            return world_.crash();
        if (drawn < 96)
            return world_.set_clock(dice_.chance(500) ? milliseconds{1h} : milliseconds{-1h});
        if (drawn < 97)
            return world_.set_clock(30 * 24h);
        world_.pass(dice_.within(26h));
    }

    void customer_writes()
    {
        static std::array const texts{"where is it?", "status", "thanks", "and another thing", "new", "help", "hello", "agent", ""};
        std::vector<std::string> some;
        for (auto n = 1 + dice_.below(3); n > 0; --n)
            some.emplace_back(texts[dice_.below(texts.size())]);
        world_.write(number(), customers_[dice_.below(customers_.size())], some);
    }

    std::string any(char const* sql)
    {
        auto const rows = world_.ask(sql);
        return rows.empty() ? std::string{} : rows[dice_.below(rows.size())];
    }

    void agent_replies()
    {
        auto const ticket = any("SELECT reference FROM ticket WHERE status NOT IN ('closed') ORDER BY ticket_id");
        for (auto n = 1 + dice_.below(3); n > 0 && !ticket.empty(); --n)
            world_.perform(desk::Reply{.ticket = ticket, .text = "answer " + std::to_string(++replies_)});
    }

    void agent_decides()
    {
        if (auto const id = any("SELECT DISTINCT message_id FROM intent WHERE class = 'agent' AND state IN ('unknown', 'held') ORDER BY 1"); !id.empty()) {
            using store::Verdict;
            auto const verdict = std::array{Verdict::sent, Verdict::resend, Verdict::not_sent}[dice_.below(3)];
            return world_.perform(desk::Resolve{.message = MessageId{std::stoll(id)}, .verdict = verdict});
        }
        if (auto const id = any("SELECT DISTINCT message_id FROM intent WHERE class = 'agent' AND state IN ('refused', 'expired', 'kept') ORDER BY 1"); !id.empty())
            return world_.perform(desk::Retry{.message = MessageId{std::stoll(id)}});
        if (auto const id = any("SELECT DISTINCT message_id FROM intent WHERE class = 'agent' AND state IN ('queued', 'retry_wait') ORDER BY 1"); !id.empty())
            return world_.perform(desk::Cancel{.message = MessageId{std::stoll(id)}});
    }

    void agent_turns_ticket()
    {
        auto const ticket = any("SELECT reference FROM ticket WHERE status NOT IN ('closed') ORDER BY ticket_id");
        if (!ticket.empty())
            world_.perform(desk::SetStatus{.ticket = ticket, .status = std::array{TicketStatus::solved, TicketStatus::pending, TicketStatus::open}[dice_.below(3)]});
    }

    std::string converge()
    {
        world_.provider.weather = {};
        world_.fate.die_at_step(-1);
        world_.crash(); // credentials that were refused are tried again, as after an operator's mend
        for (int hours = 0; hours < 60; ++hours) {
            world_.pass(1h);
            if (!world_.broken.empty())
                return world_.broken;
            if (hours > 3 && world_.settled())
                break;
        }
        bool const settled = world_.settled();
        if (world_.alive())
            world_.close();
        if (auto why = sim::judge(world_); !why.empty())
            return why;
        if (world_.acknowledged.size() != world_.written.size())
            return "a webhook was never answered";
        return settled ? std::string{} : "does not come to rest";
    }

    sim::Dice dice_;
    sim::World world_;
    bool aloud_;
    std::vector<Customer> customers_;
    int replies_{0};
};

std::string run_seed(std::uint64_t seed, bool aloud, std::uint64_t& sends, std::uint64_t& starts)
{
    try {
        Script script{seed, aloud};
        auto why = script.run();
        sends += script.world().provider.ledger.size();
        starts += static_cast<std::uint64_t>(script.world().starts);
        return why;
    } catch (std::exception const& error) {
        return std::string{"threw "} + error.what();
    }
}

} // namespace

int main(int argc, char** argv)
{
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    if (std::filesystem::is_directory("/dev/shm") && std::getenv("TMPDIR") == nullptr)
        ::setenv("TMPDIR", "/dev/shm", 0); // a crash here is one of the process, not of the disk
    fault::Arguments const arguments{argc, argv, usage};
    auto const from = static_cast<std::uint64_t>(arguments.number("--from", 1));
    auto const seeds = static_cast<std::uint64_t>(arguments.number("--seeds", 2000));
    auto const enough = arguments.number("--failures", std::numeric_limits<int>::max()); // then it goes no further
    std::uint64_t sends = 0, starts = 0, tried = 0;
    int failed = 0;
    for (auto seed = from; seed < from + seeds && failed < enough; ++seed, ++tried) {
        auto const why = run_seed(seed, arguments.number("--aloud", 0) != 0, sends, starts);
        if (why.empty())
            continue;
        ++failed;
        std::printf("simulation: %s; again with: simulation --seeds 1 --from %llu\n", why.c_str(), static_cast<unsigned long long>(seed));
    }
    std::printf("simulation: %llu seeds, %llu sends, %llu starts, %llu passed, %d failed\n", static_cast<unsigned long long>(tried),
                static_cast<unsigned long long>(sends), static_cast<unsigned long long>(starts),
                static_cast<unsigned long long>(tried) - static_cast<unsigned long long>(failed), failed);
    return failed == 0 ? 0 : 1;
}
