#include "paging.hpp"
#include "work.hpp"

#include "deskbridge/core/reply_window.hpp"
#include "deskbridge/core/text.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <tuple>

namespace deskbridge::desk {

namespace {

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

store::TicketQuery query_of(Look const& look, ListTickets const& request, int limit)
{
    store::TicketQuery query;
    query.statuses = request.statuses;
    query.limit = limit + 1; // the one beyond tells that there are more
    if (request.assignee)
        query.assignee = wanted_assignee(look, *request.assignee);
    return query;
}

/// Ends it at the limit, with where the next one goes on.
template <class EndOf>
TicketPage page_of(std::vector<TicketCard> cards, int limit, EndOf const& end_of)
{
    TicketPage page{std::move(cards), {}};
    if (page.tickets.size() > static_cast<std::size_t>(limit)) {
        page.tickets.erase(page.tickets.begin() + limit, page.tickets.end());
        page.next = end_of(page.tickets.back());
    }
    return page;
}

TicketPage by_activity(Look const& look, ListTickets const& request, int limit)
{
    auto query = query_of(look, request, limit);
    if (!request.after.empty()) {
        auto const [activity, id] = numbers_in<2>(request.after);
        query.before_activity = from_ms(activity);
        query.before_id = {id};
    }
    std::vector<TicketCard> cards;
    for (auto& row : store::find_ticket_rows(look.reading, query))
        cards.push_back(card_of(std::move(row), look.parts.accounts));
    return page_of(std::move(cards), limit, [](TicketCard const& last) {
        return std::to_string(to_ms(last.row.ticket.last_activity)) + "." + std::to_string(last.row.ticket.id.value);
    });
}

auto window_order(TicketCard const& card)
{
    return std::tuple{card.reply_window_ends_at, card.row.ticket.conversation, card.row.ticket.id};
}

/// Those of the channels whose windows last `window`: up to the query's limit, behind where the page before ended.
void add_open(Look const& look, store::TicketQuery const& query, std::chrono::seconds window, store::WindowPlace after,
              std::vector<TicketCard>& into)
{
    auto const wanted = into.size() + static_cast<std::size_t>(query.limit);
    for (;;) {
        auto rows = store::find_ticket_rows_by_window(look.reading, query, after);
        bool const last = rows.size() < static_cast<std::size_t>(query.limit);
        for (auto& row : rows) {
            after = {row.window_from.value_or(after.from), row.ticket.conversation, row.ticket.id};
            auto const* account = channel::find_account(look.parts.accounts, row.account);
            if (account && account->adapter->capabilities(account->account).reply_window.of(row.answers_to) == window)
                into.push_back(card_of(std::move(row), look.parts.accounts));
        }
        if (last || into.size() >= wanted)
            return;
    }
}

TicketPage by_window(Look const& look, ListTickets const& request, int limit)
{
    auto const query = query_of(look, request, limit);
    std::set<std::chrono::seconds> windows;
    for (auto const& account : look.parts.accounts)
        for (auto const length : account->adapter->capabilities(account->account).reply_window.lengths())
            windows.insert(length);
    std::vector<TicketCard> cards;
    for (auto const window : windows) {
        // One that began at this very moment is closed.
        store::WindowPlace after{began_for_mark(window, window_marks.back(), look.parts.clock.now()), last_id<ConversationId>, last_id<TicketId>};
        if (!request.after.empty()) {
            auto const [ends_at, conversation, ticket] = numbers_in<3>(request.after);
            store::WindowPlace const ended{began_for_mark(window, window_marks.back(), from_ms(ends_at)), {conversation}, {ticket}};
            after = std::max(after, ended);
        }
        add_open(look, query, window, after, cards);
    }
    std::sort(cards.begin(), cards.end(), [](TicketCard const& a, TicketCard const& b) { return window_order(a) < window_order(b); });
    return page_of(std::move(cards), limit, [](TicketCard const& last) {
        return std::to_string(to_ms(last.reply_window_ends_at.value_or(Timestamp{}))) + "." +
               std::to_string(last.row.ticket.conversation.value) + "." + std::to_string(last.row.ticket.id.value);
    });
}

} // namespace

TicketPage look(Look const& look, ListTickets const& request)
{
    auto const limit = std::clamp(request.limit, 1, max_page);
    switch (request.order) {
    case TicketOrder::window: return by_window(look, request, limit);
    case TicketOrder::activity: break;
    }
    return by_activity(look, request, limit);
}

} // namespace deskbridge::desk
