#include "send_run.hpp"

#include "deskbridge/store/outbox.hpp"

#include <algorithm>

namespace deskbridge::test {

using namespace std::chrono_literals;
using sim::milliseconds;

namespace {

constexpr int numbers = 4;
constexpr int fewest_customers = 60;
constexpr auto mended_every = 60s;

class SendRun {
public:
    explicit SendRun(SendOrder const& order)
        : order_{order},
          world_{{.seed = order.seed, .keeps = true, .in_flight = 32, .numbers = numbers, .hold = order.hold, .aloud = false}},
          dice_{order.seed}
    {
    }

    std::string run()
    {
        begin(std::max(fewest_customers, order_.sends / 100));
        world_.mend_credentials(mended_every);
        world_.provider.weather = {.each = order_.per_mille, .lost_receipts = order_.lost_receipts, .missing_receipts = 10, .phones_off = 20,
                                   .doubled_receipts = 20, .strange_receipts = 10, .floods_in_order = order_.floods_in_order};
        if (order_.per_mille > 0)
            fall_silent_now_and_then();
        int const rounds = order_.crashes + 1;
        for (int round = 0; round < rounds && world_.broken.empty(); ++round) {
            if (round == rounds / 2)
                for (int n = 0; n < numbers; ++n)
                    world_.provider.fall_silent(number(n).phone_number_id, std::chrono::minutes{order_.silent_minutes});
            pass_round(round, order_.sends / rounds + (round == 0 ? order_.sends % rounds : 0));
        }
        return world_.broken.empty() ? drain() : world_.broken;
    }

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
        return judged();
    }

    SendFigures figures(std::string why)
    {
        for (auto const& name : world_.provider.all_faults_of_the_weather())
            world_.provider.faults.try_emplace(name, 0);
        return {std::move(why), queued_, world_.provider.ledger.size(), world_.most_unknown, doubts_, world_.provider.faults, world_.fate.deaths};
    }

private:
    Number number(int i) { return {world_.accounts()[static_cast<std::size_t>(i % numbers)]->account.number}; }

    void begin(int customers)
    {
        customers_ = customers;
        world_.start();
        write_all("where is it?");
        world_.pass(2min); // acknowledged
    }

    void write_all(char const* text)
    {
        for (int i = 0; i < customers_; ++i)
            world_.write(number(i), {"c", "Customer", "4915" + std::to_string(10000000 + i), "DE." + std::to_string(1000000 + i)}, {text});
        wrote_at_ = world_.agenda.true_now();
    }

    void pass_round(int round, int sends)
    {
        if (world_.agenda.true_now() - wrote_at_ > 10h) // else the reply windows close
            write_all("and another thing");
        queue(sends);
        if (round < order_.crashes)
            world_.fate.die_at(send_steps[static_cast<std::size_t>(round) % send_steps.size()], 5 + static_cast<int>(dice_.below(100)));
        if (round % 3 == 1)
            pause_for_a_while(static_cast<int>(dice_.below(numbers)));
        for (int i = 0; i < 48 && world_.broken.empty(); ++i) {
            world_.pass(5min);
            if (world_.settled())
                break;
        }
        people_decide();
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
            auto const busiest = dice_.below(lanes.size()); // a customer with whom somebody talks much
            for (int i = 0; i < count; ++i) {
                auto const& lane = lanes[dice_.chance(200) ? busiest : dice_.below(lanes.size())];
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

    /// Of some of what is before people's eyes they say what became of it; they may be wrong.
    void people_decide()
    {
        using store::Verdict;
        auto const asked = world_.ask("SELECT DISTINCT message_id FROM intent WHERE class = 'agent' AND state = 'held' ORDER BY 1 LIMIT 200");
        for (auto const& id : asked)
            if (dice_.chance(300))
                world_.perform(desk::Resolve{.message = MessageId{std::stoll(id)},
                                             .verdict = std::array{Verdict::sent, Verdict::resend, Verdict::not_sent}[dice_.below(3)]});
    }

    void pause_for_a_while(int n)
    {
        auto const name = world_.accounts()[static_cast<std::size_t>(n)]->account.name;
        world_.agenda.after(dice_.within(2min), [this, name] {
            world_.perform(desk::PauseAccount{.account = name, .reason = "a look at it"});
            world_.agenda.after(dice_.within(10min), [this, name] { resume(name); });
        });
    }

    void resume(std::string const& name)
    {
        if (!world_.alive())
            return world_.agenda.after(1min, [this, name] { resume(name); });
        world_.perform(desk::ResumeAccount{.account = name});
        world_.kick();
    }

    void fall_silent_now_and_then()
    {
        world_.agenda.after(dice_.within(8h), [this] {
            world_.provider.fall_silent(number(static_cast<int>(dice_.below(numbers))).phone_number_id, dice_.within(30min));
            fall_silent_now_and_then();
        });
    }

    std::string drain()
    {
        world_.provider.weather.each = 0;
        for (int times = 0; times < 80 && world_.broken.empty() && !world_.settled(); ++times)
            world_.pass(30min);
        world_.pass(3h); // the last late receipts
        if (!world_.broken.empty())
            return world_.broken;
        bool const settled = world_.settled();
        auto why = judged();
        return why.empty() && !settled ? "does not come to rest" : why;
    }

    std::string judged()
    {
        if (world_.alive())
            world_.close();
        return sim::judge(world_, doubts_);
    }

    SendOrder order_;
    sim::World world_;
    sim::Dice dice_;
    sim::Doubts doubts_;
    int customers_{0};
    Timestamp wrote_at_{};
    std::size_t queued_{0};
};

} // namespace

SendFigures run_sends(SendOrder const& order)
{
    SendRun run{order};
    return run.figures(run.run());
}

SendFigures die_once(SendOrder const& order, char const* step, int passes)
{
    SendRun run{order};
    auto why = run.die_once(step, passes);
    return run.figures(why.empty() ? why : why + " (crash " + step + ", after " + std::to_string(passes) + ")");
}

SendFigures& SendFigures::operator+=(SendFigures const& more)
{
    if (why.empty())
        why = more.why;
    queued += more.queued;
    at_provider += more.at_provider;
    most_unknown = std::max(most_unknown, more.most_unknown);
    doubts += more.doubts;
    for (auto const& [name, times] : more.faults)
        faults[name] += times;
    for (auto const& [name, times] : more.deaths)
        deaths[name] += times;
    return *this;
}

std::string render(SendFigures const& figures)
{
    return nlohmann::json{figures.why,    figures.queued, figures.at_provider, figures.most_unknown, figures.doubts.numbers(),
                          figures.faults, figures.deaths}
        .dump();
}

SendFigures parse_figures(std::string const& rendered)
{
    using Times = std::map<std::string, int>;
    auto const all = nlohmann::json::parse(rendered);
    auto const size = [&](std::size_t n) { return all.at(n).get<std::size_t>(); };
    return {all.at(0).get<std::string>(), size(1), size(2), size(3), sim::Doubts::of(all.at(4).get<sim::Doubts::Numbers>()),
            all.at(5).get<Times>(), all.at(6).get<Times>()};
}

} // namespace deskbridge::test
