#include "deskbridge/store/reply_window.hpp"

namespace deskbridge::store {

// The index tells of all but those of the first minute. Beside it an account has a plus, or the planner takes an index by account and reads
// every conversation.
#define BEGUN_AFTER "window_minute >= ?1 / 60000 AND (window_minute > ?1 / 60000 OR window_from_ms > ?1)"

std::int64_t window_minute(Timestamp from) noexcept
{
    return to_ms(from) / 60'000;
}

std::vector<WindowBegin> windows_begun(Reading& reading, WindowBegin const& after, Timestamp until, int limit)
{
    auto q = reading.prepare("SELECT window_minute, conversation_id, account_id FROM conversation "
                             "WHERE (window_minute, conversation_id) > (?1, ?2) AND window_minute < ?3 / 60000 "
                             "ORDER BY window_minute, conversation_id LIMIT ?4");
    q.bind(1, after.minute);
    q.bind(2, after.conversation.value);
    q.bind(3, until);
    q.bind(4, std::int64_t{limit});
    std::vector<WindowBegin> out;
    while (q.step())
        out.push_back({q.integer(0), q.id<ConversationId>(1), q.id<AccountId>(2)});
    return out;
}

bool wrote_elsewhere(Reading& reading, ConversationId conversation)
{
    auto q = reading.prepare("SELECT purpose FROM message WHERE conversation_id = ?1 AND purpose <> 'history' AND direction = 'in' "
                             "AND actor_kind = 'customer' ORDER BY message_id DESC LIMIT 1");
    q.bind(1, conversation);
    return q.step() && q.text(0) == "standby";
}

std::map<AccountId, std::int64_t> count_windows(Reading& reading, Timestamp from)
{
    auto q = reading.prepare("SELECT account_id, count(*) FROM conversation WHERE " BEGUN_AFTER " GROUP BY +account_id");
    q.bind(1, from);
    std::map<AccountId, std::int64_t> out;
    while (q.step())
        out.emplace(q.id<AccountId>(0), q.integer(1));
    return out;
}

std::map<std::string, std::int64_t> count_windows_by_kind(Reading& reading, AccountId account, Timestamp from)
{
    auto q = reading.prepare("SELECT address_kind, count(*) FROM conversation WHERE " BEGUN_AFTER " AND +account_id = ?2 GROUP BY address_kind");
    q.bind(1, from);
    q.bind(2, account);
    std::map<std::string, std::int64_t> out;
    while (q.step())
        out.emplace(q.text(0), q.integer(1));
    return out;
}

std::optional<WindowWalk> find_window_walk(Reading& reading, std::chrono::seconds window, std::chrono::seconds left)
{
    auto q = reading.prepare("SELECT minute, conversation_id FROM window_walk WHERE window_s = ?1 AND left_s = ?2");
    q.bind(1, std::int64_t{window.count()});
    q.bind(2, std::int64_t{left.count()});
    if (!q.step())
        return std::nullopt;
    return WindowWalk{window, left, {q.integer(0), q.id<ConversationId>(1), {}}};
}

void save_window_walk(Tx& tx, WindowWalk const& walk)
{
    auto q = tx.prepare("INSERT INTO window_walk (window_s, left_s, minute, conversation_id) VALUES (?1, ?2, ?3, ?4) "
                        "ON CONFLICT (window_s, left_s) DO UPDATE SET minute = excluded.minute, conversation_id = excluded.conversation_id");
    q.bind(1, std::int64_t{walk.window.count()});
    q.bind(2, std::int64_t{walk.left.count()});
    q.bind(3, walk.last.minute);
    q.bind(4, walk.last.conversation.value);
    q.run();
}

} // namespace deskbridge::store
