#include "provider_cases.hpp"

#include "provider_case_table.hpp"
#include "tally.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <ctime>
#include <stdexcept>

namespace fault {

using nlohmann::json;

namespace {

constexpr long calm = 16; ///< customers whose messages meet no fault

/// A port of ours where nobody must knock.
class Tripwire {
public:
    Tripwire()
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd_ < 0 || ::bind(fd_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(fd_, 8) != 0 ||
            ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
            throw std::runtime_error("no tripwire");
        port_ = ntohs(address.sin_port);
    }
    ~Tripwire() { ::close(fd_); }
    Tripwire(Tripwire const&) = delete;
    Tripwire& operator=(Tripwire const&) = delete;
    [[nodiscard]] std::string url() const { return fmt::format("http://127.0.0.1:{}/", port_); }
    [[nodiscard]] bool touched() const
    {
        int const fd = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd >= 0)
            ::close(fd);
        return fd >= 0;
    }

private:
    int fd_{-1};
    int port_{0};
};

class Trial {
public:
    explicit Trial(ProviderScene& scene) : scene_{scene} {}

    /// Sets the fault for this one message and sends it, to a customer of its own.
    void send(Case& what)
    {
        auto fault = what.fault;
        fault["words"] = what.text();
        (void)scene_.provider.order("/sim/faults", fault);
        what.message = scene_.answer(calm + 1 + next_++ % (scene_.customers() - calm), what.text());
    }
    /// To customers whom no fault is meant for, and accepted. Most of what the provider does must be well: else the daemon rightly rests.
    void send_calm()
    {
        std::vector<long> others;
        for (long i = 0; i < calm; ++i, ++calm_)
            others.push_back(scene_.answer(1 + i, fmt::format("Answer calm {}.", calm_)));
        for (auto const message : others)
            expect(scene_.verdict_on(message).value("state", "") == "accepted", "a message that met no fault was not accepted");
    }

