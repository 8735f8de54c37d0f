#include "io_scenario.hpp"

#include "disk.hpp"
#include "record.hpp"

#include <fmt/format.h>

#include <functional>
#include <map>
#include <random>
#include <stdexcept>
#include <string_view>

namespace fault {
namespace {

namespace fs = std::filesystem;

constexpr int exit_broken_store = 70;
constexpr int exit_not_started = 1;
constexpr int start_wait = 20;    // seconds
constexpr int full_disk_wait = 4; // it may never be ready there

MixedLoad::Shape earlier(std::uint64_t seed)
{
    return {.customers = 3, .events = 6, .replies = 2, .seed = seed, .round = 1};
}

MixedLoad::Shape shape_of(std::string const& name, std::uint64_t seed)
{
    if (name == "checkpoint")
        return {.customers = 10, .events = 250, .replies = 20, .seed = seed, .round = 2};
    return {.customers = 3, .events = 4, .replies = 1, .seed = seed, .round = 2};
}

/// Of a fault that no daemon may take for anything but a sick disk: the file it hit, if that is the database or its log.
std::string sick_file(Record const& happened, std::string const& order)
{
    bool const sick = order.starts_with("sync:") ? order.find(":LIE:") == std::string::npos : order.starts_with("write:") && order.find(":EIO:") != std::string::npos;
    std::map<std::uint64_t, std::string_view> names;
    for (auto const& op : happened.ops()) {
        if (op.kind == faultfs_open)
            names[op.handle] = op.bytes;
        else if (sick && op.kind == faultfs_fault && (names[op.handle].ends_with("/deskbridge.db") || names[op.handle].ends_with("/deskbridge.db-wal")))
            return std::string{names[op.handle]};
    }
    return {};
}

bool disk_stays_full(std::string const& order)
{
    return order.ends_with(":ENOSPC:ever");
}

/// It runs, and says that it takes nothing new before there is room.
bool waits_for_room(int port)
{
    HttpConnection connection{port};
    return connection.get("/readyz") == 503 && connection.last_body().find("disk_low") != std::string::npos;
}

void copy_database(fs::path const& from, fs::path const& to)
{
    for (auto const* suffix : {"", "-wal"})
        if (fs::exists(from / (std::string{"deskbridge.db"} + suffix)))
            fs::copy_file(from / (std::string{"deskbridge.db"} + suffix), to / (std::string{"deskbridge.db"} + suffix));
}

} // namespace

Scenario::Scenario(Programs programs, std::string name, std::uint64_t seed)
    : programs_{std::move(programs)}, name_{std::move(name)}, seed_{seed}, load_{shape_of(name_, seed)}
{
}

void Scenario::prepare(fs::path const& origin)
{
    origin_ = origin;
    fs::create_directories(origin_);
    if (name_ == "birth")
        return;
    ProviderSink const sink;
    Daemon daemon{programs_.daemon, origin_, sink.port()};
    MixedLoad before{earlier(seed_)};
    std::atomic<bool> const never{false};
    daemon.start();
    before.run(daemon.port(), origin_ / "c.sock", never, 50);
    daemon.kill(); // leaves a log to recover
}

void Scenario::work_in(fs::path const& scratch)
{
    scratch_ = scratch;
    fs::create_directories(scratch_);
    sink_ = std::make_unique<ProviderSink>();
    opener_ = std::make_unique<Opener>(programs_.opener);
}

Scenario::Result Scenario::run(std::string const& order)
{
    Result result;
    fs::remove_all(folder());
    fs::remove(record());
    fs::create_directories(folder());
    copy_database(origin_, folder());
    Daemon daemon{programs_.daemon, folder(), sink_->port()};
    try {
        play(daemon, order, result);
        lose_power(order, result);
        start_again(daemon, result);
    } catch (std::exception const& error) {
        result.failures.emplace_back(error.what());
    }
    return result;
}

void Scenario::play(Daemon& daemon, std::string const& order, Result& result)
{
    std::atomic<bool> const never{false};
    try {
        Preload const preload{{programs_.layer, folder(), record(), order}};
        daemon.start(disk_stays_full(order) ? full_disk_wait : start_wait);
        result.started = true;
    } catch (NotReady const& error) {
        result.status = error.status;
        result.started = disk_stays_full(order) && waits_for_room(daemon.port());
        if (!result.started && result.status != exit_broken_store && result.status != exit_not_started)
            result.failures.emplace_back(error.what());
        if (!result.started)
            return;
    }
    load_.run(daemon.port(), folder() / "c.sock", never, 2);
    result.refused = static_cast<int>(load_.requests() - load_.answered().size());
    result.status = daemon.terminate();
    if (result.status != 0 && result.status != exit_broken_store)
        result.failures.push_back(fmt::format("the daemon ended with status {}\n{}", result.status, daemon.log()));
}

/// Power is lost at the end of it: with nothing that no sync covers, and with some of it.
void Scenario::lose_power(std::string const& order, Result& result)
{
    Record const happened{record()};
    result.touched = happened.count(faultfs_fault) > 0;
    if (auto const file = sick_file(happened, order); !file.empty() && result.status == 0)
        result.failures.push_back("the disk failed under " + file + ", and the daemon ended with exit status 0");
    Disk disk{Disk::Promise::kept};
    disk.hold(origin_, folder());
    Told told;
    for (auto const& op : happened.ops()) {
        disk.apply(op);
        if (op.kind == faultfs_answered)
            told.answered.insert(op.offset);
        else if (op.kind == faultfs_sent)
            told.sent.emplace(op.bytes);
    }
    std::mt19937_64 dice{std::hash<std::string>{}(record().string()) + seed_};
    auto const image = scratch_ / "image";
    for (auto const pending : {Disk::Pending::lost, Disk::Pending::random}) {
        disk.build(folder(), image, pending, dice);
        auto const opened = opener_->open(image / "deskbridge.db");
        if (opened != "ok")
            result.failures.push_back("recovery after a loss of power: " + opened);
        else
            for (auto const& failure : judge_image(image / "deskbridge.db", load_, told).failures)
                result.failures.push_back("after a loss of power: " + failure);
    }
}

void Scenario::start_again(Daemon& daemon, Result& result)
{
    std::atomic<bool> const never{false};
    auto told = Told{load_.answered(), {}};
    daemon.start();
    load_.run(daemon.port(), folder() / "c.sock", never, 400); // a disk that was full is believed again after some seconds
    int const missing = static_cast<int>(load_.requests() - load_.answered().size());
    if (missing != 0)
        result.failures.push_back(fmt::format("{} requests were refused after the restart", missing));
    if (int const status = daemon.terminate(); status != 0)
        result.failures.push_back(fmt::format("after the restart the daemon ended with status {}", status));
    told.answered.merge(load_.answered());
    for (auto const& failure : judge_image(daemon.database(), load_, told).failures)
        result.failures.push_back("after the restart: " + failure);
}

} // namespace fault
