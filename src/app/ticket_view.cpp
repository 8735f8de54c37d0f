#include "ticket_view.hpp"

#include "answers.hpp"
#include "contact_view.hpp"
#include "outbox_view.hpp"
#include "terminal.hpp"

#include "deskbridge/core/time.hpp"

#include <fmt/format.h>

#include <chrono>

namespace deskbridge::app {
namespace {

using nlohmann::ordered_json;

std::string contact_of(ordered_json const& ticket)
{
    if (!text(ticket, "group").empty())
        return "(a group)";
    auto const contact = ticket.find("contact");
    auto const name = contact != ticket.end() && contact->is_object() ? text(*contact, "name") : std::string{};
    return name.empty() ? "(no name)" : safe(name);
}

/// "3h41m", "12m"; "closed" if it is over, "" if there is none.
std::string left_of(ordered_json const& ticket, char const* key)
{
    auto const ends = parse_rfc3339(text(ticket, key));
    if (!ends)
        return {};
    auto const left = std::chrono::duration_cast<std::chrono::minutes>(*ends - std::chrono::system_clock::now()).count();
    if (left <= 0)
        return "closed";
    return left >= 60 ? fmt::format("{}h{:02}m", left / 60, left % 60) : fmt::format("{}m", left);
}

/// "3h41m", "3h41m, free 70h12m": the reply window, and how long nothing costs anything.
std::string window_of(ordered_json const& ticket)
{
    auto const free = left_of(ticket, "free_entry_ends_at");
    return or_dash(left_of(ticket, "reply_window_ends_at")) + (free.empty() || free == "closed" ? "" : ", free " + free);
}

std::string author_of(ordered_json const& message)
{
    auto const author = message.find("author");
    if (author == message.end())
        return "?";
    auto const kind = text(*author, "kind");
    auto const name = safe(text(*author, "name"));
    if (text(message, "purpose") == "standby" && text(message, "direction") == "out")
        return "another app";
    if (kind == "system")
        return "Deskbridge";
    if (kind == "phone_app")
        return "business phone";
    return name.empty() ? kind : name;
}

std::string step_of(ordered_json const& message)
{
    return next_step_of(text(message, "delivery"), text(message, "id"));
}

/// First of all: what did not go as the agent believes.
void print_troubles(ordered_json const& ticket)
{
    if (auto const words = paused_in_words(text(ticket, "account"), ticket.at("account_paused")); !words.empty())
        fmt::print("! {}\n", words);
    if (auto const unreachable = ticket.find("unreachable"); unreachable != ticket.end() && unreachable->is_object())
        fmt::print("! {}\n", text(*unreachable, "detail"));
    auto const timeline = ticket.find("timeline");
    if (timeline == ticket.end())
        return;
    std::string troubles;
    for (auto const& message : *timeline)
        if (!step_of(message).empty())
            troubles += fmt::format("{}message {} is {}", troubles.empty() ? "" : ", ", text(message, "id"), text(message, "delivery"));
    if (!troubles.empty())
        fmt::print("! {}\n", troubles);
}

void print_marks(ordered_json const& message, std::string const& ticket)
{
    std::string marks = "message " + text(message, "id");
    auto const add = [&](std::string const& mark) { marks += ", " + mark; };
    if (auto const own = text(message, "ticket"); own != ticket)
        add(own.empty() ? "in no ticket" : "ticket #" + own);
    if (text(message, "direction") == "note")
        add("note, agents only");
    if (text(message, "kind") != "text")
        add(text(message, "kind"));
    if (auto const details = message.find("details"); details != message.end() && details->is_object() && details->contains("template"))
        add(fmt::format("template: {}/{}", safe(text(details->at("template"), "name")), safe(text(details->at("template"), "language"))));
    if (auto const quoted = text(message, "quoted"); !quoted.empty())
        add("answers message " + quoted);
    else if (!text(message, "quoted_external_id").empty())
        add("answers a message that is not here");
    for (auto const* key : {"purpose", "command"})
        if (!text(message, key).empty())
            add(fmt::format("{}: {}", key, text(message, key)));
    if (yes(message, "late"))
        add("late");
    if (!text(message, "edited_at").empty())
        add("edited");
    if (!text(message, "deleted_at").empty())
        add(text(message, "direction") == "out" ? "deleted by the business" : "deleted by the customer");
    auto const delivery = text(message, "delivery");
    if (!delivery.empty())
        add(delivery + (text(message, "delivery_reason").empty() ? "" : ": " + safe(text(message, "delivery_reason"))));
    if (auto const cost = text(message, "cost_class"); !cost.empty())
        add("cost: " + cost);
    if (auto const reactions = message.find("reactions"); reactions != message.end() && reactions->is_array())
        for (auto const& reaction : *reactions)
            add(safe(text(reaction, "emoji")) + (text(reaction, "name").empty() ? "" : " " + safe(text(reaction, "name"))));
    fmt::print("  [{}]", marks);
}

void print_placements(ordered_json const& message)
{
    auto const placements = message.find("placements");
    if (placements == message.end() || !placements->is_array())
        return;
    for (auto const& placement : *placements) {
        fmt::print("      why: {} {}{}{}", text(placement, "rule"), text(placement, "action"),
                   text(placement, "ticket").empty() ? "" : " #" + text(placement, "ticket"), yes(placement, "guess") ? " (guess)" : "");
        if (!text(placement, "reason").empty())
            fmt::print(": {}", safe(text(placement, "reason")));
        fmt::print("\n");
        if (auto const candidates = placement.find("candidates"); candidates != placement.end() && candidates->is_array())
            for (auto const& candidate : *candidates)
                fmt::print("           candidate #{}: {}\n", text(candidate, "ticket"), safe(text(candidate, "because")));
    }
}

/// What was due before `until` ("" = all the rest) and did not go out.
void print_withheld(ordered_json const& ticket, std::size_t& next, std::string const& until)
{
    auto const list = ticket.find("withheld");
    if (list == ticket.end() || !list->is_array())
        return;
    for (; next < list->size() && (until.empty() || text((*list)[next], "at") < until); ++next) {
        auto const& item = (*list)[next];
        fmt::print("\n{}  Deskbridge  [{}: not sent: {}]\n", clock_of(text(item, "at")), text(item, "purpose"), text(item, "detail"));
    }
}

/// "+ [17] parcel.jpg (image/jpeg, 240 KiB)"; the number is what `ticket attachment` takes.
void print_file(ordered_json const& file, std::string const& ticket)
{
    auto const state = text(file, "state");
    auto const standing = state == "fetched" ? size_text(file.at("size_bytes").get<std::uint64_t>())
                          : state == "recorded" && text(file, "reason").empty() ? std::string{"being fetched"}
                          : state == "recorded" ? "not here yet: " + text(file, "detail")
                                                : state + ": " + text(file, "detail");
    auto const type = state == "fetched" ? text(file, "content_type") : text(file, "mime_type");
    fmt::print("    + [{}] {} ({}, {})\n", text(file, "id"), or_dash(safe(text(file, "file_name"))), safe(type), standing);
    if (state == "failed" || state == "expired")
        fmt::print("    ! try again: deskbridge ticket attachment retry {} {}\n", ticket, text(file, "id"));
}

void print_message(ordered_json const& message, std::string const& ticket, bool why)
{
    fmt::print("\n{}  {}", clock_of(text(message, "at")), author_of(message));
    print_marks(message, ticket);
    fmt::print("\n");
    print_paragraph(text(message, "text"));
    if (auto const files = message.find("attachments"); files != message.end() && files->is_array())
        for (auto const& file : *files)
            print_file(file, ticket);
    if (auto const step = step_of(message); !step.empty())
        fmt::print("    ! {}\n", step);
    if (why)
        print_placements(message);
}

} // namespace

std::vector<std::string> ticket_row_head()
{
    return {"TICKET", "REFERENCE", "STATUS", "CONTACT", "ASSIGNEE", "WINDOW", "ACTIVE", "SUBJECT"};
}

std::vector<std::string> ticket_row(ordered_json const& ticket)
{
    return {"#" + text(ticket, "number"),
            text(ticket, "reference"),
            text(ticket, "status") + (yes(ticket, "unseen") ? "*" : ""),
            fit(contact_of(ticket), 24),
            fit(or_dash(safe(text(ticket, "assignee"))), 16),
            window_of(ticket),
            age_of(text(ticket, "last_activity_at")),
            safe(text(ticket, "subject"))};
}

void print_ticket(ordered_json const& ticket, bool why)
{
    fmt::print("#{}  {}  {}  {}  {}/{}  assignee {}  window {}  (times in UTC)\n", text(ticket, "number"), text(ticket, "reference"),
               text(ticket, "status"), contact_of(ticket), text(ticket, "account"), text(ticket, "channel"),
               or_dash(safe(text(ticket, "assignee"))), window_of(ticket));
    if (!text(ticket, "subject").empty())
        fmt::print("{}\n", safe(text(ticket, "subject")));
    for (auto const& [key, label] : {std::pair{"follow_up_of", "follow-up of #"}, std::pair{"merged_into", "merged into #"}})
        if (!text(ticket, key).empty())
            fmt::print("{}{}\n", label, text(ticket, key));
    if (!text(ticket, "summary").empty())
        fmt::print("summary: {}\n", safe(text(ticket, "summary")));
    if (!text(ticket, "link").empty())
        fmt::print("link for the customer: {}\n", safe(text(ticket, "link")));
    print_troubles(ticket);
    if (auto const contact = ticket.find("contact"); contact != ticket.end() && contact->contains("addresses"))
        print_contact(*contact);
    print_referrals(ticket);
    std::size_t withheld = 0;
    if (auto const timeline = ticket.find("timeline"); timeline != ticket.end()) {
        for (auto const& message : *timeline) {
            if (!yes(message, "late") && text(message, "purpose") != "history") // it stands before what was received earlier
                print_withheld(ticket, withheld, text(message, "received_at"));
            print_message(message, text(ticket, "number"), why);
        }
    }
    print_withheld(ticket, withheld, {});
}

void print_event(ordered_json const& event)
{
    auto const at = text(event, "at");
    auto const ticket = text(event, "ticket");
    fmt::print("{}  {:<8}  {:<28} {}\n", at.size() >= 19 ? at.substr(11, 8) : at, ticket.empty() ? "" : "#" + ticket,
               text(event, "type"), event.contains("data") ? safe(event.at("data").dump()) : "");
    std::fflush(stdout);
}

} // namespace deskbridge::app
