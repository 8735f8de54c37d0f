#pragma once

#include "deskbridge/channel/reading.hpp"

namespace deskbridge::signed_http {

using channel::Json;

inline constexpr std::string_view user_kind = "user";   ///< the app's own id of a person
inline constexpr std::string_view phone_kind = "phone"; ///< international digits, without '+'

/// The person at that place: {"id": …, "phone": …, "name": …, "username": …, "country": …}; nullopt if neither id nor phone
/// is there.
[[nodiscard]] std::optional<Sender> person_at(Json const& node, std::string_view pointer);

/// The address as the app reads it; nullopt: of a kind that is not ours.
[[nodiscard]] std::optional<Json> render_person(Address const& address);

} // namespace deskbridge::signed_http
