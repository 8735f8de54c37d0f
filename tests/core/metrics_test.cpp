#include "deskbridge/core/metrics.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <sstream>
#include <vector>

using namespace deskbridge;

namespace {

std::vector<std::string> lines_of(std::string const& text)
{
    std::istringstream in{text};
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);)
        out.push_back(line);
    return out;
}

} // namespace

TEST_CASE("metrics: counters and gauges, families in order, one type line each")
{
    Metrics metrics;
    metrics.gauge("b_open").set(-3);
    metrics.counter("a_total", R"(outcome="refused")").add();
    metrics.counter("a_total", R"(outcome="accepted")").add(2);
    (void)metrics.counter("z_total");
    CHECK(metrics.render() == "# TYPE a_total counter\n"
                              "a_total{outcome=\"accepted\"} 2\n"
                              "a_total{outcome=\"refused\"} 1\n"
                              "# TYPE z_total counter\n"
                              "z_total 0\n"
                              "# TYPE b_open gauge\n"
                              "b_open -3\n");
}

TEST_CASE("metrics: a set has one counter for each value of its label, the registry's own")
{
    Metrics metrics;
    auto set = metrics.counters("a_total", "outcome");
    CHECK(metrics.render().empty());
    set.of("accepted").add(2);
    CHECK(&set.of("accepted") == &metrics.counter("a_total", R"(outcome="accepted")"));
    set.of("a\"b");
    CHECK(metrics.render() == "# TYPE a_total counter\n"
                              "a_total{outcome=\"a\\\"b\"} 0\n"
                              "a_total{outcome=\"accepted\"} 2\n");
}

TEST_CASE("metrics: nothing registered, nothing shown")
{
    CHECK(Metrics{}.render().empty());
}

TEST_CASE("metrics: the same name and labels are the same series")
{
    Metrics metrics;
    auto& first = metrics.counter("a_total", R"(outcome="accepted")");
    for (int i = 0; i < 100; ++i) // the reference outlives any growth of the registry
        (void)metrics.counter("a_total", metric_label("outcome", std::to_string(i)));
    CHECK(&first == &metrics.counter("a_total", R"(outcome="accepted")"));
    CHECK(&first != &metrics.counter("a_total"));
}

TEST_CASE("metrics: help before type, for the names that have one, with line breaks and backslashes escaped")
{
    Metrics metrics;
    (void)metrics.counter("a_total");
    (void)metrics.histogram("h_seconds");
    metrics.gauge("b_open").set(1);
    auto const lines = lines_of(metrics.render({{"a_total", "first\nsecond \\ \"quoted\""}, {"h_seconds", "how long"}, {"gone", "no such"}}));
    REQUIRE(lines.size() > 5);
    CHECK(lines[0] == R"(# HELP a_total first\nsecond \\ "quoted")");
    CHECK(lines[1] == "# TYPE a_total counter");
    CHECK(lines[3] == "# TYPE b_open gauge");
    CHECK(lines[5] == "# HELP h_seconds how long");
    CHECK(lines[6] == "# TYPE h_seconds histogram");
}

TEST_CASE("metrics: the value of a label is escaped")
{
    struct Case {
        std::string label;
        std::string value;
        std::string expected;
    };
    auto const c = GENERATE(values<Case>({
        {"plain", "accepted", R"(k="accepted")"},
        {"empty", "", R"(k="")"},
        {"quotation mark", R"(a"b)", R"(k="a\"b")"},
        {"backslash", R"(a\b)", R"(k="a\\b")"},
        {"line break", "a\nb", R"(k="a\nb")"},
        {"beyond ASCII as it is", "Zürich", R"(k="Zürich")"},
    }));
    INFO(c.label);
    CHECK(metric_label("k", c.value) == c.expected);
}

TEST_CASE("metrics: buckets are cumulative, their bounds belong to them, the last one has all")
{
    Metrics metrics;
    auto& histogram = metrics.histogram("h_seconds", R"(lane="agent")");
    for (double const seconds : {0.00005, 0.0001, 0.00011, 0.3, 31.0})
        histogram.observe(seconds);
    CHECK(histogram.count() == 5);
    auto const lines = lines_of(metrics.render());
    REQUIRE(lines.size() == 1 + Histogram::bounds.size() + 1 + 2);
    CHECK(lines[0] == "# TYPE h_seconds histogram");
    CHECK(lines[1] == R"(h_seconds_bucket{lane="agent",le="0.0001"} 2)");
    CHECK(lines[2] == R"(h_seconds_bucket{lane="agent",le="0.00025"} 3)");
    CHECK(lines[11] == R"(h_seconds_bucket{lane="agent",le="0.25"} 3)");
    CHECK(lines[12] == R"(h_seconds_bucket{lane="agent",le="0.5"} 4)");
    CHECK(lines[16] == R"(h_seconds_bucket{lane="agent",le="30"} 4)");
    CHECK(lines[17] == R"(h_seconds_bucket{lane="agent",le="+Inf"} 5)");
    CHECK(lines[19] == R"(h_seconds_count{lane="agent"} 5)");
    auto const sum = std::stod(lines[18].substr(lines[18].find(' ')));
    CHECK(lines[18].starts_with(R"(h_seconds_sum{lane="agent"} )"));
    CHECK(std::abs(sum - 31.30026) < 0.00001);
}

TEST_CASE("metrics: a histogram without labels has no stray comma or braces")
{
    Metrics metrics;
    (void)metrics.histogram("h_seconds");
    auto const text = metrics.render();
    CHECK(text.find("h_seconds_bucket{le=\"0.0001\"} 0\n") != std::string::npos);
    CHECK(text.find("\nh_seconds_sum 0\nh_seconds_count 0\n") != std::string::npos);
}
