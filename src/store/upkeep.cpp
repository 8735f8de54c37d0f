#include "deskbridge/store/upkeep.hpp"

namespace deskbridge::store {

namespace {

constexpr auto delete_receipts = R"(
    DELETE FROM receipt WHERE receipt_id IN (
      SELECT receipt_id FROM receipt WHERE intent_id IS NULL AND received_at_ms <= ?1 ORDER BY received_at_ms LIMIT ?2))";
constexpr auto delete_sequels = R"(
    DELETE FROM message_parked WHERE rowid IN (
      SELECT rowid FROM message_parked WHERE received_at_ms <= ?1 ORDER BY received_at_ms LIMIT ?2))";

} // namespace

int drop_parked(Tx& tx, Timestamp before, int limit)
{
    int dropped = 0;
    for (auto const* sql : {delete_receipts, delete_sequels}) {
        auto q = tx.prepare(sql);
        q.bind(1, before);
        q.bind(2, limit);
        dropped += static_cast<int>(q.run());
    }
    return dropped;
}

} // namespace deskbridge::store
