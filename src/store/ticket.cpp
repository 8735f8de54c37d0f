#include "deskbridge/store/ticket.hpp"

#include "deskbridge/core/reference.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace deskbridge::store {
namespace {

#define TICKET_COLUMNS                                                                                                          \
    "t.ticket_id, t.reference, t.conversation_id, t.status, t.subject, t.assignee_id, t.follow_up_of, t.merged_into, "          \
    "t.summary, t.opened_at_ms, t.solved_at_ms, t.solved_notice_at_ms, t.last_activity_ms, t.last_step, t.last_step_at_ms, "    \
    "t.unanswered_agent_at_ms, t.unseen, t.acknowledged_at_ms, t.reopen_count, t.version "

// A page of one status in the order of an index that holds only such tickets; several pages are merged.
#define PAGE_OF_TICKETS(WHOSE)                                                                                                  \
    "SELECT " TICKET_COLUMNS "FROM ticket t WHERE t.status = ?1 AND (t.last_activity_ms, t.ticket_id) < (?2, ?3) "              \
    "AND t.assignee_id " WHOSE " ORDER BY t.last_activity_ms DESC, t.ticket_id DESC LIMIT ?4"
constexpr char const* page_of_unassigned = PAGE_OF_TICKETS("IS NULL");
constexpr char const* page_of_assigned = PAGE_OF_TICKETS("IS NOT NULL");
constexpr char const* page_of_assignee = PAGE_OF_TICKETS("= ?5");

// Two indexes, one inside the other, give the order. ?4 and ?6 switch their filters off.
constexpr char const* page_by_window =
    "SELECT " TICKET_COLUMNS "FROM conversation c JOIN ticket t ON t.conversation_id = c.conversation_id "
    "WHERE c.window_minute >= ?1 / 60000 AND (c.window_from_ms, c.conversation_id, t.ticket_id) > (?1, ?2, ?3) "
    "AND (?4 = '' OR instr(?4, ' ' || t.status || ' ') > 0) AND (?6 OR t.assignee_id IS ?5) "
    "ORDER BY c.window_minute, c.window_from_ms, c.conversation_id, t.ticket_id LIMIT ?7";

#define TICKET_FIELDS                                                                                                           \
    "status = ?3, subject = ?4, summary = ?8, opened_at_ms = ?9, solved_at_ms = ?10, solved_notice_at_ms = ?11, "               \
    "last_activity_ms = ?12, last_step = ?13, last_step_at_ms = ?14, unanswered_agent_at_ms = ?15, unseen = ?16, "              \
    "acknowledged_at_ms = ?17, reopen_count = ?18, version = version + 1 WHERE ticket_id = ?1"

// Where a ticket stands, whose it is and what it came from rarely changes. A statement that sets a reference to another ticket has SQLite
// write all indexes anew, so it is left out while those stay.
constexpr char const* save_in_place = "UPDATE ticket SET " TICKET_FIELDS " AND conversation_id = ?2 AND assignee_id IS ?5 "
                                      "AND follow_up_of IS ?6 AND merged_into IS ?7";
constexpr char const* save_all = "UPDATE ticket SET conversation_id = ?2, assignee_id = ?5, follow_up_of = ?6, merged_into = ?7, " TICKET_FIELDS;

Ticket ticket_of(Statement const& row)
{
    Ticket ticket;
    ticket.id = row.id<TicketId>(0);
    ticket.reference = row.text(1);
    ticket.conversation = row.id<ConversationId>(2);
    ticket.status = parse_status(row.text(3)).value_or(TicketStatus::open);
    ticket.subject = row.text(4);
    ticket.assignee = row.id<AgentId>(5);
    ticket.follow_up_of = row.id<TicketId>(6);
    ticket.merged_into = row.id<TicketId>(7);
    ticket.summary = row.text(8);
    ticket.opened_at = row.time(9);
    ticket.solved_at = row.maybe_time(10);
    ticket.solved_notice_at = row.maybe_time(11);
    ticket.last_activity = row.time(12);
    ticket.last_step = row.text(13);
    ticket.last_step_at = row.time(14);
    ticket.unanswered_agent_at = row.maybe_time(15);
    ticket.unseen = row.integer(16) != 0;
    ticket.acknowledged_at = row.maybe_time(17);
    ticket.reopen_count = static_cast<int>(row.integer(18));
    ticket.version = row.integer(19);
    return ticket;
}

std::optional<Ticket> one_ticket(Statement& q)
{
    if (!q.step())
        return std::nullopt;
    return ticket_of(q);
}

std::vector<Ticket> all_tickets(Statement& q)
{
    std::vector<Ticket> out;
    while (q.step())
        out.push_back(ticket_of(q));
    return out;
}

/// Binds ?2 … ?19: what `insert_ticket` and `save_ticket` have in common.
void bind_fields(Statement& q, Ticket const& ticket)
{
    q.bind(2, ticket.conversation);
    q.bind(3, render_status(ticket.status));
    q.bind(4, std::string_view{ticket.subject});
    q.bind(5, ticket.assignee);
    q.bind(6, ticket.follow_up_of);
    q.bind(7, ticket.merged_into);
    q.bind(8, std::string_view{ticket.summary});
    q.bind(9, ticket.opened_at);
    q.bind(10, ticket.solved_at);
    q.bind(11, ticket.solved_notice_at);
    q.bind(12, ticket.last_activity);
    q.bind(13, std::string_view{ticket.last_step});
    q.bind(14, ticket.last_step_at);
    q.bind(15, ticket.unanswered_agent_at);
    q.bind(16, ticket.unseen);
    q.bind(17, ticket.acknowledged_at);
    q.bind(18, std::int64_t{ticket.reopen_count});
}

void read_page(Reading& reading, char const* page, TicketQuery const& query, TicketStatus status, std::vector<Ticket>& out)
{
    auto q = reading.prepare(page);
    auto constexpr last = std::numeric_limits<std::int64_t>::max();
    q.bind(1, render_status(status));
    q.bind(2, query.before_activity ? to_ms(*query.before_activity) : last);
    q.bind(3, query.before_id ? query.before_id.value : last);
    q.bind(4, std::int64_t{query.limit});
    if (page == page_of_assignee)
        q.bind(5, *query.assignee);
    while (q.step())
        out.push_back(ticket_of(q));
}

void read_pages(Reading& reading, TicketQuery const& query, TicketStatus status, std::vector<Ticket>& out)
{
    if (query.assignee && *query.assignee)
        return read_page(reading, page_of_assignee, query, status, out);
    read_page(reading, page_of_unassigned, query, status, out);
    if (!query.assignee)
        read_page(reading, page_of_assigned, query, status, out);
}

bool reference_taken(Reading& reading, std::string_view digits)
{
    auto q = reading.prepare("SELECT 1 FROM ticket WHERE reference = ?1");
    q.bind(1, digits);
    return q.step();
}

std::int64_t count_tickets(Reading& reading)
{
    // Tickets are never deleted, so the highest number is their count; counting them would read the whole index.
    auto q = reading.prepare("SELECT coalesce(max(ticket_id), 0) FROM ticket");
    return q.step() ? q.integer(0) : 0;
}

} // namespace

