#include "fields.hpp"
#include "requests.hpp"
#include "shapes.hpp"

namespace deskbridge::api {
namespace {

using nlohmann::ordered_json;

ordered_json address_of(store::Identity const& identity)
{
    return {{"scope", identity.scope},
            {"kind", identity.address.kind},
            {"value", identity.address.value},
            {"valid_from", render_rfc3339(identity.valid_from)},
            {"valid_to", time_or_null(identity.valid_to)},
            {"last_seen_at", render_rfc3339(identity.last_seen)}};
}

ordered_json merged_one(store::MergedContact const& merged)
{
    return {{"id", merged.id.value},
            {"name", merged.name},
            {"username", text_or_null(merged.username)},
            {"at", time_or_null(merged.at)},
            {"because", text_or_null(merged.because)}};
}

} // namespace

void read(net::Request const& request, desk::ShowContact& into, std::vector<FieldError>&)
{
    into.contact = ContactId{number_in_path(request)};
}

ordered_json shape(desk::ContactCard const& card)
{
    auto const& contact = card.contact;
    auto addresses = ordered_json::array();
    for (auto const& identity : card.addresses)
        addresses.push_back(address_of(identity));
    auto merged = ordered_json::array();
    for (auto const& one : card.merged_from)
        merged.push_back(merged_one(one));
    return {{"id", contact.id.value},
            {"name", contact.name},
            {"username", text_or_null(contact.username)},
            {"flagged", text_or_null(contact.flagged)},
            {"language", text_or_null(contact.language.value_or(""))},
            {"stopped_at", time_or_null(contact.stopped_at)},
            {"created_at", render_rfc3339(contact.created_at)},
            {"addresses", std::move(addresses)},
            {"merged_from", std::move(merged)}};
}

ordered_json shape(store::ReferredMessage const& referred)
{
    auto const& referral = referred.referral;
    return {{"message", referred.message.value},
            {"at", render_rfc3339(referred.at)},
            {"source_type", text_or_null(referral.source_type)},
            {"source_id", text_or_null(referral.source_id)},
            {"source_url", text_or_null(referral.source_url)},
            {"headline", text_or_null(referral.headline)},
            {"body", text_or_null(referral.body)}};
}

} // namespace deskbridge::api
