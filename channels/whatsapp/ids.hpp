#pragma once

#include "deskbridge/channel/reading.hpp"
#include "deskbridge/core/ids.hpp"
#include "deskbridge/core/outcome.hpp"
#include "deskbridge/core/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::whatsapp {

using channel::Json;

using channel::fingerprint;
using channel::name_at;

/// A message id (wamid), opaque and case-sensitive; none if it was not UTF-8.
[[nodiscard]] std::optional<ExternalMessageId> message_id_at(Json const& node, std::string_view pointer);

/// Unix seconds, or milliseconds from 10^12 on, as text or integer; `otherwise` if it is absent, before 2009 or after 2099.
/// A time in the future stays as it was told: who decides by it asks how much of it is `believed`.
[[nodiscard]] Timestamp time_at(Json const& node, std::string_view pointer, Timestamp otherwise);

/// Where a node names a person. Unused places are "".
struct PersonPlaces {
    std::string_view phone;
    std::string_view user;
    std::string_view parent;
};

/// Who wrote, in a message.
constexpr PersonPlaces author_places{"/from", "/from_user_id", "/from_parent_user_id"};
/// To whom, in what the business wrote.
constexpr PersonPlaces recipient_places{"/to", "/to_user_id", "/to_parent_user_id"};

/// The addresses named, strongest first: bsuid, parent_bsuid, wa_id.
///
/// A phone is digits only (a '+' and the usual separators fall away). Hidden phones come as absent, as "" and as a
/// business-scoped id in the phone's place: the last is taken for what it is.
/// Source: developers.facebook.com, WhatsApp "Business-scoped user IDs" (2026-08); vercel/chat#925 on "".
[[nodiscard]] std::vector<Address> addresses_at(Json const& node, PersonPlaces const& places);

/// Does not add what is there already, and keeps the strongest first.
void add_address(std::vector<Address>& addresses, Address address);

[[nodiscard]] Address const* find_address(std::vector<Address> const& addresses, std::string_view kind) noexcept;

} // namespace deskbridge::whatsapp