std::optional<Ticket> find_ticket(Reading& reading, TicketId id)
{
    auto q = reading.prepare("SELECT " TICKET_COLUMNS "FROM ticket t WHERE t.ticket_id = ?1");
    q.bind(1, id);
    return one_ticket(q);
}

std::optional<Ticket> find_ticket_by_reference(Reading& reading, std::string_view digits)
{
    auto q = reading.prepare("SELECT " TICKET_COLUMNS "FROM ticket t WHERE t.reference = ?1");
    q.bind(1, digits);
    return one_ticket(q);
}

std::string fresh_reference(Reading& reading, std::function<std::uint64_t()> const& dice)
{
    auto const length = reference_length(static_cast<std::uint64_t>(count_tickets(reading)));
    for (int tries = 0; tries < 100; ++tries) {
        auto reference = make_reference(dice(), length);
        if (!reference_taken(reading, reference))
            return reference;
    }
    throw Rollback{{Fault::storage, "no free reference after 100 draws"}};
}

std::vector<Ticket> live_tickets(Reading& reading, ConversationId conversation)
{
    auto q = reading.prepare("SELECT " TICKET_COLUMNS "FROM ticket t WHERE t.conversation_id = ?1 AND t.merged_into IS NULL "
                             "AND t.status IN ('new', 'open', 'pending', 'on_hold') ORDER BY t.ticket_id");
    q.bind(1, conversation);
    return all_tickets(q);
}

std::vector<Ticket> tickets_of(Reading& reading, ConversationId conversation, int limit)
{
    auto q = reading.prepare("SELECT " TICKET_COLUMNS "FROM ticket t WHERE t.conversation_id = ?1 AND t.merged_into IS NULL "
                             "ORDER BY t.ticket_id DESC LIMIT ?2");
    q.bind(1, conversation);
    q.bind(2, std::int64_t{limit});
    return all_tickets(q);
}

