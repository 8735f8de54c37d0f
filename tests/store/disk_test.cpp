#include "faulty_disk.hpp"
#include "scene.hpp"

#include "support/read_file.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <fstream>
#include <functional>
#include <thread>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace deskbridge;
using namespace deskbridge::store;
using test::has;
using test::put;
using test::ScratchFolder;
using test::TempStore;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t mib = 1 << 20;
constexpr std::uint64_t never_free = std::uint64_t{1} << 60;

/// What a coroutine hears that writes in this lane.
Result<void> write_in(TempStore& store, Lane lane, std::string const& name)
{
    boost::asio::io_context io;
    Result<void> heard = Error{Fault::storage, "no answer"};
    auto task = [&]() -> boost::asio::awaitable<void> {
        auto job = [&](Tx& tx) { put(tx, name); };
        auto answer = co_await store->write(job, lane);
        heard = std::move(answer);
    };
    boost::asio::co_spawn(io, task, boost::asio::detached);
    io.run();
    return heard;
}

void wait_for(std::function<bool()> const& holds)
{
    for (int tries = 0; tries < 6000 && !holds(); ++tries)
        std::this_thread::sleep_for(10ms);
    REQUIRE(holds());
}

std::uint64_t blocks_of(std::filesystem::path const& file)
{
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_blocks) * 512 : 0;
}

std::filesystem::path ballast(TempStore const& store)
{
    return store.settings().path.string() + ".ballast";
}

/// Keeps lines in a file, so that a process that ends leaves them behind.
class FileLog final : public Log {
public:
    explicit FileLog(std::filesystem::path file) : file_{std::move(file)} {}
    void write(LogLevel, std::string_view event, std::initializer_list<LogField> fields) override
    {
        std::ofstream out{file_, std::ios::app};
        out << event;
        for (auto const& field : fields)
            out << ' ' << field.key << "=\"" << field.value << '"';
        out << '\n';
    }

private:
    std::filesystem::path file_;
};

/// The end of a process in which `then` met the broken disk: its status, and what it logged.
struct Ended {
    int status{0};
    std::string log;
};
Ended in_child(std::function<void(test::FaultyDisk&, Store&)> const& then)
{
    ScratchFolder folder;
    auto const child = ::fork();
    if (child == 0) {
        test::FaultyDisk disk;
        FileLog log{folder.path() / "log"};
        Metrics metrics;
        auto opened = Store::open({.path = folder.path() / "x.db"}, log, metrics);
        if (opened && (*opened)->write_now([](Tx& tx) { put(tx, "a"); }))
            then(disk, **opened);
        ::_exit(1);
    }
    Ended ended;
    REQUIRE(::waitpid(child, &ended.status, 0) == child);
    ended.log = test::try_read_file(folder.path() / "log").value_or("");
    return ended;
}

} // namespace

TEST_CASE("disk: below the low-water mark nothing new is taken, what is there can be read, outcomes are recorded")
{
    TempStore store{{.low_water = never_free}};
    CHECK(store->room() == Room::disk_low);
    CHECK(store.metrics.gauge("deskbridge_disk_low").value() == 1);
    CHECK(store.metrics.gauge("deskbridge_disk_free_bytes").value() > 0);
    for (auto const lane : {Lane::agent, Lane::intake}) {
        auto const heard = write_in(store, lane, "new");
        REQUIRE(heard.has_error());
        CHECK(heard.error().fault == Fault::unavailable);
        CHECK_THAT(heard.error().detail, Catch::Contains("disk is almost full"));
    }
    for (auto const lane : {Lane::outcome, Lane::upkeep})
        CHECK(write_in(store, lane, "outcome").has_value());
    store.write([](Tx& tx) { put(tx, "at the start"); });
    CHECK(store.read([](Reading& r) { return has(r, "outcome") && has(r, "at the start") && !has(r, "new"); }));
}

