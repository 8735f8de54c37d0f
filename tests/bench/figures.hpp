#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace bench {

/// One measured quantity over the rounds of a run.
struct Series {
    std::string name;
    std::string unit;
    std::vector<double> runs; ///< one per round, in their order
    [[nodiscard]] double median() const;
    [[nodiscard]] double least() const;
    [[nodiscard]] double most() const;
};

/// Per round: one by the other. Rounds that only one of them has are left out.
[[nodiscard]] Series ratio_of(std::string name, Series const& of, Series const& to);

/// What a figure should be; nothing fails where it is not.
struct Goal {
    std::string what;
    double value{0};
    bool at_least{true}; ///< else at most
    double bound{0};
    std::string unit;
    [[nodiscard]] bool reached() const noexcept { return at_least ? value >= bound : value <= bound; }
};

/// One line of the table of goals: measurements that were taken in turn.
struct Item {
    std::string id;    ///< names its place on the page
    std::string title;
    std::string how;   ///< under which conditions, in a sentence or two
    std::vector<Series> series;
    std::vector<Goal> goals;
};

struct Report {
    std::string date; ///< YYYY-MM-DD
    std::string commit;
    nlohmann::json machine;  ///< see `describe_machine`
    nlohmann::json versions; ///< name -> version
    std::vector<std::string> missing; ///< what could not be measured here, and why
    std::vector<Item> items;
};

/// As schemas/json/bench.schema.json has it.
[[nodiscard]] nlohmann::json render_json(Report const& report);

/// A page whose places `<!-- begin ID -->` … `<!-- end ID -->` hold this report: one per item, and one named `machine`. What is outside of
/// them, and places of items that this report lacks, stay. Throws: std::runtime_error (a place is missing).
[[nodiscard]] std::string render_page(std::string page, Report const& report);

} // namespace bench
