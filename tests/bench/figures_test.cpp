#include "figures.hpp"
#include "load/load.hpp"

#include "support/json_schema.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace bench;

namespace {

Report example()
{
    Series const ours{"ours", "webhooks/s", {300, 100, 200}};
    Series const theirs{"theirs", "webhooks/s", {100, 100, 50}};
    Item item{"throughput", "Throughput", "Closed loop.", {ours, theirs, ratio_of("ours by theirs", ours, theirs)}, {}};
    item.goals = {{"by theirs", 3, true, 3, "×"}, {"slowest", 26, false, 25, "ms"}};
    return {"2026-11-30", "abc", {{"processor", "P"}, {"cores", 2}, {"memory_mib", 1}, {"kernel", "K"}, {"file_system", "ext4"}, {"load_before", 0.5}}, {{"SQLite", "3.40.1"}}, {"something"}, {item}};
}

deskbridge::test::JsonSchema schema()
{
    std::ifstream in{std::string{DESKBRIDGE_SOURCE_DIR} + "/schemas/json/bench.schema.json"};
    REQUIRE(in.good());
    return deskbridge::test::JsonSchema{nlohmann::json::parse(in)};
}

} // namespace

TEST_CASE("a series has a middle and ends, and ratios are those of the same round")
{
    auto const item = example().items.front();
    CHECK(item.series[0].median() == 200);
    CHECK(item.series[0].least() == 100);
    CHECK(item.series[0].most() == 300);
    CHECK(item.series[2].runs == std::vector<double>{3, 1, 4});
    CHECK(Series{"even", "", {1, 4, 2, 8}}.median() == 3);
    CHECK(ratio_of("", {"", "", {1, 2}}, {"", "", {0, 4}}).runs == std::vector<double>{0.5});
    CHECK(quantile_of({5, 1, 4, 2, 3}, 0.5) == 3);
    CHECK(quantile_of({5, 1, 4, 2, 3}, 0.99) == 5);
    CHECK(quantile_of({}, 0.5) == 0);
}

TEST_CASE("the report is what its schema says")
{
    auto const report = render_json(example());
    CHECK(schema().fault_of(report) == "");
    auto without_runs = report;
    without_runs["items"][0]["series"][0].erase("runs");
    CHECK(schema().fault_of(without_runs) != "");
    auto stray = report;
    stray["items"][0]["verdict"] = "good";
    CHECK(schema().fault_of(stray) != "");
    CHECK(report["items"][0]["goals"][0]["reached"] == true);
    CHECK(report["items"][0]["goals"][1]["reached"] == false);
}

TEST_CASE("a page keeps what is outside of its places, and places that were not measured")
{
    std::string const page = "# Top\n<!-- begin machine -->\nold\n<!-- end machine -->\nby hand\n<!-- begin throughput -->\n<!-- end throughput -->\n"
                             "<!-- begin latency -->\nkept\n<!-- end latency -->\n";
    auto const filled = render_page(page, example());
    CHECK(filled.find("by hand") != std::string::npos);
    CHECK(filled.find("old") == std::string::npos);
    CHECK(filled.find("kept") != std::string::npos);
    CHECK(filled.find("| ours | 200 | 100 to 300 | webhooks/s |") != std::string::npos);
    CHECK(filled.find("bar [200, 100]") != std::string::npos);
    CHECK(filled.find("**Not reached.**") != std::string::npos);
    CHECK(filled.find("**Missing:** something") != std::string::npos);
    CHECK(render_page(filled, example()) == filled);
    CHECK_THROWS(render_page("# Top\n", example()));
}

TEST_CASE("the page in docs has a place for everything that is measured")
{
    std::ifstream in{std::string{DESKBRIDGE_SOURCE_DIR} + "/docs/benchmarks.md"};
    std::string const page{std::istreambuf_iterator<char>{in}, {}};
    for (auto const* place : {"machine", "throughput", "shapes", "latency", "memory", "growth", "full_memory", "desk", "start", "journal", "binary"})
        CHECK(page.find(std::string{"<!-- begin "} + place + " -->\n") != std::string::npos);
}
