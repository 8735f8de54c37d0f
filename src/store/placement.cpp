#include "deskbridge/store/placement.hpp"

namespace deskbridge::store {
namespace {

#define PLACEMENT_COLUMNS                                                                                                       \
    "SELECT placement_id, message_id, rule, action, from_ticket_id, to_ticket_id, candidates, guess, reason, "                  \
    "settings_version, actor_kind, actor_id, at_ms, undone_at_ms FROM message_placement "

Placement placement_of(Statement const& row)
{
    Placement placement;
    placement.id = row.integer(0);
    placement.message = row.id<MessageId>(1);
    placement.rule = row.text(2);
    placement.action = row.text(3);
    placement.from = row.id<TicketId>(4);
    placement.to = row.id<TicketId>(5);
    placement.candidates = row.text(6);
    placement.guess = row.integer(7) != 0;
    placement.reason = row.text(8);
    placement.settings_version = row.text(9);
    placement.actor = {parse_actor_kind(row.text(10)).value_or(ActorKind::system), row.integer(11)};
    placement.at = row.time(12);
    placement.undone_at = row.maybe_time(13);
    return placement;
}

} // namespace

std::int64_t insert_placement(Tx& tx, Placement const& placement)
{
    auto q = tx.prepare("INSERT INTO message_placement (message_id, rule, action, from_ticket_id, to_ticket_id, candidates, guess, "
                        "reason, settings_version, actor_kind, actor_id, at_ms, undone_at_ms) "
                        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
    q.bind(1, placement.message);
    q.bind(2, std::string_view{placement.rule});
    q.bind(3, std::string_view{placement.action});
    q.bind(4, placement.from);
    q.bind(5, placement.to);
    q.bind(6, std::string_view{placement.candidates});
    q.bind(7, placement.guess);
    q.bind(8, std::string_view{placement.reason});
    q.bind(9, std::string_view{placement.settings_version});
    q.bind(10, render_actor_kind(placement.actor.kind));
    if (placement.actor.id != 0)
        q.bind(11, placement.actor.id);
    else
        q.bind(11, std::nullopt);
    q.bind(12, placement.at);
    q.bind(13, placement.undone_at);
    q.run();
    return tx.last_insert_id();
}

std::vector<Placement> placements_of(Reading& reading, MessageId message)
{
    auto q = reading.prepare(PLACEMENT_COLUMNS "WHERE message_id = ?1 ORDER BY placement_id");
    q.bind(1, message);
    std::vector<Placement> out;
    while (q.step())
        out.push_back(placement_of(q));
    return out;
}

void mark_undone(Tx& tx, std::int64_t placement_id, Timestamp at)
{
    auto q = tx.prepare("UPDATE message_placement SET undone_at_ms = ?2 WHERE placement_id = ?1 AND undone_at_ms IS NULL");
    q.bind(1, placement_id);
    q.bind(2, at);
    q.run();
}

} // namespace deskbridge::store
