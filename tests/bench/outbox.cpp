#include "items.hpp"

#include "limit/bare_client.hpp"
#include "limit/send_rows.hpp"
#include "load/stand_in.hpp"

#include "fault/agent_desk.hpp"
#include "fault/tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <thread>

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int most_recipients = 10'000;
constexpr std::chrono::minutes enough{2};

/// Looks often enough not to be measured itself.
void await(Clock::time_point until, std::function<bool()> const& holds)
{
    while (!holds()) {
        if (Clock::now() > until)
            throw std::runtime_error("not all messages were sent");
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
}

/// Afterwards: in the database and at the provider.
void expect_all_sent(std::filesystem::path const& database, StandIn const& provider, int recipients, std::string const& by)
{
    if (auto const fault = fault_of_sends(database, provider.arrivals(), recipients); !fault.empty())
        throw std::runtime_error(fmt::format("messages sent by {}: {}", by, fault));
}

/// From the moment at which the account may send until the last outcome is durable.
double measure_deskbridge(Ground& ground, std::filesystem::path const& queued, int recipients)
{
    StandIn provider;
    auto const setup = wide_open(provider.port());
    auto const folder = ground.folder("sending");
    auto daemon = make_daemon(ground.program, folder, setup);
    lay(queued, daemon->database());
    daemon->start();
    fault::AgentDesk const desk{daemon->socket()};
    fault::HttpConnection metrics{daemon->port()};
    auto const accepted = [&] { return fault::figure_in(metrics.read("/metrics"), R"(deskbridge_sends_total{outcome="accepted"})"); };
    auto const begun = Clock::now();
    if (!desk.resumes())
        throw std::runtime_error("the account was not resumed");
    await(begun + enough, [&] { return provider.accepted() >= static_cast<std::size_t>(recipients); });
    await(begun + enough, [&] { return accepted() >= recipients; });
    auto const seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    daemon->terminate();
    expect_all_sent(daemon->database(), provider, recipients, "the daemon");
    std::filesystem::remove_all(folder);
    return recipients / seconds;
}

double measure_bare(Ground& ground, std::filesystem::path const& queued, int recipients)
{
    StandIn provider;
    auto const file = ground.folder("bare-sends.db");
    lay(queued, file);
    double per_second_sent = 0;
    {
        BareClient client{file, provider.port()};
        per_second_sent = client.send_all(wide_open(0).in_flight);
    }
    expect_all_sent(file, provider, recipients, "the bare client");
    return per_second_sent;
}

} // namespace

Items measure_outbox(Ground& ground, Syncs& syncs)
{
    auto const queued = ground.folder("queued.db");
    lay(ground.seed().file, queued);
    auto const recipients = queue_sends(queued, std::min(most_recipients, ground.customers));
    Series ours{"Deskbridge", "messages/s", {}};
    Series bare{"bare client and store", "messages/s", {}};
    for (int round = 0; round < std::min(ground.rounds, 3); ++round) {
        syncs.look(ground.scratch.path());
        bare.runs.push_back(measure_bare(ground, queued, recipients));
        ours.runs.push_back(measure_deskbridge(ground, queued, recipients));
    }
    auto const of_limit = ratio_of("Deskbridge by bare client and store", ours, bare);
    Item item{"outbox", "The outbox against a stand-in",
              fmt::format("{} messages to as many customers, queued before the clock starts while the account is paused; {} on their way at once, a stand-in "
                          "without limits and without receipts. Until the last outcome is durable. Configured: `in_flight = {}`, `messages_per_second = {}`; "
                          "one message to a customer, so that no pace to one applies.",
                          recipients, wide_open(0).in_flight, wide_open(0).in_flight, wide_open(0).per_second),
              {ours, bare, of_limit},
              {{"by the bare client and store", of_limit.median(), true, 0.8, "×"}, {"messages sent", ours.median(), true, 2000, "messages/s"}}};
    add_syncs(item, syncs);
    return {item};
}

} // namespace bench
