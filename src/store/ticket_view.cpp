#include "deskbridge/store/ticket_view.hpp"

#include "deskbridge/core/outbox.hpp"
#include "deskbridge/store/account.hpp"
#include "deskbridge/store/agent.hpp"
#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/conversation.hpp"
#include "deskbridge/store/cost.hpp"
#include "deskbridge/store/free_entry.hpp"

#include <algorithm>
#include <limits>

namespace deskbridge::store {

namespace {

// Few are inserted, so those in commit sequence are read by their index, and the others join in. (?2, ?3) is where the page
// ends: position and id.
constexpr auto page_of_ticket = R"(
    SELECT message_id FROM (
      SELECT message_id, at FROM (SELECT message_id, message_id * 4194304 AS at FROM message
        WHERE ticket_id = ?1 AND position IS NULL AND message_id < ?4 ORDER BY message_id DESC LIMIT ?5)
      UNION ALL
      SELECT message_id, at FROM (SELECT message_id, position AS at FROM message
        WHERE ticket_id = ?1 AND position IS NOT NULL AND (position, message_id) < (?2, ?3)
        ORDER BY position DESC, message_id DESC LIMIT ?5))
    ORDER BY at DESC, message_id DESC LIMIT ?5)";

constexpr auto page_of_chat = R"(
    SELECT message_id FROM (
      SELECT message_id, at FROM (SELECT message_id, message_id * 4194304 AS at FROM message
        WHERE conversation_id = ?1 AND purpose <> 'history' AND position IS NULL AND message_id < ?4 ORDER BY message_id DESC LIMIT ?5)
      UNION ALL
      SELECT message_id, at FROM (SELECT message_id, position AS at FROM message
        WHERE conversation_id = ?1 AND position IS NOT NULL AND (position, message_id) < (?2, ?3)
        ORDER BY position DESC, message_id DESC LIMIT ?5))
    ORDER BY at DESC, message_id DESC LIMIT ?5)";

TicketRow row_of(Reading& reading, Ticket ticket)
{
    TicketRow row;
    row.ticket = std::move(ticket);
    if (auto const agent = find_agent(reading, row.ticket.assignee))
        row.assignee = agent->name;
    auto const conversation = find_conversation(reading, row.ticket.conversation);
    if (!conversation)
        return row;
    row.contact = conversation->contact;
    row.group = conversation->group;
    row.account = conversation->account;
    row.window_from = conversation->window_from;
    row.answers_to = conversation->address;
    if (auto const contact = find_contact(reading, conversation->contact)) {
        row.contact_name = contact->name;
        row.contact_username = contact->username;
        row.contact_flagged = contact->flagged;
    }
    if (auto const entry = find_free_entry(reading, conversation->id))
        row.free_entry_until = entry->until;
    if (auto const account = find_account(reading, conversation->account)) {
        row.account_name = account->as.name;
        row.channel = account->as.channel;
        row.account_paused = account->paused;
    }
    return row;
}

std::string author_of(Reading& reading, Message const& message)
{
    if (message.actor.kind == ActorKind::agent) {
        if (message.actor.id == 0)
            return "administrator"; // root, or the user of the daemon: not one of the agents
        auto const agent = find_agent(reading, {message.actor.id});
        return agent ? agent->name : std::string{};
    }
    if (message.actor.kind != ActorKind::customer)
        return {};
    auto const contact = find_contact(reading, {message.actor.id});
    return contact ? contact->name : std::string{};
}

/// Why the message stands where `delivery_of` says: the words of the first part that has any.
std::string reason_of(std::vector<IntentRow> const& parts)
{
    for (auto const& part : parts) {
        bool const accepted = part.state == IntentState::accepted;
        bool const held = part.reason == held_by_provider && !part.receipt;
        if (accepted && !part.failed_at && !held)
            continue;
        if (auto const& words = error_words(part); !words.empty())
            return part.reason.empty() || accepted ? words : part.reason + ": " + words;
        if (!part.reason.empty())
            return part.reason;
    }
    return {};
}

TimelineItem item_of(Reading& reading, Message message)
{
    TimelineItem item;
    item.message = std::move(message);
    auto const id = item.message.id;
    item.author = author_of(reading, item.message);
    item.media = media_of(reading, id);
    item.reactions = reactions_of(reading, id);
    item.placements = placements_of(reading, id);
    if (item.message.direction == Direction::out) {
        auto const parts = intents_of(reading, id);
        item.delivery = delivery_of(parts);
        item.delivery_reason = reason_of(parts);
        item.price = price_of(reading, id);
    }
    return item;
}

} // namespace

