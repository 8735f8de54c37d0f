#include "arguments.hpp"
#include "attackers_crowd.hpp"
#include "daemon.hpp"
#include "http.hpp"
#include "tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace fault;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto usage = R"(attackers --deskbridge PROGRAM [--attackers N] [--seconds S] [--clients N]

Slow and idle connections from many addresses against the real process, while honest signed webhooks go on, and JSON
bombs afterwards: no honest request fails, what was answered 200 is counted as taken in, and memory stays bounded. Times are reported, not judged.
)";

constexpr long large_every = 1000; ///< of the honest bodies, some are large
constexpr std::size_t large = 1u << 20;

std::string message(long number)
{
    return fmt::format(
        R"({{"object":"whatsapp_business_account","entry":[{{"id":"1","changes":[{{"field":"messages","value":{{"messaging_product":"whatsapp","metadata":{{"phone_number_id":"{}"}},"messages":[{{"from":"4915110{:06}","id":"wamid.honest{}","timestamp":"1795267200","type":"text","text":{{"body":"still here"}}}}]}}}}]}}]}})",
        Daemon::phone_number_id, number % 1000, number);
}

/// Honest senders: each posts again and again, in turn on a connection that it keeps and on a fresh one.
class Honest {
public:
    Honest(int port, int senders)
    {
        for (int i = 0; i < senders; ++i)
            threads_.emplace_back([this, port] { run(port); });
    }
    ~Honest() { stop(); }
    Honest(Honest const&) = delete;
    Honest& operator=(Honest const&) = delete;

    void stop()
    {
        stopping_ = true;
        for (auto& thread : threads_)
            thread.join();
        threads_.clear();
    }
    /// Milliseconds below which 99 of 100 answers came since the last call.
    double p99()
    {
        std::lock_guard const lock{mutex_};
        if (times_.empty())
            return 0;
        auto const at = times_.begin() + static_cast<std::ptrdiff_t>(times_.size() * 99 / 100);
        std::nth_element(times_.begin(), at, times_.end());
        double const out = *at;
        times_.clear();
        return out;
    }
    /// What became of those that failed, and how often: on which connection, and the status (0: no answer).
    std::string failures()
    {
        std::lock_guard const lock{mutex_};
        std::string out;
        for (auto const& [what, times] : failures_)
            out += fmt::format("{}{} times {}", out.empty() ? "" : ", ", times, what);
        return out;
    }
    std::atomic<long> answered{0};
    std::atomic<long> failed{0};

private:
    void run(int port)
    {
        HttpConnection kept{port};
        while (!stopping_) {
            auto const number = ++number_;
            auto body = message(number);
            if (number % large_every == 0)
                body.append(large, ' ');
            auto const signature = signature_of(Daemon::app_secret, body);
            HttpConnection fresh{port};
            auto const begun = Clock::now();
            bool const anew = number % 2 == 0;
            int const status = (anew ? fresh : kept).post("/hooks/support", body, signature);
            auto const took = std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
            (status == 200 ? answered : failed) += 1;
            std::lock_guard const lock{mutex_};
            times_.push_back(took);
            if (status != 200)
                ++failures_[fmt::format("{} on a {} connection after {:.0f} ms", status, anew ? "fresh" : "kept", took)];
        }
    }

    std::vector<std::thread> threads_;
    std::atomic<bool> stopping_{false};
    std::atomic<long> number_{0};
    std::mutex mutex_;
    std::vector<double> times_;
    std::map<std::string, long> failures_;
};

