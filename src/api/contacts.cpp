#include "fields.hpp"
#include "requests.hpp"
#include "shapes.hpp"

#include "deskbridge/core/text.hpp"

#include <fmt/format.h>

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

ordered_json marketing_one(store::MarketingWord const& word)
{
    return {{"account", word.account},
            {"wanted", word.choice.wanted},
            {"source", store::render_marketing_source(word.choice.source)},
            {"told_at", render_rfc3339(word.choice.told_at)}};
}

ordered_json record_of(store::Contact const& contact)
{
    return {{"id", contact.id.value},
            {"name", contact.name},
            {"username", text_or_null(contact.username)},
            {"flagged", text_or_null(contact.flagged)},
            {"language", text_or_null(contact.language.value_or(""))},
            {"stopped_at", time_or_null(contact.stopped_at)},
            {"created_at", render_rfc3339(contact.created_at)}};
}

} // namespace

void read(net::Request const& request, desk::ListContacts& into, std::vector<FieldError>& errors)
{
    auto const& target = request.http.target;
    into.search = query_parameter(target, "search").value_or("");
    if (into.search.size() > max_word)
        errors.push_back({"search", fmt::format("is longer than {} bytes", max_word)});
    if (first_malformed(into.search))
        errors.push_back({"search", "is not UTF-8"});
    into.after = query_parameter(target, "after").value_or("");
    into.limit = static_cast<int>(whole_number(request, "limit", 50, {1, 200}, errors));
}

void read(net::Request const& request, desk::ShowContact& into, std::vector<FieldError>&)
{
    into.contact = ContactId{number_in_path(request)};
}

ordered_json shape(desk::ContactCard const& card)
{
    auto addresses = ordered_json::array();
    for (auto const& identity : card.addresses)
        addresses.push_back(address_of(identity));
    auto merged = ordered_json::array();
    for (auto const& one : card.merged_from)
        merged.push_back(merged_one(one));
    auto marketing = ordered_json::array();
    for (auto const& word : card.marketing)
        marketing.push_back(marketing_one(word));
    auto json = record_of(card.contact);
    json["addresses"] = std::move(addresses);
    json["merged_from"] = std::move(merged);
    json["marketing"] = std::move(marketing);
    return json;
}

ordered_json shape(desk::ContactPage const& page)
{
    auto data = ordered_json::array();
    for (auto const& row : page.contacts) {
        auto json = record_of(row.contact);
        json["wrote_at"] = time_or_null(row.place.wrote_at);
        auto& addresses = json["addresses"] = ordered_json::array();
        for (auto const& identity : row.addresses)
            addresses.push_back(address_of(identity));
        data.push_back(std::move(json));
    }
    return {{"data", std::move(data)}, {"page", {{"next", text_or_null(page.next)}, {"has_more", !page.next.empty()}}}};
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
