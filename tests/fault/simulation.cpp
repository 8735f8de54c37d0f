#include "arguments.hpp"
#include "progress.hpp"
#include "shares.hpp"
#include "simulation_ready_made.hpp"
#include "simulation_world.hpp"

#include <chrono>
#include <cstdio>
#include <exception>
#include <limits>

namespace {

constexpr auto usage = R"(simulation [--seeds N] [--from SEED] [--failures N] [--jobs N] [--aloud 1]

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
    std::string run(sim::Doubts& doubts)
    {
        world_.provider.weather = {.each = dice_.below(12), .lost_receipts = dice_.chance(300) ? 50u : 0u, .missing_receipts = dice_.chance(500) ? 150u : 0u,
                                   .strange_receipts = 50, .bare_receipts = dice_.chance(500) ? 300u : 0u};
        world_.start();
        for (auto const& customer : customers_) // somebody to talk to
            world_.write(number(), customer, {"my parcel has not arrived"});
        for (int acts = 12 + static_cast<int>(dice_.below(18)); acts > 0 && world_.broken.empty(); --acts) {
            act();
            world_.pass(dice_.chance(150) ? dice_.within(20min) : dice_.within(8s));
        }
        if (!world_.broken.empty())
            return world_.broken;
        return converge(doubts);
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
        if (drawn < 98)
            return world_.provider.fall_silent(number().phone_number_id, dice_.within(2h));
        if (drawn < 99)
            return operator_turns_account();
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

    void operator_turns_account()
    {
        auto const name = world_.accounts()[dice_.below(2)]->account.name;
        if (dice_.chance(500))
            return world_.perform(desk::PauseAccount{.account = name, .reason = "a look at it"});
        world_.perform(desk::ResumeAccount{.account = name});
        world_.kick();
    }

    std::string converge(sim::Doubts& doubts)
    {
        world_.provider.weather = {};
        world_.fate.die_at_step(-1);
        for (int waits = 0; !world_.alive() && waits < 10; ++waits)
            world_.pass(1min); // a dead daemon takes no orders
        for (auto const& account : world_.accounts())
            world_.perform(desk::ResumeAccount{.account = account->account.name});
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
        if (auto why = sim::judge(world_, doubts); !why.empty())
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

struct Figures {
    std::uint64_t sends{0}, starts{0};
    sim::Doubts doubts{};
    std::string why{};
};

std::string run_seed(std::uint64_t seed, bool aloud)
{
    Figures figures;
    try {
        Script script{seed, aloud};
        figures.why = script.run(figures.doubts);
        figures.sends = script.world().provider.ledger.size();
        figures.starts = script.world().started.size();
    } catch (std::exception const& error) {
        figures.why = std::string{"threw "} + error.what();
    }
    return nlohmann::json{figures.sends, figures.starts, figures.doubts.numbers(), figures.why}.dump();
}

Figures parse_figures_of_seed(std::string const& rendered)
{
    auto const all = nlohmann::json::parse(rendered);
    return {all.at(0).get<std::uint64_t>(), all.at(1).get<std::uint64_t>(), sim::Doubts::of(all.at(2).get<sim::Doubts::Numbers>()),
            all.at(3).get<std::string>()};
}

} // namespace

int main(int argc, char** argv)
{
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    fault::Arguments const arguments{argc, argv, usage};
    sim::prepare_process();
    auto const from = static_cast<std::uint64_t>(arguments.number("--from", 1));
    auto const enough = arguments.number("--failures", std::numeric_limits<int>::max()); // then it goes no further
    bool const aloud = arguments.number("--aloud", 0) != 0;
    auto const seeds = static_cast<std::uint64_t>(arguments.number("--seeds", 2000));
    fault::Progress progress{"simulation", seeds};
    Figures total;
    std::uint64_t tried = 0, doubled_in = 0; // a seed that shows it
    int failed = 0;
    auto const work = [&](std::uint64_t unit) { return run_seed(from + unit, aloud); };
    auto const take = [&](std::uint64_t unit, std::optional<std::string> const& result) {
        auto const one = result ? parse_figures_of_seed(*result) : Figures{.why = "the process died"};
        ++tried;
        total.sends += one.sends;
        total.starts += one.starts;
        total.doubts += one.doubts;
        doubled_in = one.doubts.by_presumption > 0 ? from + unit : doubled_in;
        progress.done(1, one.why.empty() ? 0 : 1);
        if (!one.why.empty()) {
            ++failed;
            std::printf("simulation: %s; again with: simulation --seeds 1 --from %llu\n", one.why.c_str(), static_cast<unsigned long long>(from + unit));
        }
        return failed < enough;
    };
    fault::share_out(seeds, arguments.number("--jobs", fault::all_processors()), work, take);
    auto const passed = tried - static_cast<std::uint64_t>(failed);
    if (auto const why = total.doubts.excess(); !why.empty() && failed < enough) {
        ++failed;
        std::printf("simulation: %s; the last with: simulation --seeds 1 --from %llu\n", why.c_str(), static_cast<unsigned long long>(doubled_in));
    }
    std::printf("simulation: %llu seeds, %llu sends, %llu starts, %s; %llu passed, %d failed\n", static_cast<unsigned long long>(tried),
                static_cast<unsigned long long>(total.sends), static_cast<unsigned long long>(total.starts), total.doubts.told().c_str(),
                static_cast<unsigned long long>(passed), failed);
    return failed == 0 ? 0 : 1;
}
