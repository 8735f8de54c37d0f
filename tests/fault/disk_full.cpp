#include "arguments.hpp"
#include "daemon.hpp"
#include "database.hpp"
#include "http.hpp"
#include "small_disk.hpp"
#include "tally.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

using namespace fault;

namespace {

constexpr auto usage = R"(disk_full --deskbridge PROGRAM [--case webhook|low_water|restart|backup|all]

The real process on a file system of 48 MiB that is filled to the last block under its hands. Exit status 77: not root.
)";

constexpr std::uint64_t mib = 1 << 20;
constexpr int disk_mib = 48;
constexpr int not_root = 77;

using Clock = std::chrono::steady_clock;

/// The daemon on its small disk, whoever writes to it, and what they were answered.
class Scene {
public:
    explicit Scene(std::string const& program)
        : program_{program}, disk{folder_.path() / "disk", disk_mib}, daemon{program, disk.path(), sink.port()}
    {
        std::ifstream in{daemon.configuration()};
        std::string text{std::istreambuf_iterator<char>{in}, {}};
        std::string const path = "path = \"deskbridge.db\"\n";
        text.insert(text.find(path) + path.size(), fmt::format("low_water_bytes = {}\nballast_bytes = {}\n", 4 * mib, 4 * mib));
        std::ofstream{daemon.configuration()} << text;
        daemon.start();
    }

    /// A customer's message; answers the status, and remembers what was promised.
    int post(int customer, std::size_t words = 20)
    {
        auto const id = fmt::format("wamid.full{}", ++posts_);
        auto const now = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
        auto const body = fmt::format(
            R"({{"object":"whatsapp_business_account","entry":[{{"id":"1","changes":[{{"field":"messages","value":{{"messaging_product":"whatsapp","metadata":{{"phone_number_id":"{}"}},"messages":[{{"from":"49151100{:05}","id":"{}","timestamp":"{}","type":"text","text":{{"body":"{}"}}}}]}}}}]}}]}})",
            Daemon::phone_number_id, customer, id, now, std::string(words, 'x'));
        HttpConnection connection{daemon.port()};
        int const status = connection.post("/hooks/support", body, signature_of(Daemon::app_secret, body));
        (status == 200 ? promised_ : refused_).insert(id);
        return status;
    }
    int ready() const { return HttpConnection{daemon.port()}.get("/readyz"); }
    double metric(std::string const& name) const
    {
        HttpConnection connection{daemon.port()};
        auto const text = connection.read("/metrics");
        auto const at = text.find("\n" + name + " ");
        return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
    }
    int run(std::string const& command) const
    {
        auto const line = fmt::format("'{}' {} --config '{}' >/dev/null 2>'{}'", program_, command, daemon.configuration().string(), said_file().string());
        int const status = std::system(line.c_str());
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    std::string said() const
    {
        std::ifstream in{said_file()};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    /// The space is back: how long until webhooks are taken again, in milliseconds.
    long heal()
    {
        auto const begun = Clock::now();
        disk.free_up();
        expect(wait_for([this] { return ready() == 200; }), "it does not heal after space came back");
        return static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun).count());
    }
    /// Nothing that was answered 200 is missing, nothing is there twice, nothing is damaged.
    void judge()
    {
        expect(daemon.terminate() == 0, "SIGTERM: not a clean end");
        Database const database{daemon.database()};
        expect(database.value("PRAGMA integrity_check") == "ok", "the database is damaged");
        std::multiset<std::string> stored;
        for (auto const& row : database.rows("SELECT external_id FROM message WHERE direction = 'in'"))
            stored.insert(row.front());
        for (auto const& id : promised_)
            expect(stored.count(id) == 1, fmt::format("{} was answered 200 and is there {} times", id, stored.count(id)));
        for (auto const& id : refused_)
            expect(stored.count(id) <= 1, fmt::format("{} is there {} times", id, stored.count(id)));
    }
    [[nodiscard]] std::size_t promised() const noexcept { return promised_.size(); }

private:
    [[nodiscard]] std::filesystem::path said_file() const { return folder_.path() / "said"; }
    std::string program_;
    ScratchFolder folder_;
    int posts_{0};
    std::set<std::string> promised_;
    std::set<std::string> refused_;

public:
    ProviderSink sink;
    SmallDisk disk;
    Daemon daemon;
};

