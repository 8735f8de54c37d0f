#pragma once

#include "ids.hpp"

#include "deskbridge/core/inbound.hpp"

namespace deskbridge::whatsapp {

/// The `contacts` beside the messages of one webhook value. They are matched by id, never by position: their number and
/// order are not those of the messages, and items may lack anything, even the profile.
/// Source: developers.facebook.com, WhatsApp "messages webhook reference" (2026-08); evolution-api#2573.
class People {
public:
    People() = default;
    explicit People(Json const* contacts);

    /// The person with these addresses, completed by the matching contact: its name, user name and further addresses.
    [[nodiscard]] Sender complete(std::vector<Address> addresses) const;

    /// The only person named, if there is exactly one.
    [[nodiscard]] std::optional<Sender> only() const;

private:
    std::vector<Sender> contacts_;
};

} // namespace deskbridge::whatsapp
