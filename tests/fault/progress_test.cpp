#include "fault/progress.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

using fault::Progress;
using namespace std::chrono_literals;

namespace {

struct Run {
    std::chrono::milliseconds now{1000};
    std::vector<std::string> lines;
    Progress progress;

    explicit Run(std::uint64_t units)
        : progress{"rounds", units, [this] { return now; }, [this](std::string const& line) { lines.push_back(line); }}
    {
    }
};

} // namespace

TEST_CASE("progress: a line when half a minute has passed, and none before")
{
    Run run{100};
    run.progress.done(5);
    run.now += 29999ms;
    run.progress.done();
    CHECK(run.lines.empty());
    run.now += 1ms;
    run.progress.done(4, 1);
    CHECK(run.lines == std::vector<std::string>{"rounds: 10 of 100 done, 1 failed, after 30 s; about 270 s left"});
    run.progress.done(10);
    run.now += 29s;
    run.progress.done(10);
    CHECK(run.lines.size() == 1);
    run.now += 31s;
    run.progress.done(70, 2);
    REQUIRE(run.lines.size() == 2);
    CHECK(run.lines.back() == "rounds: 100 of 100 done, 3 failed, after 90 s; about 0 s left");
}

TEST_CASE("progress: of a run whose length nobody knows, or that has become longer, it does not say how long it takes")
{
    Run unknown{0};
    unknown.now += 30s;
    unknown.progress.done();
    CHECK(unknown.lines == std::vector<std::string>{"rounds: 1 done, 0 failed, after 30 s"});
    Run longer{3};
    longer.now += 30s;
    longer.progress.done(4);
    CHECK(longer.lines == std::vector<std::string>{"rounds: 4 of 3 done, 0 failed, after 30 s"});
}

TEST_CASE("progress: processes count together")
{
    Run run{10};
    auto const child = ::fork();
    if (child == 0) {
        run.progress.done(2, 1);
        ::_exit(0);
    }
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    run.now += 30s;
    run.progress.done();
    CHECK(run.lines == std::vector<std::string>{"rounds: 3 of 10 done, 1 failed, after 30 s; about 70 s left"});
}