    void judge(Case const& what)
    {
        auto story = scene_.verdict_on(what.message);
        (void)wait_for([&] { // receipts and the ledger's own row may be a moment behind
            story = scene_.desk.story(what.message);
            scene_.ledger.read_on();
            return story.value("state", "") == what.want.state && scene_.ledger.times(what.text()) == what.want.times;
        }, std::chrono::seconds{10});
        std::vector<std::string> outcomes;
        std::string settled_by;
        for (auto const& attempt : story.value("attempts", json::array())) {
            outcomes.push_back(attempt.at("outcome").is_string() ? attempt.at("outcome").get<std::string>() : "none");
            settled_by = attempt.at("settled_by").is_string() ? attempt.at("settled_by").get<std::string>() : "";
        }
        bool const fits = story.value("state", "") == what.want.state && outcomes == what.want.outcomes &&
                          (what.want.settled_by.empty() || settled_by == what.want.settled_by) &&
                          scene_.ledger.times(what.text()) == what.want.times;
        expect(fits, fmt::format("{}: {} times at the provider, and {}", what.label, scene_.ledger.times(what.text()), story.dump()));
        ++judged_;
    }
    void send_all(std::vector<Case>& cases)
    {
        for (std::size_t i = 0; i < cases.size(); ++i) {
            if (i % (calm / 2) == 0)
                send_calm();
            send(cases[i]);
        }
    }
    void judge_all(std::vector<Case> const& cases)
    {
        for (auto const& each : cases)
            judge(each);
    }
    [[nodiscard]] int judged() const noexcept { return judged_; }

private:
    ProviderScene& scene_;
    long next_{0};
    long calm_{0};
    int judged_{0};
};

void try_pauses(ProviderScene& scene, Trial& trial)
{
    Tripwire const tripwire;
    for (auto& each : pauses(tripwire.url())) {
        trial.send(each);
        bool const paused = wait_for([&] { return !scene.desk.outbox("open").at("paused").empty(); });
        auto const story = scene.desk.story(each.message);
        expect(paused && story.value("state", "") == "queued", fmt::format("{}: the account goes on, or the message does not wait: {}", each.label, story.dump()));
        expect(scene.desk.resumes(), "the account cannot be resumed");
        trial.judge(each);
    }
    expect(!tripwire.touched(), "a redirect was followed");
}

/// Each of them halves the account's rate, and a tenth of it is for second tries; a daemon that starts anew begins with the usual one.
void try_rates(ProviderScene& scene, Trial& trial)
{
    auto cases = rates();
    trial.send_all(cases);
    for (auto const& each : cases) {
        json story;
        expect(wait_for([&] { return !(story = scene.desk.story(each.message)).at("attempts").empty() && story.value("state", "") != "claimed"; }) &&
                   story.at("attempts").at(0).value("outcome", json{}) == json("not_sent"),
               fmt::format("{}: {}", each.label, story.dump()));
    }
    scene.restart_daemon();
    trial.judge_all(cases);
}

/// Since 1970, of "2026-11-30T02:33:51.000Z".
std::time_t seconds_of(std::string const& moment)
{
    std::tm parts{};
    return ::strptime(moment.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) == nullptr ? 0 : ::timegm(&parts);
}

/// A wish of thirty years is followed for an hour; whoever cannot wait starts the daemon anew and takes that one message back.
void try_endless_wait(ProviderScene& scene, Trial& trial)
{
    Case what{"429 Retry-After 10^9", {{"kind", "throttle_429"}, {"code", 130429}, {"retry_after", "1000000000"}}, {}};
    trial.send(what);
    json story;
    expect(wait_for([&] { return (story = scene.desk.story(what.message)).value("state", "") == "retry_wait"; }), "no wait: " + story.dump());
    auto const ended = story.at("attempts").at(0).at("ended_at").get<std::string>();
    auto const next = story.at("next_at").get<std::string>();
    auto const waits_s = seconds_of(next) - seconds_of(ended);
    expect(waits_s > 0 && waits_s <= 3600 + 1, fmt::format("it waits from {} until {}", ended, next));
    scene.restart_daemon();
    expect(scene.desk.cancels(what.message), "what waits cannot be taken back");
    trial.send_calm();
}

/// The next message on that connection never arrives, and must be in doubt.
void try_stale_connection(ProviderScene& scene, Trial& trial)
{
    bool met = false;
    for (int i = 0; i < 10 && !met; ++i) {
        Case first{fmt::format("stale {}", i), {{"kind", "stale"}}, as_always};
        trial.send(first);
        trial.judge(first);
        auto const text = fmt::format("Answer after stale {}.", i);
        auto const message = scene.answer(1 + i, text);
        auto const story = scene.verdict_on(message);
        scene.ledger.read_on();
        met = story.value("state", "") == "unknown";
        expect(scene.ledger.times(text) == (met ? 0 : 1), "after a stale connection: " + story.dump());
        expect(!met || scene.desk.resolves(message, "resend"), "what is in doubt cannot be resolved");
    }
    expect(met, "no message ever met a connection that was closed as it was used again");
}

void try_receipts(ProviderScene& scene, Trial& trial)
{
    auto const accepted_with = [&](char const* label, json const& chaos, char const* receipt) {
        (void)scene.provider.order("/sim/chaos", chaos);
        Case what{label, {}, as_always};
        what.message = scene.answer(1, what.text());
        trial.judge(what);
        json story;
        expect(wait_for([&] { return (story = scene.desk.story(what.message)).value("receipt", json{}) == json(receipt); }),
               fmt::format("{}: {}", label, story.dump()));
    };
    accepted_with("receipts twice", {{"duplicate", 1}}, "delivered");
    accepted_with("receipts reversed", {{"receipts_reversed", 1}, {"concurrency", 1}}, "delivered");
    accepted_with("receipts of strangers", {{"receipts_foreign", 1}}, "delivered");
    accepted_with("receipts before the answer", {{"early_status", true}}, "delivered");
    (void)scene.provider.order("/sim/chaos", {{"duplicate", 0}, {"receipts_reversed", 0}, {"receipts_foreign", 0}, {"early_status", false},
                                              {"concurrency", 8}, {"receipts_lost", 1}});
    Case what{"receipts lost", {}, {"accepted", {"accepted"}, "answer", 1}};
    what.message = scene.answer(2, what.text());
    trial.judge(what);
    (void)scene.provider.order("/sim/chaos", {{"receipts_lost", 0}});
}

/// Nobody there: the message waits without an attempt, and goes when somebody is.
void try_outage(ProviderScene& scene, Trial& trial)
{
    scene.provider.stop();
    std::vector<Case> cases;
    for (int i = 0; i < 3; ++i) {
        Case what{fmt::format("refused connection {}", i), {}, as_always};
        what.message = scene.answer(3 + i, what.text());
        cases.push_back(what);
    }
    json story;
    expect(wait_for([&] { return (story = scene.desk.story(cases.front().message)).value("state", "") == "retry_wait"; }) &&
               story.at("attempts").empty(),
           "an outage costs attempts: " + story.dump());
    scene.provider.start();
    for (auto const& each : cases)
        trial.judge(each);
}

} // namespace

int customers_of_each_fault()
{
    return static_cast<int>(calm + static_cast<long>(doubts().size()) + 20);
}

int try_each_fault(ProviderScene& scene)
{
    Trial trial{scene};
    auto in_doubt = doubts();
    trial.send_all(in_doubt);
    trial.judge_all(in_doubt); // while it is too early for a presumption
    auto quick = answers();
    trial.send_all(quick);
    trial.judge_all(quick);
    try_pauses(scene, trial);
    try_receipts(scene, trial);
    try_stale_connection(scene, trial);
    expect(scene.comes_to_rest(), "what is in doubt cannot be resolved by a person");
    try_rates(scene, trial);
    try_endless_wait(scene, trial);
    try_outage(scene, trial);
    expect(scene.comes_to_rest(), "does not come to rest after each fault alone");
    return trial.judged();
}

} // namespace fault
