#include "send_rows.hpp"

#include "binding.hpp"

#include "deskbridge/store/account.hpp"
#include "deskbridge/store/outbox.hpp"

#include <algorithm>
#include <stdexcept>

namespace bench {

using namespace deskbridge;

namespace {

constexpr auto select_queued = R"(
    SELECT i.intent_id, i.message_id, i.conversation_id, i.ticket_id, i.account_id, c.address_value, m.text FROM intent AS i
    JOIN conversation AS c ON c.conversation_id = i.conversation_id JOIN message AS m ON m.message_id = i.message_id
    WHERE i.state = 'queued' ORDER BY i.conversation_id)";
constexpr auto select_recipients = R"(
    SELECT c.conversation_id, c.account_id, t.ticket_id FROM conversation AS c JOIN ticket AS t ON t.conversation_id = c.conversation_id
    ORDER BY c.conversation_id LIMIT ?1)";
constexpr auto claim_intent = "UPDATE intent SET state = 'claimed', attempts = 1 WHERE intent_id = ?1";
constexpr auto insert_attempt = R"(
    INSERT INTO attempt (token, intent_id, n, epoch, account_id, address_kind, address_value, begun_at_ms)
    VALUES (?1, ?2, 1, ?3, ?4, 'wa_id', ?5, ?6))";
constexpr auto end_attempt = R"(
    UPDATE attempt SET ended_at_ms = ?2, external_id = ?3, outcome = 'accepted', settled_by = 'answer' WHERE token = ?1)";
constexpr auto accept_intent = "UPDATE intent SET state = 'accepted', settled_at_ms = ?2, external_id = ?3 WHERE intent_id = ?1";
constexpr auto insert_accepted = R"(
    INSERT INTO event (type, at_ms, actor_kind, account_id, conversation_id, ticket_id, message_id, intent_id, data)
    VALUES ('intent.accepted', ?1, 'system', ?2, ?3, ?4, ?5, ?6, '{"from":"claimed"}'))";
constexpr std::size_t queued_at_once = 500;

std::vector<store::Outgoing> render_outgoing(store::Reading& reading, int recipients, Timestamp now)
{
    std::vector<store::Outgoing> all;
    auto q = reading.prepare(select_recipients);
    q.bind(1, std::int64_t{recipients});
    while (q.step()) {
        auto& out = all.emplace_back();
        out.conversation = q.id<ConversationId>(0);
        out.account = q.id<AccountId>(1);
        out.ticket = q.id<TicketId>(2);
        out.actor = {ActorKind::agent, 1};
        out.shown.text = "We have found your parcel; it will be with you on Monday between nine and noon.";
        out.parts = {out.shown};
        out.now = now;
    }
    return all;
}

template <class Job>
void write(store::Store& store, Job const& job)
{
    if (auto const done = store.write_now(job); !done)
        throw std::runtime_error(done.error().detail);
}

} // namespace

std::vector<QueuedSend> queued_sends(store::Reading& reading)
{
    std::vector<QueuedSend> all;
    auto q = reading.prepare(select_queued);
    while (q.step())
        all.push_back({q.integer(0), q.integer(1), q.integer(2), q.integer(3), q.integer(4), q.text(5), q.text(6)});
    return all;
}

int queue_sends(std::filesystem::path const& database, int recipients)
{
    NoLog log;
    Metrics metrics;
    store::StoreSettings settings;
    settings.path = database;
    auto opened = store::Store::open(settings, log, metrics);
    if (!opened)
        throw std::runtime_error(opened.error().detail);
    auto& store = **opened;
    auto const now = our_time();
    std::vector<store::Outgoing> all;
    write(store, [&](store::Tx& tx) {
        all = render_outgoing(tx, recipients, now);
        if (!all.empty())
            (void)store::pause_account(tx, all.front().account, {store::PausedBy::agent, "until it is measured", now}, {ActorKind::agent, 1});
    });
    for (std::size_t from = 0; from < all.size(); from += queued_at_once)
        write(store, [&](store::Tx& tx) {
            for (auto at = from; at < std::min(from + queued_at_once, all.size()); ++at)
                (void)store::queue_message(tx, all[at]);
        });
    return static_cast<int>(all.size());
}

void SendRows::begin(store::Tx& tx, QueuedSend const& send, std::string_view token, Timestamp now) const
{
    run(tx, claim_intent, send.intent);
    run(tx, insert_attempt, token, send.intent, epoch_, send.account, std::string_view{send.number}, now);
}

void SendRows::end(store::Tx& tx, QueuedSend const& send, std::string_view token, std::string_view external_id, Timestamp now) const
{
    run(tx, end_attempt, token, now, external_id);
    run(tx, accept_intent, send.intent, now, external_id);
    run(tx, insert_accepted, now, send.account, send.conversation, send.ticket, send.message, send.intent);
}

} // namespace bench