void expect_refusals(Scene& scene, std::string const& when)
{
    for (int i = 0; i < 20; ++i)
        if (int const status = scene.post(i); !expect(status == 503, fmt::format("{}: a webhook was answered {}", when, status)))
            return;
    expect(scene.ready() == 503, when + ": /readyz does not tell");
    expect(scene.metric("deskbridge_disk_low") == 1, when + ": the figure does not tell");
    expect(scene.run("ticket ls") == 0, when + ": the inbox cannot be read: " + scene.said());
    expect(scene.run("ticket show 1") == 0, when + ": a ticket cannot be read: " + scene.said());
    expect(scene.run("ticket note 1 -m 'no room for this'") == 6, when + ": an agent's write is not refused as passing");
    expect(scene.said().find("disk is almost full") != std::string::npos, when + ": the agent is not told why: " + scene.said());
}

/// Full while webhooks come in and a reply is on its way; the log lies on the same disk.
void full_under_webhooks(Scene& scene)
{
    for (int i = 0; i < 50; ++i)
        expect(scene.post(i, 2000) == 200, "a webhook was refused with room enough");
    scene.disk.fill();
    int status = 200;
    for (int i = 0; status == 200 && i < 20000; ++i)
        status = scene.post(i % 50, 2000); // what the log still had room for is promised and must be there
    expect(status == 503, fmt::format("at the full disk a webhook was answered {}", status));
    expect_refusals(scene, "full");
    auto const before = scene.sink.messages().size();
    expect(wait_for([&] { return scene.sink.messages().size() >= 50; }), fmt::format("the outbox stands still: {} then {} of 50 messages",
                                                                                  before, scene.sink.messages().size()));
    auto const ms = scene.heal();
    expect(scene.post(1) == 200, "a webhook is refused after space came back");
    expect(scene.run("ticket note 1 -m 'room again'") == 0, "an agent's write is refused after space came back");
    fmt::print("webhook: {} answered 200 in all, healed in {} ms\n", scene.promised(), ms);
}

/// Not full, only low: refused before anything fails.
void below_the_mark(Scene& scene)
{
    expect(scene.post(1) == 200, "a webhook was refused with room enough");
    scene.disk.fill(3 * mib);
    expect(wait_for([&] { return scene.ready() == 503; }), "the low-water mark is not noticed");
    expect_refusals(scene, "low");
    expect(scene.metric("deskbridge_disk_full_total") == 0, "a write met a full disk above the ballast");
    fmt::print("low_water: healed in {} ms\n", scene.heal());
    expect(scene.post(1) == 200, "a webhook is refused after space came back");
}

/// Killed and started again on a disk without a free block, with a log that is not folded back yet.
void restart_on_full(Scene& scene)
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
void backups(Scene& scene)
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

void run(std::string const& program, std::string const& name, void (*part)(Scene&))
{
    int const failed_before = tally().failed;
    Scene scene{program};
    part(scene);
    scene.judge();
    if (tally().failed > failed_before)
        fmt::print("{}: the end of the log:\n{}\n", name, scene.daemon.log().substr(std::max<std::size_t>(scene.daemon.log().size(), 3000) - 3000));
}

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
    struct Part {
        std::string name;
        void (*work)(Scene&);
    };
    for (auto const& part : {Part{"webhook", full_under_webhooks}, Part{"low_water", below_the_mark}, Part{"restart", restart_on_full}, Part{"backup", backups}})
        if (wanted == "all" || wanted == part.name)
            run(program, part.name, part.work);
    return conclude();
}
