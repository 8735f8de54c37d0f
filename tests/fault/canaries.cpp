#include "canary_acts.hpp"
#include "tally.hpp"

#include "support/read_file.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdlib>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace fault;

namespace {

constexpr auto usage = R"(canaries --deskbridge PROGRAM

Every secret of the daemon, and what its customers and agents write, is a canary. The whole loop runs against the simulator and
against a provider that quotes our credentials back, with the most talkative log, and whatever can be refused is. Then all that
came out is searched: logs, figures, answers, printed lines, files, command lines, and what a crash leaves.
)";

namespace fs = std::filesystem;

/// What everybody on the machine can see of the daemon, and that it starts nobody who would inherit its environment.
void look_at_process(CanaryScene& scene)
{
    auto const proc = fs::path{"/proc"} / std::to_string(scene.daemon.pid());
    auto& seen = scene.places.at("process list", Place::May::nothing);
    for (auto const* file : {"cmdline", "status"})
        seen.bytes += deskbridge::test::try_read_file(proc / file).value_or("");
    seen.proof = {"serve", "deskbridge"};
    auto const child = fmt::format("\nPPid:\t{}\n", scene.daemon.pid());
    auto const of_ours = fmt::format("\nPPid:\t{}\n", ::getpid());
    std::string started;
    int ours = 0;
    for (auto const& entry : fs::directory_iterator{"/proc"}) {
        auto const status = deskbridge::test::try_read_file(entry.path() / "status").value_or("");
        if (status.find(child) != std::string::npos)
            started += deskbridge::test::try_read_file(entry.path() / "cmdline").value_or("");
        ours += status.find(of_ours) != std::string::npos ? 1 : 0;
    }
    expect(started.empty(), fmt::format("the daemon has started {}", started));
    expect(ours >= 2, "control: the daemon and the simulator are not found among the processes");
}

/// SIGABRT where cores are allowed, without limit, in a folder of its own.
void crash(CanaryScene& scene, bool wanted)
{
    auto const cores = scene.folder.path() / "cores";
    fs::create_directories(cores);
    fs::current_path(cores);
    scene.daemon.start();
    int const status = scene.daemon.abort();
    expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "SIGABRT does not end the daemon");
    expect((WCOREDUMP(status) != 0) == wanted, fmt::format("a crash that should{} leave a core", wanted ? "" : " not"));
    std::string left;
    for (auto const& entry : fs::directory_iterator{cores})
        left += deskbridge::test::read_file(entry.path());
    fs::current_path("/");
    if (!wanted)
        expect(left.empty(), "a crash left a file");
    else if (!left.empty()) // elsewhere than here, if this machine collects cores with a program
        expect(!Haystack{std::move(left)}.sighting(scene.canaries().front()).empty(), "control: the secret is not found in a core");
}

/// The daemon whose core is wanted shows that cores can be had here, and that the secret would be in them.
void crash_twice(CanaryScene& scene)
{
    rlimit const unlimited{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
    if (::setrlimit(RLIMIT_CORE, &unlimited) != 0) {
        fmt::print("no cores can be allowed here, so a crash shows nothing\n");
        return;
    }
    crash(scene, false);
    ::setenv("DESKBRIDGE_CORE_DUMPS", "1", 1);
    crash(scene, true);
    ::unsetenv("DESKBRIDGE_CORE_DUMPS");
}

void search(CanaryScene& scene)
{
    scene.places.add_files(scene.folder.path(), scene.of_operators());
    using May = Place::May;
    auto& places = scene.places;
    places.at("log", May::nothing).proof = {"send_refused", "send_unknown", "send_not_sent", "account_paused", "send_postponed", "media_failed", "shelved",
                                           "webhook_refused", "reload_refused", "handshake_refused", "http_refused", "backup_done", "stopped"};
    places.at("metrics", May::nothing).proof = {"deskbridge_sends_total", "deskbridge_http_refused_total"};
    places.at("public answers", May::nothing).proof = {"HTTP/1.1 401", "HTTP/1.1 404", "HTTP/1.1 400", "4711"};
    places.at("commands of operators", May::nothing).proof = {"\"good\":true", "unreadable"};
    places.at("commands of agents", May::customers).proof = {"quolfenzauber zwirbeltatze", canary::name};
    places.at("sim.err", May::nothing).proof = {"simulator_listening"};
    places.at("sim/ledger.jsonl", May::customers).proof = {"verdict", canary::reply};
    for (auto const* database : {"deskbridge.db", "monday.db"})
        places.at(database, May::customers).proof = {canary::words, canary::name, canary::number, canary::reply};
    places.judge(scene.canaries());
    places.judge_the_search("log", scene.canaries());
}

void play(std::string const& program, std::string const& format)
{
    CanaryScene scene{program, format};
    int const provider = free_port();
    scene.configure(fmt::format("http://127.0.0.1:{}/v25.0", provider));
    {
        Phone const phone{program, scene.folder.path(), provider, scene.daemon.port(), {canary::name, canary::number}};
        scene.daemon.start();
        expect(scene.desk().add_tester(), "no agent");
        act_the_loop(scene, phone);
        act_the_strangers(scene);
        act_the_reloads(scene);
        act_the_commands(scene);
        look_at_process(scene);
        scene.scrape();
        expect(scene.daemon.terminate() == 0, "SIGTERM: not a clean end");
        act_the_mistakes(scene, provider);
    }
    act_the_quotes(scene);
    act_the_silence(scene);
    crash_twice(scene);
    search(scene);
    fmt::print("canaries: {} places, {} KiB, log as {}\n", scene.places.count(), scene.places.bytes() / 1024, format);
}

} // namespace

int main(int argc, char** argv)
{
    Arguments const arguments{argc, argv, usage};
    auto const program = std::filesystem::absolute(arguments.text("--deskbridge")).string();
    try {
        for (std::string const format : {"text", "json"})
            play(program, format);
    } catch (std::exception const& error) { // so that the processes it started end with it
        expect(false, error.what());
    }
    return conclude();
}
