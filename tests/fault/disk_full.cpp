#include "arguments.hpp"
#include "disk_full_media.hpp"
#include "disk_scene.hpp"
#include "tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <thread>

#include <unistd.h>

using namespace fault;

namespace {

constexpr auto usage = R"(disk_full --deskbridge PROGRAM [--case webhook|low_water|restart|backup|checkpoint|media|all]

The real process on a file system of 48 MiB that is filled to the last block under its hands. Its log goes to standard error, which
lies on the same disk but in checkpoint and media. Exit status 77: not root.
)";

constexpr int not_root = 77;

/// Full while webhooks come in and a reply is on its way; the log lies on the same disk.
void full_under_webhooks(DiskScene& scene)
{
    for (int i = 0; i < 50; ++i)
        expect(scene.post(i, 2000) == 200, "a webhook was refused with room enough");
    scene.disk.fill();
    int status = 200;
    for (int i = 0; status == 200 && i < 20000; ++i)
        status = scene.post(i % 50, 2000); // what the log still had room for is promised and must be there
    expect(status == 503, fmt::format("at the full disk a webhook was answered {}", status));
    scene.expect_refusals("full");
    auto const before = scene.sink.messages().size();
    expect(wait_for([&] { return scene.sink.messages().size() >= 50; }), fmt::format("the outbox stands still: {} then {} of 50 messages",
                                                                                  before, scene.sink.messages().size()));
    auto const ms = scene.heal();
    expect(scene.post(1) == 200, "a webhook is refused after space came back");
    expect(scene.run("ticket note 1 -m 'room again'") == 0, "an agent's write is refused after space came back");
    fmt::print("webhook: {} answered 200 in all, healed in {} ms\n", scene.promised(), ms);
}

/// Not full, only low: refused before anything fails.
void below_the_mark(DiskScene& scene)
{
    expect(scene.post(1) == 200, "a webhook was refused with room enough");
    scene.disk.fill(3 * mib);
    expect(wait_for([&] { return scene.ready() == 503; }), "the low-water mark is not noticed");
    scene.expect_refusals("low");
    expect(scene.metric("deskbridge_disk_full_total") == 0, "a write met a full disk above the ballast");
    fmt::print("low_water: healed in {} ms\n", scene.heal());
    expect(scene.post(1) == 200, "a webhook is refused after space came back");
}

/// Killed and started again on a disk without a free block, with a log that is not folded back yet.
void restart_on_full(DiskScene& scene)
{
    for (int i = 0; i < 300; ++i)
        expect(scene.post(i % 20, 3000) == 200, "a webhook was refused with room enough");
    scene.disk.fill();
    for (int i = 0; i < 200; ++i)
        (void)scene.post(i % 20, 3000);
    scene.daemon.kill();
    scene.disk.fill();
    std::thread later{[&] {
        std::this_thread::sleep_for(std::chrono::seconds{3});
        scene.disk.free_up();
    }};
    bool started = false;
    for (int tries = 0; tries < 20 && !started; ++tries) // as the unit does
        try {
            scene.daemon.start(10);
            started = true;
        } catch (std::exception const&) {
            std::this_thread::sleep_for(std::chrono::milliseconds{500});
        }
    later.join();
    expect(started, "it does not start again after a crash on a full disk");
    expect(wait_for([&] { return scene.post(1) == 200; }), "webhooks are refused after the restart");
}

/// A backup that does not fit leaves nothing behind and does no harm; one that fits is made while webhooks come in.
void backups(DiskScene& scene)
{
    for (int i = 0; i < 200; ++i)
        expect(scene.post(i % 20, 3000) == 200, "a webhook was refused with room enough");
    auto const file = scene.disk.path() / "copy.db";
    scene.disk.fill(5 * mib);
    expect(scene.run("db backup '" + file.string() + "'") == 1, "a backup without room does not fail: " + scene.said());
    expect(scene.said().find("free space") != std::string::npos, "the backup does not say why: " + scene.said());
    expect(!std::filesystem::exists(file) && !std::filesystem::exists(file.parent_path() / ("." + file.filename().string() + ".deskbridge-part")), "a failed backup leaves something behind");
    (void)scene.heal();
    expect(scene.run("db backup '" + file.string() + "'") == 0, "a backup with room fails: " + scene.said());
    expect(scene.run("db backup '" + file.string() + "'") == 5, "a backup is replaced unasked");
    expect(scene.run("db backup --force '" + file.string() + "'") == 0, "--force does not replace: " + scene.said());
    expect(scene.run("db check '" + file.string() + "'") == 0, "the backup is not sound: " + scene.said());
    expect(scene.run("db check") == 5, "the live database can be checked under a running daemon");
    expect(scene.run("db restore '" + file.string() + "'") == 5, "a backup can be restored under a running daemon");
    expect(scene.post(1) == 200, "a webhook is refused after backups");
}

/// The log has kept the room that it once took; what goes into it finds no room in the database when it is folded back.
void checkpoint_without_room(DiskScene& scene)
{
    constexpr std::string_view failed = "store_checkpoint_failed";
    auto const fails = [&] { return scene.daemon.log().find(failed) != std::string::npos; };
    for (int i = 0; i < 300; ++i)
        expect(scene.post(i % 20, 3000) == 200, "a webhook was refused with room enough");
    scene.disk.fill();
    int taken = 0;
    while (scene.post(taken % 20, 3000) == 200 && taken < 20000)
        ++taken;
    expect(taken > 0, "nothing was taken into the room of the log");
    expect(fails(), "no checkpoint met the full disk");
    scene.expect_refusals("no room for the checkpoint");
    expect(scene.metric("deskbridge_disk_full_total") >= 1, "the figure does not tell of a write that met the full disk");
    auto const status = scene.daemon.terminate();
    expect(status == 0 || status == 70, fmt::format("SIGTERM on the full disk: status {}", status));
    scene.disk.free_up();
    scene.daemon.start();
    expect(wait_for([&] { return scene.post(1) == 200; }), "webhooks are refused after space came back");
    fmt::print("checkpoint: {} answered 200 on the full disk, {} in all; ended there with {}\n", taken, scene.promised(), status);
}

void conclude_part(DiskScene& scene, std::string_view name, int failed_before)
{
    scene.judge();
    if (tally().failed > failed_before)
        fmt::print("{}: the end of the log:\n{}\n", name, scene.daemon.log().substr(std::max<std::size_t>(scene.daemon.log().size(), 3000) - 3000));
}

struct Part {
    std::string_view name;
    void (*work)(DiskScene&);
    bool log_elsewhere{false};
};
constexpr std::array parts{Part{"webhook", full_under_webhooks}, Part{"low_water", below_the_mark}, Part{"restart", restart_on_full},
                           Part{"backup", backups}, Part{"checkpoint", checkpoint_without_room, true}};

} // namespace

int main(int argc, char** argv)
{
    Arguments const arguments{argc, argv, usage};
    if (::geteuid() != 0) {
        fmt::print("skipped: a small file system is mounted by root only\n");
        return not_root;
    }
    auto const wanted = arguments.text("--case", "webhook");
    auto const program = arguments.text("--deskbridge");
    for (auto const& [name, work, log_elsewhere] : parts) {
        if (wanted != "all" && wanted != name)
            continue;
        int const failed_before = tally().failed;
        DiskScene scene{program, {.log_elsewhere = log_elsewhere}};
        work(scene);
        conclude_part(scene, name, failed_before);
    }
    for (bool const apart : {false, true})
        if (wanted == "all" || wanted == "media")
            file_without_room(program, apart);
    return conclude();
}
