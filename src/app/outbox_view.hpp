#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace deskbridge::app {

[[nodiscard]] std::vector<std::string> outbox_row_head();
[[nodiscard]] std::vector<std::string> outbox_row(nlohmann::ordered_json const& intent);
/// What stands above the list: accounts that do not send, and how much is open.
void print_outbox_summary(nlohmann::ordered_json const& page);
/// One message with its whole story.
void print_outbox_detail(nlohmann::ordered_json const& detail);

/// What somebody can do about a message that is not on its way; "" if nothing is needed.
[[nodiscard]] std::string next_step_of(std::string const& delivery, std::string const& message);

} // namespace deskbridge::app
