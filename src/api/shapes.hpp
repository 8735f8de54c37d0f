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
[[nodiscard]] nlohmann::ordered_json shape(store::BroughtFile const& brought);
[[nodiscard]] nlohmann::ordered_json shape(std::vector<store::Agent> const& agents);
[[nodiscard]] nlohmann::ordered_json shape(store::LoggedEvent const& event);

// contacts.cpp
[[nodiscard]] nlohmann::ordered_json shape(desk::ContactPage const& page);
[[nodiscard]] nlohmann::ordered_json shape(desk::ContactCard const& card);
[[nodiscard]] nlohmann::ordered_json shape(store::ReferredMessage const& referred);

// health.cpp
[[nodiscard]] nlohmann::ordered_json shape(desk::MonthCosts const& costs);
[[nodiscard]] nlohmann::ordered_json shape(desk::AccountHealth const& health);

// templates.cpp
[[nodiscard]] nlohmann::ordered_json shape(desk::TemplateCard const& card);
[[nodiscard]] nlohmann::ordered_json shape(std::vector<desk::TemplateCard> const& cards);
[[nodiscard]] nlohmann::ordered_json shape(desk::TemplateListState const& state);
[[nodiscard]] nlohmann::ordered_json shape(desk::TemplatePage const& page);

// operation_shapes.cpp
[[nodiscard]] nlohmann::ordered_json shape(desk::OutboxList const& list);
[[nodiscard]] nlohmann::ordered_json shape(desk::OutboxDetail const& detail);
[[nodiscard]] nlohmann::ordered_json shape(store::AccountRow const& account);
[[nodiscard]] nlohmann::ordered_json shape(std::vector<desk::AccountCard> const& accounts);
[[nodiscard]] nlohmann::ordered_json shape(desk::ShelfPage const& page);
[[nodiscard]] nlohmann::ordered_json shape(store::ShelfLine const& line);
[[nodiscard]] nlohmann::ordered_json shape(store::JournalRow const& row);
[[nodiscard]] nlohmann::ordered_json shape(store::JournalPage const& page);
[[nodiscard]] nlohmann::ordered_json shape(desk::ReplayAnswer const& answer);
[[nodiscard]] nlohmann::ordered_json shape(store::BackupProgress const& progress);

[[nodiscard]] nlohmann::ordered_json time_or_null(std::optional<Timestamp> at);
[[nodiscard]] nlohmann::ordered_json pause_or_null(std::optional<store::Pause> const& pause);
[[nodiscard]] nlohmann::ordered_json text_or_null(std::string const& text);
[[nodiscard]] nlohmann::ordered_json parsed_or_null(std::string const& json);
template <class Tag>
[[nodiscard]] nlohmann::ordered_json id_or_null(Id<Tag> id)
{
    return id ? nlohmann::ordered_json(id.value) : nlohmann::ordered_json{};
}

/// As JSON text; malformed UTF-8 is replaced, never thrown about.
[[nodiscard]] std::string dump(nlohmann::ordered_json const& json);

} // namespace deskbridge::api
