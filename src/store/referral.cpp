#include "deskbridge/store/referral.hpp"

namespace deskbridge::store {

void insert_referral(Tx& tx, MessageId message, Referral const& referral)
{
    auto q = tx.prepare("INSERT INTO referral (message_id, source_type, source_id, source_url, headline, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    q.bind(1, message);
    q.bind(2, std::string_view{referral.source_type});
    q.bind(3, std::string_view{referral.source_id});
    q.bind(4, std::string_view{referral.source_url});
    q.bind(5, std::string_view{referral.headline});
    q.bind(6, std::string_view{referral.body});
    q.run();
}

std::vector<ReferredMessage> referrals_of(Reading& reading, TicketId ticket, int limit)
{
    // The ticket's messages lead: an account may live on adverts, and have a referral in every chat.
    auto q = reading.prepare("SELECT m.message_id, m.provider_at_ms, r.source_type, r.source_id, r.source_url, r.headline, r.body "
                             "FROM message m CROSS JOIN referral r ON r.message_id = m.message_id "
                             "WHERE m.ticket_id = ?1 ORDER BY m.message_id LIMIT ?2");
    q.bind(1, ticket);
    q.bind(2, std::int64_t{limit});
    std::vector<ReferredMessage> out;
    while (q.step())
        out.push_back({q.id<MessageId>(0), q.time(1), {q.text(2), q.text(3), q.text(4), q.text(5), q.text(6)}});
    return out;
}

} // namespace deskbridge::store
