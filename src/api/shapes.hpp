#pragma once

#include "deskbridge/desk/use_cases.hpp"
#include "deskbridge/store/event_log.hpp"

#include <nlohmann/json.hpp>

namespace deskbridge::api {

// The resources as JSON; their shapes are those of schemas/openapi.yaml.

[[nodiscard]] nlohmann::ordered_json shape(store::Agent const& agent);
[[nodiscard]] nlohmann::ordered_json shape(desk::TicketCard const& card);
[[nodiscard]] nlohmann::ordered_json shape(desk::TicketPage const& page);
[[nodiscard]] nlohmann::ordered_json shape(desk::TicketDetail const& detail);
[[nodiscard]] nlohmann::ordered_json shape(store::Placement const& placement);
[[nodiscard]] nlohmann::ordered_json shape(store::TimelineItem const& item);
[[nodiscard]] nlohmann::ordered_json shape(std::vector<store::Agent> const& agents);
[[nodiscard]] nlohmann::ordered_json shape(store::LoggedEvent const& event);

/// As JSON text; malformed UTF-8 is replaced, never thrown about.
[[nodiscard]] std::string dump(nlohmann::ordered_json const& json);

} // namespace deskbridge::api
