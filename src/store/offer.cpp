#include "deskbridge/store/offer.hpp"

#include <nlohmann/json.hpp>

namespace deskbridge::store {
namespace {

#define OFFER_COLUMNS                                                                                                           \
    "SELECT offer_id, nonce, conversation_id, kind, first_message_id, options, offered_at_ms, picked_at_ms FROM offer "

std::string_view render_kind(Offer::Kind kind) noexcept
{
    switch (kind) {
    case Offer::Kind::choice: return "choice";
    case Offer::Kind::something_new: return "something_new";
    case Offer::Kind::status: return "status";
    }
    return {};
}

Offer::Kind kind_of(std::string_view word) noexcept
{
    if (word == "choice")
        return Offer::Kind::choice;
    return word == "status" ? Offer::Kind::status : Offer::Kind::something_new;
}

Offer offer_of(Statement const& row)
{
    Offer offer;
    offer.id = row.integer(0);
    offer.nonce = row.text(1);
    offer.conversation = row.id<ConversationId>(2);
    offer.kind = kind_of(row.text(3));
    offer.first_message = row.id<MessageId>(4);
    auto const options = nlohmann::json::parse(row.text(5), nullptr, false);
    if (options.is_array())
        for (auto const& option : options)
            if (option.is_number_integer())
                offer.options.push_back(TicketId{option.get<std::int64_t>()});
    offer.offered_at = row.time(6);
    offer.picked_at = row.maybe_time(7);
    return offer;
}

} // namespace

std::int64_t insert_offer(Tx& tx, Offer const& offer)
{
    auto options = nlohmann::json::array();
    for (auto const option : offer.options)
        options.push_back(option.value);
    auto const rendered = options.dump();
    auto q = tx.prepare("INSERT INTO offer (nonce, conversation_id, kind, first_message_id, options, offered_at_ms, picked_at_ms) "
                        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    q.bind(1, std::string_view{offer.nonce});
    q.bind(2, offer.conversation);
    q.bind(3, render_kind(offer.kind));
    q.bind(4, offer.first_message);
    q.bind(5, std::string_view{rendered});
    q.bind(6, offer.offered_at);
    q.bind(7, offer.picked_at);
    q.run();
    return tx.last_insert_id();
}

std::optional<Offer> find_offer(Reading& reading, std::string_view nonce)
{
    auto q = reading.prepare(OFFER_COLUMNS "WHERE nonce = ?1");
    q.bind(1, nonce);
    if (!q.step())
        return std::nullopt;
    return offer_of(q);
}

std::optional<Offer> latest_offer(Reading& reading, ConversationId conversation, Timestamp since)
{
    // The index answers max(); in order of another column SQLite would sort, which costs more than all the rest of it.
    auto q = reading.prepare(OFFER_COLUMNS "WHERE offer_id = (SELECT max(offer_id) FROM offer "
                                           "WHERE conversation_id = ?1 AND offered_at_ms >= ?2)");
    q.bind(1, conversation);
    q.bind(2, since);
    if (!q.step())
        return std::nullopt;
    return offer_of(q);
}

std::optional<Offer> latest_offer(Reading& reading, ConversationId conversation, Offer::Kind kind, Timestamp since)
{
    auto q = reading.prepare(OFFER_COLUMNS "WHERE conversation_id = ?1 AND offered_at_ms >= ?2 AND kind = ?3 "
                                           "ORDER BY offer_id DESC LIMIT 1");
    q.bind(1, conversation);
    q.bind(2, since);
    q.bind(3, render_kind(kind));
    if (!q.step())
        return std::nullopt;
    return offer_of(q);
}

void mark_picked(Tx& tx, std::int64_t offer_id, Timestamp at)
{
    auto q = tx.prepare("UPDATE offer SET picked_at_ms = ?2 WHERE offer_id = ?1 AND picked_at_ms IS NULL");
    q.bind(1, offer_id);
    q.bind(2, at);
    q.run();
}

} // namespace deskbridge::store