TEST_CASE("disk: the ballast has real blocks, goes when the disk is full, and comes back by itself")
{
    test::FaultyDisk disk;
    TempStore store{{.low_water = mib, .ballast = 2 * mib, .disk_look = 20ms}};
    CHECK(store->room() == Room::enough);
    CHECK(blocks_of(ballast(store)) >= 2 * mib);
    CHECK(store.metrics.gauge("deskbridge_disk_ballast_bytes").value() == 2 * mib);

    disk.fail_writes(SQLITE_FULL);
    auto const refused = write_in(store, Lane::intake, "a");
    REQUIRE(refused.has_error());
    CHECK(refused.error().fault == Fault::unavailable);
    CHECK(store->room() == Room::disk_low);
    CHECK(blocks_of(ballast(store)) == 0);
    CHECK(store.metrics.counter("deskbridge_disk_full_total").value() == 1);
    CHECK_THAT(write_in(store, Lane::agent, "b").error().detail, Catch::Contains("almost full"));

    disk.fail_writes(SQLITE_OK);
    CHECK(write_in(store, Lane::outcome, "c").has_value());
    wait_for([&] { return store->room() == Room::enough; });
    CHECK(blocks_of(ballast(store)) >= 2 * mib);
    CHECK(write_in(store, Lane::intake, "d").has_value());
    CHECK(store.read([](Reading& r) { return !has(r, "a") && !has(r, "b") && has(r, "c") && has(r, "d"); }));
}

TEST_CASE("disk: a database that is moved away under the daemon takes nothing new until it is back")
{
    TempStore store{{.low_water = 1, .disk_look = 20ms}};
    auto const file = store.settings().path;
    auto const away = std::filesystem::path{file.string() + ".away"};
    std::filesystem::rename(file, away);
    if (GENERATE(false, true))
        std::ofstream{file} << "another file";
    wait_for([&] { return store->room() == Room::file_gone; });
    for (auto const lane : {Lane::agent, Lane::intake})
        CHECK_THAT(write_in(store, lane, "new").error().detail, Catch::Contains("removed or replaced"));
    CHECK(write_in(store, Lane::outcome, "outcome").has_value());

    std::filesystem::rename(away, file);
    wait_for([&] { return store->room() == Room::enough; });
    CHECK(write_in(store, Lane::intake, "again").has_value());
    CHECK(store.read([](Reading& r) { return has(r, "outcome") && has(r, "again") && !has(r, "new"); }));
}

TEST_CASE("disk: a ballast of another configuration becomes this one's")
{
    struct Case {
        std::string label;
        std::uint64_t before;
        std::uint64_t ballast;
    };
    auto const c = GENERATE(values<Case>({{"smaller", 3 * mib, mib}, {"larger", mib, 3 * mib}, {"none any more", mib, 0}}));
    INFO(c.label);
    ScratchFolder folder;
    auto const file = folder.path() / "x.db";
    NoLog log;
    Metrics metrics;
    for (auto const size : {c.before, c.ballast})
        REQUIRE(Store::open({.path = file, .ballast = size}, log, metrics).has_value());
    std::error_code missing;
    auto const size = std::filesystem::file_size(file.string() + ".ballast", missing);
    CHECK((missing ? 0 : size) == c.ballast);
}

TEST_CASE("disk: whoever meets a broken disk stops the process, and one line says file, operation, cause and next step")
{
    struct Case {
        std::string label;
        std::function<void(test::FaultyDisk&, Store&)> then;
        std::string during;
        std::string operation;
    };
    auto const c = GENERATE(values<Case>({
        {"a commit that is not synced", [](test::FaultyDisk& disk, Store& store) {
             disk.fail_syncs(SQLITE_IOERR_FSYNC);
             (void)store.write_now([](Tx& tx) { put(tx, "b"); });
         }, "batch", "sync"},
        {"a reader", [](test::FaultyDisk& disk, Store& store) {
             disk.fail_reads(SQLITE_IOERR_READ);
             (void)store.read_now([](Reading& r) { return has(r, "a"); });
         }, "read", "read"},
        {"a checkpoint", [](test::FaultyDisk& disk, Store& store) {
             (void)store.write_now([](Tx& tx) {
                 for (int i = 0; i < 24; ++i)
                     put(tx, std::to_string(i) + std::string(400'000, 'x'));
             });
             disk.fail_writes(SQLITE_IOERR_WRITE); // a log of that size is folded back now or after the next batch
             (void)store.write_now([](Tx& tx) { put(tx, "b"); });
             (void)store.write_now([](Tx& tx) { put(tx, "c"); });
         }, "", "write"},
    }));
    INFO(c.label);
    auto const ended = in_child(c.then);
    REQUIRE(WIFEXITED(ended.status));
    CHECK(WEXITSTATUS(ended.status) == 70);
    INFO(ended.log);
    CHECK_THAT(ended.log, Catch::Contains("store_stops_process file=\"") && Catch::Contains("x.db\" during=\"" + c.during) &&
                              Catch::Contains("operation=\"" + c.operation + "\"") && Catch::Contains("next=\"look at the disk"));
}
