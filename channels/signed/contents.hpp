#pragma once

#include "deskbridge/channel/reading.hpp"

namespace deskbridge::signed_http {

using channel::Json;

/// A message while it is being read: `details` gathers what has no field, and becomes JSON at the end.
struct Draft {
    InboundMessage message;
    Json details = Json::object();
};

/// Fills in what a message of this kind says. False: not of a kind, or not of the shape, that we understand; the draft may
/// then be half filled and is for a placeholder.
[[nodiscard]] bool read_content(Json const& data, std::string_view kind, Draft& draft);

// The parts of read_content that are in files of their own.
[[nodiscard]] bool read_cards(Json const& data, Draft& draft);
[[nodiscard]] bool read_answers(Json const& data, Draft& draft);
[[nodiscard]] bool read_order(Json const& data, Draft& draft);

/// The item, or every item of the list, at that place.
[[nodiscard]] std::vector<Json const*> items_at(Json const& node, std::string_view pointer);

} // namespace deskbridge::signed_http
