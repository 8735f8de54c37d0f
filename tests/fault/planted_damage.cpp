#include "planted_damage.hpp"

#include "database.hpp"

#include <fmt/format.h>

#include <array>

namespace fault {
namespace {

constexpr std::array damages{
    "DELETE FROM message_placement WHERE placement_id = (SELECT max(placement_id) FROM message_placement)",
    "UPDATE message_placement SET to_ticket_id = NULL WHERE placement_id = 1",
    "DELETE FROM inbound_event WHERE key = (SELECT max(key) FROM inbound_event)",
    "UPDATE inbound_event SET state = 'shelved' WHERE key = (SELECT max(key) FROM inbound_event)",
    "UPDATE journal SET body = NULL WHERE journal_id = 1",
    "UPDATE journal SET body = x'7b7d' WHERE journal_id = (SELECT max(journal_id) FROM message)",
    "DELETE FROM journal WHERE journal_id = 1",
    "DELETE FROM ticket_interval WHERE ticket_id = 1",
    "UPDATE ticket SET status = 'solved' WHERE ticket_id = (SELECT max(ticket_id) FROM ticket WHERE status = 'open')",
    "DELETE FROM event WHERE seq = 5",
    "DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)",
    "DELETE FROM message WHERE message_id = (SELECT max(message_id) FROM message WHERE direction = 'in')",
    "DELETE FROM message WHERE message_id = (SELECT max(message_id) FROM message WHERE class = 'agent')",
    "DELETE FROM receipt WHERE receipt_id = (SELECT max(receipt_id) FROM receipt)",
    "DELETE FROM intent WHERE intent_id = 1",
    "UPDATE intent SET attempts = attempts + 1 WHERE intent_id = 1",
    "UPDATE intent SET state = 'claimed' WHERE intent_id = 1",
    "DELETE FROM attempt WHERE token = (SELECT min(token) FROM attempt)",
    "UPDATE attempt SET outcome = NULL WHERE token = (SELECT min(token) FROM attempt)",
    "DELETE FROM idempotency",
    "UPDATE media SET size_bytes = size_bytes + 1 WHERE media_id = (SELECT max(media_id) FROM media WHERE state = 'fetched')",
    "UPDATE media SET sha256 = replace(sha256, substr(sha256, -1), 'x') WHERE media_id = (SELECT max(media_id) FROM media WHERE state = 'fetched')",
    "DELETE FROM identity WHERE identity_id = 1",
    "DELETE FROM conversation WHERE conversation_id = 1",
    "UPDATE message SET text = (SELECT min(text) FROM message WHERE class = 'agent') WHERE message_id = (SELECT max(message_id) FROM message WHERE class = 'agent')",
};

} // namespace

std::size_t planted_damages() noexcept
{
    return damages.size();
}

std::vector<std::string> overlooked_damage(std::filesystem::path const& database, MixedLoad const& load, Told const& told)
{
    std::vector<std::string> overlooked;
    auto const copy = database.parent_path() / "damaged.db";
    for (std::size_t i = 0; i < planted_damages(); ++i) {
        std::filesystem::copy_file(database, copy, std::filesystem::copy_options::overwrite_existing);
        {
            Database const db{copy};
            (void)db.rows(damages[i]);
        }
        if (judge_image(copy, load, told).failures.empty())
            overlooked.push_back(fmt::format("the judge overlooks: {}", damages[i]));
    }
    return overlooked;
}

} // namespace fault
