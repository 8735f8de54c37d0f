#include "deskbridge/store/idempotency.hpp"

#include "digest.hpp"

namespace deskbridge::store {

namespace {

constexpr auto select_request = "SELECT request_sha256, body FROM idempotency WHERE actor = ?1 AND key = ?2";
constexpr auto insert_request = R"(
    INSERT INTO idempotency (actor, key, request_sha256, status, body, created_at_ms) VALUES (?1, ?2, ?3, 0, ?4, ?5))";
constexpr auto delete_old = R"(
    DELETE FROM idempotency WHERE (actor, key) IN (
      SELECT actor, key FROM idempotency WHERE created_at_ms <= ?1 ORDER BY created_at_ms LIMIT ?2))";

std::string name_of(Actor actor)
{
    return std::string{render_actor_kind(actor.kind)} + ":" + std::to_string(actor.id);
}

} // namespace

std::optional<std::string> find_repeated(Reading& reading, Repeatable const& request)
{
    auto const actor = name_of(request.actor);
    auto q = reading.prepare(select_request);
    q.bind(1, actor);
    q.bind(2, request.key);
    if (!q.step())
        return std::nullopt;
    if (q.blob(0) != sha256(request.request))
        throw Rollback{{Fault::conflict, "this key was used for another request"}};
    return q.text(1);
}

void remember_request(Tx& tx, Repeatable const& request, std::string_view result, Timestamp now)
{
    auto const actor = name_of(request.actor);
    auto const hash = sha256(request.request);
    auto q = tx.prepare(insert_request);
    q.bind(1, actor);
    q.bind(2, request.key);
    q.bind_blob(3, hash);
    q.bind(4, result);
    q.bind(5, now);
    q.run();
}

int forget_requests(Tx& tx, Timestamp before, int limit)
{
    auto q = tx.prepare(delete_old);
    q.bind(1, before);
    q.bind(2, limit);
    return static_cast<int>(q.run());
}

} // namespace deskbridge::store