/// Waits so long, and answers the most memory that was seen.
long watch(Daemon const& daemon, int seconds)
{
    long most = 0;
    for (auto const until = Clock::now() + std::chrono::seconds{seconds}; Clock::now() < until;) {
        most = std::max(most, daemon.resident_kib());
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
    return most;
}

/// Signed bodies of 4 MB that would cost many times their size, if anybody built what they describe: each is stored, laid on
/// the shelf, and answered 200. Answers the most memory that was seen.
long drop_bombs(Daemon const& daemon, int& refused)
{
    auto const many = [](std::string_view unit, std::string_view head, std::string_view tail) {
        std::string out{head};
        while (out.size() + unit.size() + tail.size() <= 4'000'000)
            out += unit;
        return out.append(tail);
    };
    long most = 0;
    for (auto const& bomb : {many("[", "", ""), many(R"({"a":)", "", ""), many("0,", "[", "0]"), many("[],", "[", "0]"),
                             many("{},", "[", "0]"), many(R"({"a":[{}]},)", R"({"entry":[)", "0]}"), many("1e999,", "[", "0]")}) {
        HttpConnection connection{daemon.port()};
        refused += connection.post("/hooks/support", bomb, signature_of(Daemon::app_secret, bomb)) == 200 ? 0 : 1;
        most = std::max(most, daemon.resident_kib());
    }
    return most;
}

/// Nothing was taken in that was not answered, and the right ones were thrown out.
void judge_figures(Daemon& daemon, long answered)
{
    HttpConnection connection{daemon.port()};
    auto const figures = connection.read("/metrics");
    auto const taken = figure_in(figures, R"(deskbridge_webhooks_total{outcome="accepted"})");
    expect(static_cast<long>(taken) == answered, fmt::format("{} webhooks taken in, {} answered 200", taken, answered));
    for (auto const* reason : {"header_timeout", "body_timeout"})
        expect(figure_in(figures, fmt::format(R"(deskbridge_http_refused_total{{reason="{}"}})", reason)) > 0, fmt::format("no {}", reason));
    expect(daemon.log().find("http_session_failed") == std::string::npos, "a session failed");
    expect(daemon.terminate() == 0, "the daemon did not end in order");
}

} // namespace

int main(int argc, char** argv)
{
    Arguments const arguments{argc, argv, usage};
    int const size = arguments.number("--attackers", 2000);
    int const seconds = arguments.number("--seconds", 40); // longer than every deadline that they run into
    ScratchFolder const folder;
    ProviderSink const sink;
    Daemon daemon{arguments.text("--deskbridge"), folder.path(), sink.port()};
    daemon.start();
    Honest honest{daemon.port(), arguments.number("--clients", 4)};
    long const quiet_kib = watch(daemon, 5);
    double const quiet_p99 = honest.p99();
    auto const before = honest.answered.load();
    long most_kib = 0;
    long returned = 0;
    {
        Crowd const crowd{daemon.port(), size};
        while (!crowd.gathered())
            std::this_thread::sleep_for(std::chrono::milliseconds{50});
        most_kib = watch(daemon, seconds);
        returned = crowd.returned();
        expect(crowd.connected() > size / 2, "the attackers were not there");
    }
    double const p99 = honest.p99();
    honest.stop();
    expect(honest.failed == 0, fmt::format("{} honest requests failed: {}", honest.failed.load(), honest.failures()));
    expect(honest.answered > before, "no honest request was answered during the attack");
    expect(returned > 0, "nobody was ever thrown out");
    // What honest messages fill and keep are the store's caches: 16 MiB of the writer's and 8 of each of two readers.
    long const kept_kib = std::clamp(watch(daemon, 2), quiet_kib, quiet_kib + 32 * 1024);
    // All bodies together, and one of them twice while it is moved to a larger place; a connection may cost its buffer and what
    // it keeps of a slow answer.
    long const allowed = kept_kib + (64 + 8) * 1024 + std::min(size, 4096) * 24;
    expect(most_kib < allowed, fmt::format("{} KiB resident, more than {}", most_kib, allowed));
    int refused = 0;
    long const bombed_kib = drop_bombs(daemon, refused);
    expect(refused == 0, fmt::format("{} signed bodies of no sense were not answered 200", refused));
    expect(bombed_kib < most_kib + 100 * 1024, fmt::format("{} KiB resident after JSON bombs, {} before", bombed_kib, most_kib));
    judge_figures(daemon, honest.answered);
    fmt::print("{} attackers for {} s, thrown out {} times; {} honest requests, p99 {:.1f} ms (quiet {:.1f} ms); resident {} MiB at most (quiet {} MiB, with JSON bombs {} MiB)\n",
               size, seconds, returned, honest.answered.load(), p99, quiet_p99, most_kib / 1024, quiet_kib / 1024, bombed_kib / 1024);
    return conclude();
}