std::vector<Ticket> find_tickets(Reading& reading, TicketQuery const& query)
{
    static constexpr std::array every{TicketStatus::new_,    TicketStatus::open,   TicketStatus::pending,
                                      TicketStatus::on_hold, TicketStatus::solved, TicketStatus::closed};
    std::vector<Ticket> out;
    if (query.statuses.empty())
        for (auto const status : every)
            read_pages(reading, query, status, out);
    else
        for (auto const status : query.statuses)
            read_pages(reading, query, status, out);
    std::sort(out.begin(), out.end(), [](Ticket const& a, Ticket const& b) {
        return a.last_activity != b.last_activity ? a.last_activity > b.last_activity : a.id > b.id;
    });
    if (out.size() > static_cast<std::size_t>(query.limit))
        out.resize(static_cast<std::size_t>(query.limit));
    return out;
}

std::vector<Ticket> find_tickets_by_window(Reading& reading, TicketQuery const& query, Timestamp from, ConversationId conversation,
                                           TicketId ticket)
{
    std::string statuses;
    for (auto const status : query.statuses)
        statuses.append(" ").append(render_status(status)).append(" ");
    auto q = reading.prepare(page_by_window);
    q.bind(1, from);
    q.bind(2, conversation.value);
    q.bind(3, ticket.value);
    q.bind(4, std::string_view{statuses});
    q.bind(5, query.assignee.value_or(AgentId{}));
    q.bind(6, std::int64_t{query.assignee ? 0 : 1});
    q.bind(7, std::int64_t{query.limit});
    return all_tickets(q);
}

std::vector<Ticket> follow_ups_of(Reading& reading, TicketId id)
{
    // They stand in the same conversation, but for those that were opened from another chat, and are younger: its index serves.
    auto q = reading.prepare("SELECT " TICKET_COLUMNS "FROM ticket t WHERE t.conversation_id = "
                             "(SELECT conversation_id FROM ticket WHERE ticket_id = ?1) AND t.ticket_id > ?1 "
                             "AND t.follow_up_of = ?1 ORDER BY t.ticket_id");
    q.bind(1, id);
    return all_tickets(q);
}

TicketId insert_ticket(Tx& tx, Ticket const& ticket)
{
    auto q = tx.prepare(
        "INSERT INTO ticket (reference, conversation_id, status, subject, assignee_id, follow_up_of, merged_into, summary, "
        "opened_at_ms, solved_at_ms, solved_notice_at_ms, last_activity_ms, last_step, last_step_at_ms, "
        "unanswered_agent_at_ms, unseen, acknowledged_at_ms, reopen_count) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)");
    q.bind(1, std::string_view{ticket.reference});
    bind_fields(q, ticket);
    q.run();
    TicketId const id{tx.last_insert_id()};
    open_interval(tx, id, ticket.opened_at);
    return id;
}

void save_ticket(Tx& tx, Ticket const& ticket)
{
    for (auto const* sql : {save_in_place, save_all}) {
        auto q = tx.prepare(sql);
        q.bind(1, ticket.id);
        bind_fields(q, ticket);
        if (q.run() > 0)
            return;
    }
}

std::vector<TicketInterval> intervals_of(Reading& reading, Ticket const& ticket)
{
    if (ticket.reopen_count == 0)
        return {{ticket.opened_at, ticket.solved_at}};
    auto q = reading.prepare("SELECT opened_at_ms, solved_at_ms FROM ticket_interval WHERE ticket_id = ?1 ORDER BY opened_at_ms");
    q.bind(1, ticket.id);
    std::vector<TicketInterval> out;
    while (q.step())
        out.push_back({q.time(0), q.maybe_time(1)});
    return out;
}

void open_interval(Tx& tx, TicketId id, Timestamp at)
{
    auto q = tx.prepare("INSERT INTO ticket_interval (ticket_id, opened_at_ms) VALUES (?1, ?2) "
                        "ON CONFLICT (ticket_id, opened_at_ms) DO UPDATE SET solved_at_ms = NULL");
    q.bind(1, id);
    q.bind(2, at);
    q.run();
}

void close_interval(Tx& tx, TicketId id, Timestamp at)
{
    auto q = tx.prepare("UPDATE ticket_interval SET solved_at_ms = ?2 WHERE ticket_id = ?1 AND solved_at_ms IS NULL");
    q.bind(1, id);
    q.bind(2, at);
    q.run();
}

} // namespace deskbridge::store
