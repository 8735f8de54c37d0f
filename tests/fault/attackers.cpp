#include "arguments.hpp"
#include "attackers_crowd.hpp"
#include "daemon.hpp"
#include "http.hpp"
#include "tally.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace fault;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto usage = R"(attackers --deskbridge PROGRAM [--attackers N] [--seconds S] [--clients N] [--tls 1]

Slow and idle connections from many addresses against the real process, while honest signed webhooks go on, and JSON
bombs afterwards: no honest request fails, what was answered 200 is counted as taken in, and memory stays bounded. Times are reported, not judged.
--tls 1: the daemon speaks TLS, and so do honest clients and attackers.
)";

constexpr long large_every = 1000; ///< of the honest bodies, some are large
constexpr std::size_t large = 1u << 20;
constexpr int max_connections = 4096; // the configuration's default
constexpr int idle_connections = 1000;
constexpr long tls_kib = 96; ///< of a connection: two records each way of Asio's, two of OpenSSL's, and its state

std::string message(long number)
{
    return fmt::format(
        R"({{"object":"whatsapp_business_account","entry":[{{"id":"1","changes":[{{"field":"messages","value":{{"messaging_product":"whatsapp","metadata":{{"phone_number_id":"{}"}},"messages":[{{"from":"4915110{:06}","id":"wamid.honest{}","timestamp":"1795267200","type":"text","text":{{"body":"still here"}}}}]}}}}]}}]}})",
        Daemon::phone_number_id, number % 1000, number);
}

