#include "deskbridge/store/reach.hpp"

namespace deskbridge::store {

namespace {

constexpr auto upsert_reach = R"(
    INSERT INTO reach (account_id, kind, value, barrier, told_at_ms) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (account_id, kind, value) DO UPDATE SET barrier = excluded.barrier, told_at_ms = excluded.told_at_ms
    WHERE excluded.told_at_ms >= reach.told_at_ms)";
constexpr auto select_barrier = R"(
    SELECT barrier, told_at_ms FROM reach
    WHERE account_id = ?1 AND kind = ?2 AND value IN (?3, ?4) AND barrier IS NOT NULL ORDER BY told_at_ms DESC LIMIT 1)";

} // namespace

void note_reach(Tx& tx, AccountId account, ReachNews const& news, Timestamp told_at)
{
    std::optional<std::string> barrier;
    if (news.barrier)
        barrier = render_barrier(*news.barrier);
    auto q = tx.prepare(upsert_reach);
    q.bind(1, account);
    q.bind(2, std::string_view{news.address.kind});
    q.bind(3, std::string_view{news.address.value});
    q.bind(4, barrier);
    q.bind(5, told_at);
    q.run();
}

std::optional<StandingBarrier> find_barrier(Reading& reading, AccountId account, Address const& address)
{
    auto const slash = address.value.find('/');
    auto const beginning = slash == std::string::npos ? address.value : address.value.substr(0, slash + 1);
    auto q = reading.prepare(select_barrier);
    q.bind(1, account);
    q.bind(2, std::string_view{address.kind});
    q.bind(3, std::string_view{address.value});
    q.bind(4, std::string_view{beginning});
    if (!q.step())
        return std::nullopt;
    auto const barrier = parse_barrier(q.text(0));
    return barrier ? std::optional{StandingBarrier{*barrier, q.time(1)}} : std::nullopt;
}

} // namespace deskbridge::store
