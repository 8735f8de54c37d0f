#include "work.hpp"

namespace deskbridge::desk {

std::optional<ContactCard> contact_card(store::Reading& reading, ContactId id)
{
    auto contact = store::find_contact(reading, id);
    if (!contact)
        return std::nullopt;
    ContactCard card{std::move(*contact), {}, {}};
    card.addresses = store::identities_of(reading, card.contact.id);
    card.merged_from = store::merged_into(reading, card.contact.id);
    return card;
}

ContactCard look(Look const& look, ShowContact const& request)
{
    auto card = contact_card(look.reading, request.contact);
    if (!card)
        fail(Fault::not_found, "there is no such contact");
    return std::move(*card);
}

} // namespace deskbridge::desk
