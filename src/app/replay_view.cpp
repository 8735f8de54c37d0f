#include "replay_view.hpp"

#include "answers.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

namespace deskbridge::app {

using nlohmann::ordered_json;

void ReplaySum::add(ordered_json const& answer)
{
    ++bodies;
    applied += number(answer, "applied");
    known += number(answer, "known");
    shelved += number(answer, "shelved");
    for (auto const& change : answer.at("changes"))
        ++changes[text(change, "type")];
}

void print_replayed(ordered_json const& answer)
{
    bool const dry = yes(answer, "dry_run");
    auto const& shelf = answer.at("shelf");
    fmt::print("body {}: {} {}, {} {} known, {} cannot; open on the shelf {} -> {}\n", text(answer, "journal"), text(answer, "applied"),
               dry ? "would take effect" : "took effect", text(answer, "known"), dry ? "are" : "were", text(answer, "shelved"),
               text(shelf, "before"), text(shelf, "after"));
    for (auto const& change : answer.at("changes")) {
        auto const ticket = text(change, "ticket");
        auto const& data = change.at("data");
        fmt::print("    {} {:<24} {:<8} {}\n", dry ? "would write" : "wrote", text(change, "type"), ticket.empty() ? "" : "#" + ticket,
                   data.empty() ? "" : safe(data.dump()));
    }
    if (yes(answer, "more_changes"))
        fmt::print("    and more\n");
}

void print_sum(ReplaySum const& sum, bool dry_run)
{
    std::string changes;
    for (auto const& [type, count] : sum.changes)
        if (type == "ticket.opened" || type == "ticket.reopened" || type == "message.received" || type == "message.queued" ||
            type == "shelf.resolved")
            changes += fmt::format("; {} {}", count, type);
    fmt::print(stderr, "{}{}: {} {}, {} known already, {} cannot take effect{}{}\n", counted(sum.bodies, "body", "bodies"),
               dry_run ? ", each tried by itself and undone" : "", counted(sum.applied, "event", "events"),
               dry_run ? "would take effect" : "took effect", sum.known, sum.shelved, changes,
               sum.gone > 0 ? fmt::format("; not kept any more: {}", counted(sum.gone, "body", "bodies")) : "");
}

} // namespace deskbridge::app
