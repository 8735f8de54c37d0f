#include "arguments.hpp"
#include "daemon.hpp"
#include "http.hpp"
#include "raw_http_corpus.hpp"
#include "raw_http_wire.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

using namespace fault;

namespace {

constexpr auto usage = R"(raw_http --deskbridge PROGRAM --corpus FOLDER [--only WORD]

Byte-exact requests against the real process: each alone, behind a good request, and split at every byte; always with a
request behind it that must never be taken for a second one. What two parsers could read in two ways is answered 400 or
reset, and the connection is closed.
)";

std::string const good = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
std::string const behind = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"; // would be answered 404
constexpr std::size_t batch = 128;
constexpr std::size_t whole_splits = 600; ///< longer cases are split at both ends and at every 64th byte in between

class Run {
public:
    explicit Run(Daemon const& daemon) : daemon_{daemon} {}

    void all_of(HttpCase const& c)
    {
        add(c, "alone", "", c.bytes + behind, {});
        add(c, "behind a good one", "", good + c.bytes + behind, {200});
        for (std::size_t at = 1; at < c.bytes.size(); ++at)
            if (c.bytes.size() <= whole_splits || at < 64 || at % 64 == 0 || at + 64 > c.bytes.size())
                add(c, fmt::format("split at {}", at), c.bytes.substr(0, at), c.bytes.substr(at) + behind, {});
    }
    void flush()
    {
        if (exchanges_.empty())
            return;
        // A fresh address for every batch: none of them comes near its cap, and no port is used twice.
        auto const source = fmt::format("127.{}.{}.1", 1 + batches_ / 250 % 250, 1 + batches_ % 250);
        ++batches_;
        play(exchanges_, daemon_.port(), source);
        for (std::size_t i = 0; i < exchanges_.size(); ++i)
            judge(exchanges_[i], expected_[i]);
        exchanges_.clear();
        expected_.clear();
    }
    int passed{0};
    int failed{0};
    int second_requests{0}; ///< of `behind` that may be answered

private:
    struct Expected {
        HttpCase const* of;
        std::string how;
        std::vector<int> before;
    };
    void add(HttpCase const& c, std::string how, std::string first, std::string second, std::vector<int> before)
    {
        exchanges_.push_back({std::move(first), std::move(second), !c.closes});
        expected_.push_back({&c, std::move(how), std::move(before)});
        if (exchanges_.size() == batch)
            flush();
    }
    void judge(Exchange const& exchange, Expected const& expected)
    {
        auto const& c = *expected.of;
        auto wanted = expected.before;
        wanted.push_back(c.status);
        if (!c.closes)
            wanted.push_back(404);
        second_requests += c.closes ? 0 : 1;
        auto const found = statuses_in(exchange.answer);
        bool const reset = exchange.end == Exchange::End::reset && c.kind >= HttpClass::ambiguous && found.size() <= expected.before.size();
        bool const holds = exchange.end != Exchange::End::silent && (reset || found == wanted);
        (holds ? passed : failed) += 1;
        if (!holds && ++shown_ <= 40)
            fmt::print("FAILED: {}, {}: answers {}, not {}{}\n", c.name, expected.how, found, wanted,
                       exchange.end == Exchange::End::silent ? ", and still open" : "");
    }

    Daemon const& daemon_;
    std::vector<Exchange> exchanges_;
    std::vector<Expected> expected_;
    int batches_{0};
    int shown_{0};
};

} // namespace

int main(int argc, char** argv)
{
    Arguments const arguments{argc, argv, usage};
    auto const only = arguments.text("--only");
    auto cases = read_http_corpus(arguments.text("--corpus"));
    std::erase_if(cases, [&only](HttpCase const& c) { return c.name.find(only) == std::string::npos; });
    ScratchFolder const folder;
    Daemon daemon{arguments.text("--deskbridge"), folder.path(), free_port()};
    daemon.start();
    Run run{daemon};
    std::map<HttpClass, int> kinds;
    int others = 0; // cases that are answered 404 themselves
    for (auto const& c : cases) {
        if (run.failed > 40)
            break; // every connection that stays open costs its patience
        ++kinds[c.kind];
        int const before = run.passed + run.failed;
        run.all_of(c);
        run.flush();
        others += c.status == 404 ? run.passed + run.failed - before : 0;
    }
    auto const expect = [&](bool holds, std::string const& what) {
        (holds ? run.passed : run.failed) += 1;
        if (!holds)
            fmt::print("FAILED: {}\n", what);
    };
    // The server's own count: not one request more was understood than was answered here.
    HttpConnection connection{daemon.port()};
    auto const counted = figure_in(connection.read("/metrics"), R"(deskbridge_http_requests_total{status="404"})");
    expect(static_cast<int>(counted) == run.second_requests + others,
           fmt::format("the server answered {} requests 404, not {}", counted, run.second_requests + others));
    auto const log = daemon.log();
    for (auto const* event : {"http_session_failed", "http_handler_failed", "http_reply_invalid"})
        expect(log.find(event) == std::string::npos, fmt::format("{} is in the log", event));
    expect(cases.size() >= (only.empty() ? 700 : 1), fmt::format("only {} cases", cases.size()));
    expect(daemon.terminate() == 0, "the daemon did not end in order");
    fmt::print("{} cases ({} compliant, {} acceptable, {} ambiguous, {} severe): {} passed, {} failed\n", cases.size(),
               kinds[HttpClass::compliant], kinds[HttpClass::acceptable], kinds[HttpClass::ambiguous], kinds[HttpClass::severe],
               run.passed, run.failed);
    return run.failed == 0 ? 0 : 1;
}
