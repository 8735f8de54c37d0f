#include "health_view.hpp"

#include "answers.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

#include <vector>

namespace deskbridge::app {
namespace {

using nlohmann::ordered_json;

std::string name_of(ordered_json const& aspect)
{
    auto const subject = text(aspect, "subject");
    return subject.empty() ? text(aspect, "aspect") : fmt::format("{} ({})", text(aspect, "aspect"), safe(subject));
}

std::string state_of(ordered_json const& aspect)
{
    auto const until = text(aspect, "until");
    auto const state = safe(text(aspect, "state"));
    return until.empty() ? state : fmt::format("{}, until {}", state, moment_in_words(until));
}

bool is_well(ordered_json const& aspect)
{
    return text(aspect, "severity") == "ok";
}

void print_trouble(ordered_json const& aspect)
{
    fmt::print("! {}: {}\n", name_of(aspect), or_dash(safe(text(aspect, "cause"))));
    if (auto const next = text(aspect, "next_step"); !next.empty())
        fmt::print("  {}\n", safe(next));
}

/// Silence is neither health nor sickness: when the last proof was.
void print_proofs(ordered_json const& health)
{
    if (auto const costs = costs_in_words(health.at("costs")); !costs.empty())
        fmt::print("messages of {} by what they cost: {}\n", text(health.at("costs"), "month"), costs);
    auto const last = text(health, "last_inbound_at");
    fmt::print("last message of a customer: {}\n", last.empty() ? "none yet" : moment_in_words(last));
    auto const& check = health.at("check");
    auto const checked = text(check, "checked_at");
    fmt::print("provider asked: {}\n", checked.empty() ? "not yet" : moment_in_words(checked));
    if (auto const problem = text(check, "problem"); !problem.empty())
        fmt::print("! {}\n", safe(problem));
}

} // namespace

void print_health(ordered_json const& health)
{
    auto const& account = health.at("account");
    fmt::print("{}  {}  {}\n", safe(text(account, "name")), text(account, "channel"), or_dash(safe(text(account, "number"))));
    if (auto const& paused = account.at("paused"); paused.is_object())
        fmt::print("! sends nothing since {}: {}\n", moment_in_words(text(paused, "at")), safe(text(paused, "reason")));
    std::vector<std::vector<std::string>> rows;
    for (auto const& aspect : health.at("aspects"))
        rows.push_back({name_of(aspect), text(aspect, "severity"), clock_of(text(aspect, "since")), clock_of(text(aspect, "heard_at")),
                        text(aspect, "source"), state_of(aspect)});
    if (!rows.empty())
        print_table({"ASPECT", "", "SINCE", "HEARD", "FROM", "STATE"}, rows);
    for (auto const& aspect : health.at("aspects"))
        if (!is_well(aspect))
            print_trouble(aspect);
    print_proofs(health);
}

void print_findings(ordered_json const& health)
{
    for (auto const& aspect : health.at("aspects")) {
        fmt::print("{:<8} {:<13} {}\n", text(aspect, "severity"), name_of(aspect), state_of(aspect));
        if (is_well(aspect))
            continue;
        for (auto const* key : {"cause", "next_step"})
            if (auto const words = text(aspect, key); !words.empty())
                fmt::print("         {}\n", safe(words));
    }
}

std::string costs_in_words(ordered_json const& costs)
{
    auto const& messages = costs.at("messages");
    auto const quota = text(costs, "free_quota");
    std::string words;
    if (!quota.empty())
        words = fmt::format("free_service {} of {}", number(messages, "free_service"), quota);
    for (auto const& [cost_class, count] : messages.items())
        if (quota.empty() || cost_class != "free_service")
            words += fmt::format("{}{} {}", words.empty() ? "" : ", ", safe(cost_class), count.dump());
    return words;
}

std::string worst_of(ordered_json const& health)
{
    std::string worst = "ok";
    for (auto const& aspect : health.at("aspects")) {
        auto const severity = text(aspect, "severity");
        if (severity == "error" || (severity == "warning" && worst == "ok"))
            worst = severity;
    }
    return worst;
}

bool hook_is_well(ordered_json const& health)
{
    for (auto const& aspect : health.at("aspects"))
        if (text(aspect, "aspect") == "hook")
            return is_well(aspect);
    return true;
}

} // namespace deskbridge::app
