#include "rows.hpp"

#include "binding.hpp"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

namespace bench {

using namespace deskbridge;

namespace {

constexpr auto select_chats = R"(
    SELECT i.value, c.account_id, i.contact_id, c.conversation_id, t.ticket_id FROM identity AS i
    JOIN conversation AS c ON c.contact_id = i.contact_id JOIN ticket AS t ON t.conversation_id = c.conversation_id)";
constexpr auto insert_journal = R"(
    INSERT INTO journal (hook, received_at_ms, body_sha256, headers, retain_until_ms, body)
    VALUES (?1, ?2, zeroblob(32), '{"Content-Type":"application/json"}', ?2 + 2592000000, ?3))";
constexpr auto insert_key = "INSERT INTO inbound_event (account_id, key, kind, journal_id, received_at_ms) VALUES (?1, ?2, 'message', ?3, ?4)";
constexpr auto raise_hour = R"(
    INSERT INTO inbound_hour (account_id, hour_ms, messages, last_at_ms) VALUES (?1, ?2 / 3600000 * 3600000, 1, ?2)
    ON CONFLICT (account_id, hour_ms) DO UPDATE SET messages = messages + 1, last_at_ms = ?2)";
constexpr auto touch_conversation = R"(
    UPDATE conversation SET window_from_ms = ?2 / 1000 * 1000, last_inbound_ms = ?2 WHERE conversation_id = ?1 AND window_minute = ?2 / 60000)";
constexpr auto move_conversation = R"(
    UPDATE conversation SET window_minute = ?2 / 60000, window_from_ms = ?2 / 1000 * 1000, last_inbound_ms = ?2 WHERE conversation_id = ?1)";
constexpr auto touch_ticket = "UPDATE ticket SET last_activity_ms = ?2, version = version + 1 WHERE ticket_id = ?1";
constexpr auto insert_message = R"(
    INSERT INTO message (conversation_id, ticket_id, account_id, direction, actor_kind, actor_id, kind, text, external_id,
                         provider_at_ms, received_at_ms, journal_id)
    VALUES (?1, ?2, ?3, 'in', 'customer', ?4, 'text', ?5, ?6, ?7 / 1000 * 1000, ?7, ?8))";
constexpr auto insert_event = R"(
    INSERT INTO event (type, at_ms, actor_kind, actor_id, account_id, contact_id, conversation_id, ticket_id, message_id, data)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10))";
constexpr auto insert_placement = R"(
    INSERT INTO message_placement (message_id, rule, action, to_ticket_id, candidates, reason, settings_version, actor_kind, at_ms)
    VALUES (?1, 'R4', 'append', ?2, ?3, 'the only candidate: live', 'a1b2c3d4', 'system', ?4))";

std::string_view between(std::string_view text, std::string_view before)
{
    auto const at = text.find(before);
    if (at == std::string_view::npos)
        throw std::runtime_error("not a webhook of this bench");
    auto const rest = text.substr(at + before.size());
    return rest.substr(0, rest.find('"'));
}

int customer_of(std::string_view number)
{
    int customer = 0;
    std::from_chars(number.data() + 5, number.data() + number.size(), customer);
    return customer - 10'000'000; // the inverse of fault::customer_number
}

} // namespace

Webhook read_webhook(std::string_view body)
{
    return {customer_of(between(body, R"("from":")")), between(body, R"(","id":")"), between(body, R"("text":{"body":")"), body};
}

Rows::Rows(store::Reading& reading)
{
    auto q = reading.prepare(select_chats);
    while (q.step()) {
        auto const customer = static_cast<std::size_t>(customer_of(q.text(0)));
        if (chats_.size() <= customer)
            chats_.resize(customer + 1);
        account_ = q.integer(1);
        chats_[customer] = {q.integer(2), q.integer(3), q.integer(4)};
    }
}

void Rows::write(store::Tx& tx, Webhook const& webhook, Timestamp now) const
{
    auto const& chat = chats_.at(static_cast<std::size_t>(webhook.customer));
    {
        auto q = tx.prepare(insert_journal);
        q.bind(1, "support");
        q.bind(2, now);
        q.bind_blob(3, webhook.body);
        q.run();
    }
    auto const journal = tx.last_insert_id();
    auto const key = fmt::format("message:{}", webhook.id);
    run(tx, insert_key, account_, std::string_view{key}, journal, now);
    run(tx, raise_hour, account_, now);
    if (run(tx, touch_conversation, chat.conversation, now) == 0)
        run(tx, move_conversation, chat.conversation, now);
    run(tx, touch_ticket, chat.ticket, now);
    run(tx, insert_message, chat.conversation, chat.ticket, account_, chat.contact, webhook.text, webhook.id, now, journal);
    auto const message = tx.last_insert_id();
    std::string_view const received = R"({"kind":"text","late":false,"matter":true})";
    std::string_view const placed = R"({"action":"append","guess":false,"rule":"R4"})";
    run(tx, insert_event, "message.received", now, "customer", chat.contact, account_, chat.contact, chat.conversation, chat.ticket, message,
        received);
    run(tx, insert_event, "message.placed", now, "system", std::nullopt, account_, chat.contact, chat.conversation, chat.ticket, message, placed);
    auto const candidates = fmt::format(R"([{{"because":"live","ticket":{}}}])", chat.ticket);
    run(tx, insert_placement, message, chat.ticket, std::string_view{candidates}, now);
}

} // namespace bench
