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

std::vector<ReferredMessage> referrals_of(Reading& reading, std::vector<MessageId> const& messages)
{
    auto q = reading.prepare("SELECT m.message_id, m.provider_at_ms, r.source_type, r.source_id, r.source_url, r.headline, r.body "
                             "FROM referral r JOIN message m ON m.message_id = r.message_id WHERE r.message_id = ?1");
    std::vector<ReferredMessage> out;
    for (auto const message : messages) {
        q.bind(1, message);
        if (q.step())
            out.push_back({q.id<MessageId>(0), q.time(1), {q.text(2), q.text(3), q.text(4), q.text(5), q.text(6)}});
        q.reset();
    }
    return out;
}

} // namespace deskbridge::store
