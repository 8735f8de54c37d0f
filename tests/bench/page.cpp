#include "figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace bench {
namespace {

std::string render_number(double value)
{
    if (value >= 1000) { // 12 345: figures of five digits are read in groups
        auto text = fmt::format("{:.0f}", value);
        for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
            text.insert(static_cast<std::size_t>(at), ",");
        return text;
    }
    return fmt::format("{:.{}f}", value, value >= 100 ? 0 : value >= 10 ? 1 : 2);
}

std::string render_table(Item const& item)
{
    std::string out = "| | Median | Least to most | |\n|---|---:|---:|---|\n";
    for (auto const& series : item.series)
        out += fmt::format("| {} | {} | {} to {} | {} |\n", series.name, render_number(series.median()), render_number(series.least()),
                           render_number(series.most()), series.unit);
    return out;
}

/// Bars of the series that share the unit of the first; nothing to compare: no chart.
std::string render_chart(Item const& item)
{
    std::string names;
    std::string values;
    int bars = 0;
    for (auto const& series : item.series) {
        if (series.unit != item.series.front().unit)
            continue;
        names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", series.name);
        values += fmt::format("{}{:.{}f}", values.empty() ? "" : ", ", series.median(), series.median() >= 100 ? 0 : 2);
        ++bars;
    }
    if (bars < 2)
        return {};
    return fmt::format("\n```mermaid\nxychart-beta horizontal\n  x-axis [{}]\n  y-axis \"{}\"\n  bar [{}]\n```\n", names, item.series.front().unit, values);
}

std::string render_goals(Item const& item)
{
    std::string out;
    for (auto const& goal : item.goals)
        out += fmt::format("- {}: {} {} {} wanted, measured {} {}. **{}**\n", goal.what, goal.at_least ? "at least" : "at most",
                           render_number(goal.bound), goal.unit, render_number(goal.value), goal.unit, goal.reached() ? "Reached." : "Not reached.");
    return out.empty() ? out : "\n" + out;
}

std::string render_item(Item const& item, Report const& report)
{
    return fmt::format("{} Measured on {} at `{}`, {} {}.\n\n{}{}{}", item.how, report.date, report.commit,
                       item.series.empty() ? 0 : item.series.front().runs.size(),
                       !item.series.empty() && item.series.front().runs.size() == 1 ? "round" : "rounds in turn", render_table(item),
                       render_chart(item), render_goals(item));
}

std::string render_machine(Report const& report)
{
    std::string out = "| | |\n|---|---|\n";
    auto const words = [](nlohmann::json const& value) { return value.is_string() ? value.get<std::string>() : value.dump(); };
    for (auto const& [name, value] : report.machine.items())
        out += fmt::format("| {} | {} |\n", name, words(value));
    for (auto const& [name, value] : report.versions.items())
        out += fmt::format("| {} | {} |\n", name, words(value));
    for (auto const& what : report.missing)
        out += fmt::format("\n**Missing:** {}\n", what);
    return out;
}

void fill(std::string& page, std::string const& place, std::string const& text)
{
    auto const begin = fmt::format("<!-- begin {} -->\n", place);
    auto const from = page.find(begin);
    auto const to = page.find(fmt::format("<!-- end {} -->", place));
    if (from == std::string::npos || to == std::string::npos || to < from)
        throw std::runtime_error("the page has no place for " + place);
    page.replace(from + begin.size(), to - from - begin.size(), text);
}

} // namespace

std::string render_page(std::string page, Report const& report)
{
    fill(page, "machine", render_machine(report));
    for (auto const& item : report.items)
        fill(page, item.id, render_item(item, report));
    return page;
}

} // namespace bench
