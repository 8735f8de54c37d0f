#pragma once

#include "graph_error.hpp"
#include "json_reading.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deskbridge::simulator {

/// One message template of the account, as far as sending one is checked.
struct Template {
    std::string name;
    std::string language;
    std::string body; ///< with {{name}} or {{1}} for its parameters
    std::string status{"APPROVED"};
    std::string category{"UTILITY"};
};

/// The templates every simulated account has.
[[nodiscard]] std::vector<Template> const& templates();

/// What is wrong with a template message: 132001 unknown, 132015 paused, 132000 count, 132012 form.
[[nodiscard]] std::optional<GraphError> check_template_use(Json const& content);

/// The text that the customer sees.
[[nodiscard]] std::string render_template(Json const& content);

/// The answer to GET /{account}/message_templates.
[[nodiscard]] Json template_list();

} // namespace deskbridge::simulator
