#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace deskbridge::app {

/// A row of `ticket ls`.
[[nodiscard]] std::vector<std::string> ticket_row(nlohmann::ordered_json const& ticket);
[[nodiscard]] std::vector<std::string> ticket_row_head();

/// `ticket show`: head and timeline; `why` adds which rule placed each message, and what else came into question.
void print_ticket(nlohmann::ordered_json const& ticket, bool why);

/// One line of `ticket watch`.
void print_event(nlohmann::ordered_json const& event);

} // namespace deskbridge::app