/// Honest senders: each posts again and again, in turn on a connection that it keeps and on a fresh one.
class Honest {
public:
    Honest(Daemon const& daemon, int senders) : port_{daemon.port()}, over_{daemon.over()}
    {
        for (int i = 0; i < senders; ++i)
            threads_.emplace_back([this] { run(); });
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
    void run()
    {
        HttpConnection kept{port_, over_};
        while (!stopping_) {
            auto const number = ++number_;
            auto body = message(number);
            if (number % large_every == 0)
                body.append(large, ' ');
            auto const signature = signature_of(Daemon::app_secret, body);
            HttpConnection fresh{port_, over_};
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

    int port_;
    HttpConnection::Over over_;
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
        HttpConnection connection{daemon.port(), daemon.over()};
        refused += connection.post("/hooks/support", bomb, signature_of(Daemon::app_secret, bomb)) == 200 ? 0 : 1;
        most = std::max(most, daemon.resident_kib());
    }
    return most;
}

/// Nothing was taken in that was not answered, and the right ones were thrown out.
void judge_figures(Daemon& daemon, long answered, int size)
{
    HttpConnection connection{daemon.port(), daemon.over()};
    auto const figures = connection.read("/metrics");
    auto const taken = figure_in(figures, R"(deskbridge_webhooks_total{outcome="accepted"})");
    expect(static_cast<long>(taken) == answered, fmt::format("{} webhooks taken in, {} answered 200", taken, answered));
    for (std::string_view const reason : {"body_timeout", size < max_connections ? "header_timeout" : "evicted"}) // of more, none stays until it is late
        expect(figure_in(figures, fmt::format(R"(deskbridge_http_refused_total{{reason="{}"}})", reason)) > 0, fmt::format("no {}", reason));
    expect(daemon.log().find("http_session_failed") == std::string::npos, "a session failed");
    expect(daemon.terminate() == 0, "the daemon did not end in order");
}

/// What a connection costs that only stands there, after its handshake if there is one. In a life of its own: what it frees is kept for
/// others, and would hide what they cost. nullopt: it went so slowly that some were thrown out meanwhile.
std::optional<double> idle_kib(Daemon& daemon)
{
    auto const kind = daemon.over() == HttpConnection::Over::tls ? Crowd::Kind::shaken : Crowd::Kind::silent;
    daemon.start();
    long const before = daemon.resident_kib();
    std::optional<double> cost;
    {
        Crowd const crowd{daemon.port(), idle_connections, daemon.over(), kind};
        while (!crowd.gathered())
            std::this_thread::sleep_for(std::chrono::milliseconds{50});
        if (crowd.returned() == 0)
            cost = static_cast<double>(daemon.resident_kib() - before) / idle_connections;
    }
    expect(daemon.terminate() == 0, "the daemon did not end in order after idle connections");
    return cost;
}

struct Seen {
    long quiet_kib{0};
    long most_kib{0};
    long returned{0};
    double quiet_p99{0};
    double p99{0};
};

/// Quiet for a while, then with all of them.
Seen attack(Daemon const& daemon, Honest& honest, int size, int seconds)
{
    Seen seen;
    seen.quiet_kib = watch(daemon, 5);
    seen.quiet_p99 = honest.p99();
    auto const before = honest.answered.load();
    {
        Crowd const crowd{daemon.port(), size, daemon.over()};
        while (!crowd.gathered())
            std::this_thread::sleep_for(std::chrono::milliseconds{50});
        seen.most_kib = watch(daemon, seconds);
        seen.returned = crowd.returned();
        expect(crowd.connected() > std::min(size, max_connections) / 2, "the attackers were not there");
        auto const borne = crowd.borne();
        expect(borne.empty(), fmt::format("never thrown out: {}", fmt::join(borne, ", ")));
    }
    seen.p99 = honest.p99();
    honest.stop();
    expect(honest.failed == 0, fmt::format("{} honest requests failed: {}", honest.failed.load(), honest.failures()));
    expect(honest.answered > before, "no honest request was answered during the attack");
    return seen;
}

/// What honest messages fill and keep are the store's caches: 16 MiB of the writer's and 8 of each of two readers. All bodies
/// together, and one of them twice while it is moved to a larger place; a connection may cost its buffers and what it keeps of a
/// slow answer.
void judge_memory(Daemon const& daemon, Seen const& seen, int size)
{
    long const kept_kib = std::clamp(watch(daemon, 2), seen.quiet_kib, seen.quiet_kib + 32 * 1024);
    long const each_kib = daemon.over() == HttpConnection::Over::tls ? 24 + tls_kib : 24;
    long const allowed = kept_kib + (64 + 8) * 1024 + std::min(size, max_connections) * each_kib;
    expect(seen.most_kib < allowed, fmt::format("{} KiB resident, more than {}", seen.most_kib, allowed));
}

} // namespace

int main(int argc, char** argv)
{
    Arguments const arguments{argc, argv, usage};
    int const size = arguments.number("--attackers", 2000);
    int const seconds = arguments.number("--seconds", 40); // longer than every deadline that they run into
    bool const tls = arguments.number("--tls", 0) != 0;
    ScratchFolder const folder;
    ProviderSink const sink;
    Daemon daemon{arguments.text("--deskbridge"), folder.path(), sink.port()};
    if (tls)
        daemon.speak_tls();
    auto const idle = idle_kib(daemon);
    daemon.start();
    Honest honest{daemon, arguments.number("--clients", 4)};
    auto const seen = attack(daemon, honest, size, seconds);
    judge_memory(daemon, seen, size);
    int refused = 0;
    long const bombed_kib = drop_bombs(daemon, refused);
    expect(refused == 0, fmt::format("{} signed bodies of no sense were not answered 200", refused));
    expect(bombed_kib < seen.most_kib + 100 * 1024, fmt::format("{} KiB resident after JSON bombs, {} before", bombed_kib, seen.most_kib));
    judge_figures(daemon, honest.answered, size);
    fmt::print("{} attackers{} for {} s, thrown out {} times; {} honest requests, p99 {:.1f} ms (quiet {:.1f} ms); resident {} MiB at most (quiet {} MiB, with "
               "JSON bombs {} MiB); an idle connection: {}\n",
               size, tls ? " over TLS" : "", seconds, seen.returned, honest.answered.load(), seen.p99, seen.quiet_p99, seen.most_kib / 1024,
               seen.quiet_kib / 1024, bombed_kib / 1024, idle ? fmt::format("{:.1f} KiB", *idle) : "not measured");
    return conclude();
}
