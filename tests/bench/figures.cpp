#include "figures.hpp"

#include <algorithm>

namespace bench {

namespace {

nlohmann::json render_series(Series const& series)
{
    return {{"name", series.name}, {"unit", series.unit}, {"runs", series.runs}, {"median", series.median()}, {"least", series.least()}, {"most", series.most()}};
}

nlohmann::json render_goal(Goal const& goal)
{
    return {{"what", goal.what},   {"value", goal.value}, {"relation", goal.at_least ? "at_least" : "at_most"}, {"bound", goal.bound},
            {"unit", goal.unit}, {"reached", goal.reached()}};
}

template <class T, class Render>
nlohmann::json render_all(std::vector<T> const& all, Render const& render)
{
    auto out = nlohmann::json::array();
    for (auto const& one : all)
        out.push_back(render(one));
    return out;
}

} // namespace

double Series::median() const
{
    if (runs.empty())
        return 0;
    auto sorted = runs;
    std::sort(sorted.begin(), sorted.end());
    auto const half = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

double Series::least() const
{
    return runs.empty() ? 0 : *std::min_element(runs.begin(), runs.end());
}

double Series::most() const
{
    return runs.empty() ? 0 : *std::max_element(runs.begin(), runs.end());
}

Series ratio_of(std::string name, Series const& of, Series const& to)
{
    Series out{std::move(name), "×", {}};
    for (std::size_t i = 0; i < std::min(of.runs.size(), to.runs.size()); ++i)
        if (to.runs[i] > 0)
            out.runs.push_back(of.runs[i] / to.runs[i]);
    return out;
}

nlohmann::json render_json(Report const& report)
{
    auto items = render_all(report.items, [](Item const& item) -> nlohmann::json {
        return {{"id", item.id},
                {"title", item.title},
                {"how", item.how},
                {"series", render_all(item.series, render_series)},
                {"goals", render_all(item.goals, render_goal)}};
    });
    return {{"date", report.date},         {"commit", report.commit},   {"machine", report.machine},
            {"versions", report.versions}, {"missing", report.missing}, {"items", std::move(items)}};
}

} // namespace bench
