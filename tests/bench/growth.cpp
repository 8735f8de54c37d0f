#include "full.hpp"
#include "items.hpp"

#include "fault/agent_desk.hpp"
#include "fault/database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <stdexcept>

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;

double since_ms(Clock::time_point begun)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
}

LoadPlan closed_loop(Ground const& ground)
{
    LoadPlan plan;
    plan.connections = 256;
    plan.at_most = ground.round;
    return plan;
}

/// Empty and large in turn.
Item measure_growth(Ground& ground, FullDaemon& full, Syncs& syncs)
{
    Series empty{fmt::format("with {} messages", ground.customers), "webhooks/s", {}};
    Series large{fmt::format("with {} messages", full.messages()), "webhooks/s", {}};
    Series bytes{"database per message, one in a body", "bytes", {}};
    auto const posts = static_cast<std::size_t>(ground.customers);
    for (int round = 0; round < std::min(ground.rounds, 3); ++round) {
        syncs.look(ground.scratch.path());
        auto const first = plan_posts(ground, Shape::sentence, posts, 500 + static_cast<std::uint64_t>(round));
        empty.runs.push_back(measure_daemon(ground, first, closed_loop(ground)).loaded.per_second());
        auto const before = std::filesystem::file_size(full.daemon().database());
        auto const loaded = full.bring(Shape::sentence, posts, closed_loop(ground));
        large.runs.push_back(loaded.per_second());
        auto const after = std::filesystem::file_size(full.daemon().database()); // less a log of a few MB at either end
        bytes.runs.push_back(static_cast<double>(after - before) / static_cast<double>(loaded.taken()));
    }
    auto const ratio = ratio_of("large by small", large, empty);
    Item item{"growth", "Growth", "Closed loop, 256 connections, plain HTTP, one sentence in each webhook; the small and the large database in turn.",
              {large, empty, ratio, bytes}, {{"large by small", ratio.median(), true, 0.8, "×"}}};
    add_syncs(item, syncs);
    return item;
}

Item measure_start(Ground& ground, FullDaemon& full)
{
    Series ready{"ready after kill -9", "ms", {}};
    Series size{"database and log", "MB", {}};
    for (int round = 0; round < std::min(ground.rounds, 3); ++round) {
        (void)full.bring(Shape::sentence, 2000, closed_loop(ground));
        full.daemon().kill();
        size.runs.push_back(full.megabytes());
        ready.runs.push_back(full.daemon().start(60));
    }
    return {"start", "Start", "From exec(2) to the first 200 of /readyz, killed in the moment after a load.", {ready, size}, {{"ready", ready.median(), false, 1000, "ms"}}};
}

/// While webhooks come in: each question on a connection of its own at the control socket.
void ask_about_tickets(fault::AgentDesk const& desk, std::future<Loaded> const& load, std::vector<double>& lists, std::vector<double>& shows)
{
    long ticket = 1;
    while (load.wait_for(std::chrono::milliseconds{10}) != std::future_status::ready) {
        auto begun = Clock::now();
        auto answer = desk.ask("GET", "/v1/tickets");
        lists.push_back(since_ms(begun));
        begun = Clock::now();
        ticket = (ticket + 7919) % FullDaemon::customers + 1;
        auto const shown = desk.ask("GET", fmt::format("/v1/tickets/{}", ticket));
        shows.push_back(since_ms(begun));
        if (answer.status != 200 || shown.status != 200 || answer.body.at("data").size() != 50)
            throw std::runtime_error("a question about tickets was not answered");
    }
}

Item measure_desk(Ground& ground, FullDaemon& full, Syncs& syncs)
{
    Series list{"ticket ls, p99", "ms", {}};
    Series show{"ticket show, p99", "ms", {}};
    fault::AgentDesk const desk{full.daemon().socket()};
    for (int round = 0; round < std::min(ground.rounds, 3); ++round) {
        syncs.look(ground.scratch.path());
        LoadPlan plan;
        plan.rate = 1000;
        plan.at_most = std::chrono::seconds{20};
        auto load = std::async(std::launch::async, [&] { return full.bring(Shape::sentence, 20'000, plan); });
        std::vector<double> lists;
        std::vector<double> shows;
        ask_about_tickets(desk, load, lists, shows);
        (void)load.get();
        list.runs.push_back(quantile_of(lists, 0.99));
        show.runs.push_back(quantile_of(shows, 0.99));
    }
    Item item{"desk", "Questions under load",
              fmt::format("At the control socket, answers in JSON, with {} tickets and {} messages stored, while 1,000 webhooks a second come in.",
                          FullDaemon::customers, full.messages()),
              {list, show}, {{"ticket ls", list.median(), false, 20, "ms"}, {"ticket show", show.median(), false, 20, "ms"}}};
    add_syncs(item, syncs);
    return item;
}

/// Bodies of 10 KB as fast as they go.
Item measure_full_memory(Ground& ground, FullDaemon& full)
{
    Series resident{"at full load", "MiB", {}};
    for (int round = 0; round < std::min(ground.rounds, 3); ++round) {
        (void)full.bring(Shape::ten_kilobytes, static_cast<std::size_t>(ground.customers) / 2, closed_loop(ground));
        resident.runs.push_back(static_cast<double>(full.daemon().resident_kib()) / 1024);
    }
    return {"full_memory", "Memory at full load", fmt::format("Resident memory after bodies of 10 KB over 256 connections, {} messages stored.", full.messages()),
            {resident}, {{"at full load", resident.median(), false, 100, "MiB"}}};
}

Item measure_journal(fault::Daemon const& daemon)
{
    fault::Database const db{daemon.database()};
    auto const bodies = std::stod(db.value("SELECT sum(length(body)) FROM journal"));
    auto const all = static_cast<double>(std::filesystem::file_size(daemon.database()));
    return {"journal", "The raw journal's share", "Of the database file as it was at the end.", {{"raw bodies", "% of the file", {100 * bodies / all}}, {"file", "MB", {all / 1e6}}}, {}};
}

} // namespace

Items measure_large(Ground& ground, Syncs& syncs)
{
    FullDaemon full{ground, ground.messages};
    Items items;
    items.push_back(measure_growth(ground, full, syncs));
    items.push_back(measure_full_memory(ground, full));
    Syncs others;
    items.push_back(measure_desk(ground, full, others));
    items.push_back(measure_start(ground, full));
    full.conclude();
    items.push_back(measure_journal(full.daemon()));
    return items;
}

} // namespace bench
