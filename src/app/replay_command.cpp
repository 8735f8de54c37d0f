#include "answers.hpp"
#include "command.hpp"
#include "control_client.hpp"
#include "replay_view.hpp"
#include "targets.hpp"
#include "terminal.hpp"

#include "deskbridge/core/time.hpp"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <vector>

#include <unistd.h>

namespace deskbridge::app {
namespace {

using nlohmann::ordered_json;

struct ReplayArguments {
    std::vector<std::int64_t> bodies;
    std::string account;
    std::string since;
    std::string until;
    bool all{false};
    bool dry_run{false};
};

/// How far it has come, on standard error: over itself on a terminal, else now and then a line.
class Progress {
public:
    void tell(std::int64_t at, std::int64_t newest, ReplaySum const& sum)
    {
        bool const terminal = ::isatty(STDERR_FILENO) == 1;
        auto const now = std::chrono::steady_clock::now();
        if (now - told_ < (terminal ? std::chrono::milliseconds{200} : std::chrono::milliseconds{10'000}))
            return;
        told_ = now;
        shown_ = terminal;
        fmt::print(stderr, "{}body {} of {}: {} read, {} events{}", terminal ? "\r" : "", at, newest, sum.bodies, sum.applied,
                   terminal ? "  " : "\n");
        std::fflush(stderr);
    }
    ~Progress()
    {
        if (shown_)
            fmt::print(stderr, "\n");
    }
    Progress() = default;
    Progress(Progress const&) = delete;
    Progress& operator=(Progress const&) = delete;

private:
    std::chrono::steady_clock::time_point told_{std::chrono::steady_clock::now()};
    bool shown_{false};
};

/// One run: each body is a request and a transaction of its own, so that webhooks go on in between.
class Replaying {
public:
    Replaying(Globals const& globals, ReplayArguments const& arguments) : globals_{globals}, arguments_{arguments}, client_{globals} {}

    int run()
    {
        bool const through = arguments_.bodies.empty() ? walk() : named();
        if (sum_.bodies > 0 || tried_.exit_status() == exit_ok)
            print_sum(sum_, arguments_.dry_run);
        if (!through && sum_.bodies > 0)
            fmt::print(stderr, "stopped before the end; begin again: what took effect does nothing a second time\n");
        return tried_.exit_status();
    }

private:
    bool named()
    {
        for (auto const body : arguments_.bodies)
            if (!replay(body))
                return false;
        return true;
    }

    bool walk()
    {
        Progress progress;
        auto const first = target_of("/v1/journal", {{"limit", "500"}, {"account", arguments_.account}, {"since", arguments_.since},
                                                     {"until", arguments_.until}});
        for (std::int64_t after = 0;;) {
            auto const page = client_.get(target_of(first, {{"after", std::to_string(after)}}));
            if (!page) {
                tried_.failed(client_.exit_status());
                return false;
            }
            for (auto const& body : page->at("data")) {
                if (body.at("bytes").is_null()) {
                    ++sum_.gone;
                    continue;
                }
                if (!replay(number(body, "journal")))
                    return false;
                progress.tell(number(body, "journal"), number(*page, "newest"), sum_);
            }
            after = number(page->at("page"), "next");
            if (after == 0)
                return true;
            progress.tell(after, number(*page, "newest"), sum_);
        }
    }

    /// False: it makes no sense to go on.
    bool replay(std::int64_t body)
    {
        auto const answer = client_.post(fmt::format("/v1/journal/{}/replay", body), {{"dry_run", arguments_.dry_run}});
        if (!answer) {
            tried_.failed(client_.exit_status());
            return client_.exit_status() == exit_not_found || client_.exit_status() == exit_conflict;
        }
        sum_.add(*answer);
        number(*answer, "shelved") > 0 ? tried_.failed(exit_failure) : tried_.done();
        bool const something = number(*answer, "applied") + number(*answer, "shelved") > 0 || !answer->at("changes").empty();
        if (for_programs(globals_))
            print_line(*answer);
        else if (something || !arguments_.bodies.empty())
            print_replayed(*answer);
        return true;
    }

    Globals const& globals_;
    ReplayArguments arguments_;
    ControlClient client_;
    Tried tried_;
    ReplaySum sum_;
};

int replay(Globals const& globals, ReplayArguments const& given)
{
    auto arguments = given;
    bool const span = !arguments.account.empty() || !arguments.since.empty() || !arguments.until.empty();
    if (arguments.bodies.empty() && !span && !arguments.all)
        throw WrongUsage("replay what?\nfix:   --journal ID, or --account, --since and --until, or --all that is kept");
    if (!arguments.since.empty())
        arguments.since = moment_of(arguments.since, "--since");
    if (!arguments.until.empty())
        arguments.until = moment_of(arguments.until, "--until");
    if (!arguments.since.empty() && !arguments.until.empty() && parse_rfc3339(arguments.since) >= parse_rfc3339(arguments.until))
        throw WrongUsage(fmt::format("--since {} is not before --until {}\nfix:   name the earlier moment with --since: 3h is before 2h",
                                     arguments.since, arguments.until));
    return Replaying{globals, arguments}.run();
}

} // namespace

void add_replay_command(CLI::App& app, Globals& globals)
{
    auto const arguments = std::make_shared<ReplayArguments>();
    auto* sub = add_command<ReplayArguments>(
        app, globals,
        {"replay", "read webhooks again that came before, as they came (administrators)",
         "A body is read as a whole, also what it has for other accounts; what took effect already does nothing.\n\nExamples:\n"
         "  deskbridge replay --account support --since 2h --dry-run\n  deskbridge replay --journal 4711"},
        arguments, replay);
    auto* bodies = sub->add_option("--journal", arguments->bodies, "numbers of bodies (shelf show tells them)")
                       ->check(number_of("a body", "deskbridge shelf show"))
                       ->type_name("ID");
    sub->add_option("--account", arguments->account, "bodies with something of this account's")->type_name("ACCOUNT")->excludes(bodies);
    sub->add_option("--since", arguments->since, "received then or later: 2026-11-21T14:03:09Z, \"2026-11-21 14:03\" (UTC), 2h (ago)")
        ->type_name("TIME")
        ->excludes(bodies);
    sub->add_option("--until", arguments->until, "received before then")->type_name("TIME")->excludes(bodies);
    sub->add_flag("--all", arguments->all, "everything that is kept")->excludes(bodies);
    sub->add_flag("--dry-run", arguments->dry_run, "do it, tell what it did, and undo it; each body by itself");
}

} // namespace deskbridge::app
