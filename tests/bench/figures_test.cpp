#include "budget.hpp"
#include "figures.hpp"
#include "load/load.hpp"

#include "support/json_schema.hpp"
#include "support/read_file.hpp"
#include "support/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

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

TEST_CASE("what a webhook costs is held to its budget in both directions, and to none that was counted with other tools")
{
    Budget const budget{1000, 0.03, "GCC 12.2.0", "3.40.1"};
    nlohmann::json const same{{"compiler", "GCC 12.2.0"}, {"SQLite", "3.40.1"}};
    struct Case {
        double counted;
        bool not_above;
        bool not_below;
    };
    auto const c = GENERATE(values<Case>({{1000, true, true}, {1030, true, true}, {1031, false, true}, {970, true, true}, {969, true, false}}));
    std::string other;
    auto const item = judge_cost(c.counted, budget, same, other);
    REQUIRE(item.goals.size() == 2);
    CHECK(item.goals[0].reached() == c.not_above);
    CHECK(item.goals[1].reached() == c.not_below);
    CHECK(other.empty());
    CHECK(judge_cost(c.counted, budget, {{"compiler", "GCC 13.1.0"}, {"SQLite", "3.40.1"}}, other).goals.empty());
    CHECK(other.find("GCC 13.1.0") != std::string::npos);
}

TEST_CASE("what callgrind counted is read from its totals")
{
    std::istringstream counted{"events: Ir\nsummary: 0\n\nfn=(1) main\n0 5\ntotals: 209300548\n"};
    CHECK(total_of_callgrind(counted) == 209'300'548);
    std::istringstream nothing{"events: Ir\nsummary: 0\ntotals: 0\n"};
    CHECK_THROWS(total_of_callgrind(nothing));
    std::istringstream cut_off{"events: Ir\nsummary: 7\n"};
    CHECK_THROWS(total_of_callgrind(cut_off));
}

TEST_CASE("the budget in the tree is one, and nothing else is")
{
    CHECK(read_budget(std::string{DESKBRIDGE_SOURCE_DIR} + "/tests/bench/budget.json").instructions > 100'000);
    deskbridge::test::ScratchFolder const folder;
    CHECK_THROWS(read_budget(folder.path() / "none.json"));
    CHECK_THROWS(read_budget(folder.write("a.json", R"({"instructions_per_webhook": 5, "tolerance_percent": 3, "compiler": "G"})")));
    CHECK_THROWS(read_budget(folder.write("b.json", R"({"instructions_per_webhook": 0, "tolerance_percent": 3, "compiler": "G", "sqlite": "S"})")));
    CHECK_THROWS(read_budget(folder.write("c.json", R"({"instructions_per_webhook": 5, "tolerance_percent": 3, "compiler": "G", "sqlite": "S", "x": 1})")));
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
    auto const page = deskbridge::test::read_file(std::string{DESKBRIDGE_SOURCE_DIR} + "/docs/benchmarks.md");
    for (auto const* place : {"machine", "throughput", "shapes", "latency", "cost", "acknowledgement", "outbox", "memory", "growth", "full_memory", "desk", "start", "journal", "binary"})
        CHECK(page.find(std::string{"<!-- begin "} + place + " -->\n") != std::string::npos);
}
