#include "work.hpp"

#include "deskbridge/core/text.hpp"

#include <algorithm>
#include <charconv>

namespace deskbridge::desk {

namespace {

constexpr int max_page = 200;
constexpr int max_timeline = 500;
constexpr int max_withheld = 50;

/// The last row's activity and id: "1767571200123.1042". Errors: malformed.
void continue_after(store::TicketQuery& query, std::string const& after)
{
    if (after.empty())
        return;
    auto const* const end = after.data() + after.size();
    std::int64_t activity = 0;
    std::int64_t id = 0;
    auto const first = std::from_chars(after.data(), end, activity);
    bool const parted = first.ec == std::errc{} && first.ptr != end && *first.ptr == '.';
    if (!parted || std::from_chars(first.ptr + 1, end, id).ptr != end || id <= 0)
        fail(Fault::malformed, "this is not where a page ended");
    query.before_activity = from_ms(activity);
    query.before_id = {id};
}

std::string end_of(TicketCard const& last)
{
    return std::to_string(to_ms(last.row.ticket.last_activity)) + "." + std::to_string(last.row.ticket.id.value);
}

/// Disabled agents too: their tickets must be found. Errors: malformed.
AgentId wanted_assignee(Look const& look, std::string const& word)
{
    if (word == "none")
        return {};
    if (word == "me")
        return look.caller.agent ? look.caller.agent : AgentId{-1}; // root has no tickets
    std::int64_t id = 0;
    auto const* const end = word.data() + word.size();
    if (auto const read = std::from_chars(word.data(), end, id); read.ec == std::errc{} && read.ptr == end)
        return {id};
    auto const agent = store::find_agent_by_name(look.reading, word);
    if (!agent)
        fail(Fault::malformed, "no agent has the name \"" + shorten(clean_text(word), 60) + "\"");
    return agent->id;
}

} // namespace

TicketPage look(Look const& look, ListTickets const& request)
{
    auto const limit = std::clamp(request.limit, 1, max_page);
    store::TicketQuery query;
    query.statuses = request.statuses;
    query.limit = limit + 1; // the one beyond tells that there are more
    if (request.assignee)
        query.assignee = wanted_assignee(look, *request.assignee);
    continue_after(query, request.after);
    TicketPage page;
    for (auto& row : store::find_ticket_rows(look.reading, query))
        page.tickets.push_back(card_of(std::move(row), look.parts.accounts));
    if (page.tickets.size() > static_cast<std::size_t>(limit)) {
        page.tickets.pop_back();
        page.next = end_of(page.tickets.back());
    }
    return page;
}

TicketDetail look(Look const& look, ShowTicket const& request)
{
    auto const ticket = named_ticket(look.reading, look.parts.accounts, request.ticket);
    auto const limit = std::clamp(request.limit, 1, max_timeline);
    TicketDetail detail;
    detail.ticket = card_of(look.reading, look.parts.accounts, ticket.id);
    detail.timeline = store::load_timeline(look.reading, ticket.id, request.before, limit + 1);
    detail.withheld = store::latest_ticket_events(look.reading, ticket.id, "message.withheld", max_withheld);
    if (detail.timeline.size() > static_cast<std::size_t>(limit)) {
        detail.timeline.erase(detail.timeline.begin());
        detail.earlier = true;
    }
    return detail;
}

} // namespace deskbridge::desk