std::optional<TicketRow> find_ticket_row(Reading& reading, TicketId id)
{
    auto ticket = find_ticket(reading, id);
    if (!ticket)
        return std::nullopt;
    return row_of(reading, std::move(*ticket));
}

std::vector<TicketRow> find_ticket_rows(Reading& reading, TicketQuery const& query)
{
    std::vector<TicketRow> rows;
    for (auto& ticket : find_tickets(reading, query))
        rows.push_back(row_of(reading, std::move(ticket)));
    return rows;
}

std::vector<TicketRow> find_ticket_rows_by_window(Reading& reading, TicketQuery const& query, WindowPlace const& after)
{
    std::vector<TicketRow> rows;
    for (auto& ticket : find_tickets_by_window(reading, query, after.from, after.conversation, after.ticket))
        rows.push_back(row_of(reading, std::move(ticket)));
    return rows;
}

namespace {

struct EndOfPage {
    MessageId id{std::numeric_limits<std::int64_t>::max()};
    std::int64_t position{std::numeric_limits<std::int64_t>::max()};
    std::int64_t first_beyond{std::numeric_limits<std::int64_t>::max()}; ///< lowest id in commit sequence that is not on the page
};

EndOfPage end_of_page(Reading& reading, MessageId before)
{
    constexpr auto gap = position_of(MessageId{1});
    if (!before || before.value > std::numeric_limits<std::int64_t>::max() / gap)
        return {};
    auto const message = find_message(reading, before);
    if (!message || !message->position)
        return {before, position_of(before), before.value};
    return {before, *message->position, *message->position / gap + 1};
}

} // namespace

namespace {

/// @param page  one of the two queries above. @param whose  the ticket's or the conversation's id.
std::vector<TimelineItem> load_page(Reading& reading, char const* page, std::int64_t whose, MessageId before, int limit)
{
    std::vector<MessageId> ids;
    {
        auto q = reading.prepare(page);
        auto const end = end_of_page(reading, before);
        q.bind(1, whose);
        q.bind(2, end.position);
        q.bind(3, end.id.value);
        q.bind(4, end.first_beyond);
        q.bind(5, limit);
        while (q.step())
            ids.push_back(q.id<MessageId>(0));
    }
    std::vector<TimelineItem> items;
    for (auto id = ids.rbegin(); id != ids.rend(); ++id)
        if (auto item = find_timeline_item(reading, *id))
            items.push_back(std::move(*item));
    return items;
}

} // namespace

std::vector<TimelineItem> load_timeline(Reading& reading, TicketId ticket, MessageId before, int limit)
{
    return load_page(reading, page_of_ticket, ticket.value, before, limit);
}

std::vector<TimelineItem> load_chat(Reading& reading, ConversationId conversation, MessageId before, int limit)
{
    return load_page(reading, page_of_chat, conversation.value, before, limit);
}

std::vector<OnScreen> end_of_screen(Reading& reading, ConversationId conversation, int limit)
{
    auto q = reading.prepare("SELECT message_id, position, provider_at_ms, received_at_ms FROM message WHERE conversation_id = ?1 "
                             "AND purpose <> 'history' ORDER BY message_id DESC LIMIT ?2");
    q.bind(1, conversation);
    q.bind(2, std::int64_t{limit});
    std::vector<OnScreen> out;
    while (q.step()) {
        auto const id = q.id<MessageId>(0);
        out.push_back({id, q.maybe_integer(1).value_or(position_of(id)), believed(q.time(2), q.time(3))});
    }
    std::sort(out.begin(), out.end(), [](OnScreen const& a, OnScreen const& b) {
        return a.position != b.position ? a.position > b.position : a.id > b.id;
    });
    return out;
}

MessageId newest_inbound(Reading& reading, TicketId ticket)
{
    auto q = reading.prepare("SELECT message_id FROM message WHERE ticket_id = ?1 AND direction = 'in' AND external_id IS NOT NULL "
                             "AND purpose <> 'standby' AND kind <> 'call' ORDER BY message_id DESC LIMIT 1");
    q.bind(1, ticket);
    return q.step() ? q.id<MessageId>(0) : MessageId{};
}

std::optional<TimelineItem> find_timeline_item(Reading& reading, MessageId message)
{
    auto found = find_message(reading, message);
    if (!found)
        return std::nullopt;
    return item_of(reading, std::move(*found));
}

} // namespace deskbridge::store
