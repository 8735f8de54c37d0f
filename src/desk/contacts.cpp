#include "paging.hpp"
#include "work.hpp"

#include "deskbridge/core/ascii.hpp"
#include "deskbridge/core/text.hpp"

#include <algorithm>

namespace deskbridge::desk {
namespace {

/// A number as people type it, "+49 (151) 23-45", is searched for by its digits; anything else as it stands.
std::string address_part(std::string_view typed)
{
    auto plain = ascii_digits(one_line(typed));
    if (plain.find_first_not_of("0123456789+-()/. ") == std::string::npos)
        std::erase_if(plain, [](char c) { return c < '0' || c > '9'; });
    std::transform(plain.begin(), plain.end(), plain.begin(), lower_ascii);
    return plain;
}

std::string render_place(store::ContactPlace const& place)
{
    if (!place.wrote_at)
        return std::to_string(place.contact.value);
    return std::to_string(to_ms(*place.wrote_at)) + "." + std::to_string(place.conversation.value);
}

store::ContactPlace place_of(std::string const& after)
{
    if (after.find('.') == std::string::npos)
        return {std::nullopt, {}, {numbers_in<1>(after).front()}};
    auto const [wrote_at, conversation] = numbers_in<2>(after);
    return {from_ms(wrote_at), {conversation}, {}};
}

} // namespace

std::optional<ContactCard> contact_card(store::Reading& reading, ContactId id)
{
    auto contact = store::find_contact(reading, id);
    if (!contact)
        return std::nullopt;
    ContactCard card{std::move(*contact), {}, {}, {}};
    card.addresses = store::identities_of(reading, card.contact.id);
    card.merged_from = store::merged_into(reading, card.contact.id);
    card.marketing = store::marketing_choices(reading, card.contact.id);
    return card;
}

ContactCard look(Look const& look, ShowContact const& request)
{
    auto card = contact_card(look.reading, request.contact);
    if (!card)
        fail(Fault::not_found, "there is no such contact");
    return std::move(*card);
}

ContactPage look(Look const& look, ListContacts const& request)
{
    auto const limit = std::clamp(request.limit, 1, max_page);
    store::ContactQuery query;
    query.limit = limit + 1; // the one beyond tells that there are more
    query.name = fold_for_match(request.search);
    query.address = address_part(request.search);
    if (!request.after.empty())
        query.after = place_of(request.after);
    ContactPage page;
    if (query.name.empty() && query.address.empty() && !is_blank(request.search))
        return page; // "?": nobody's name has anything of it
    page.contacts = store::find_contacts(look.reading, query);
    if (page.contacts.size() > static_cast<std::size_t>(limit)) {
        page.contacts.pop_back();
        page.next = render_place(page.contacts.back().place);
    }
    return page;
}

} // namespace deskbridge::desk
