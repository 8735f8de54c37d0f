#pragma once

#include "json_reading.hpp"

#include "deskbridge/core/http.hpp"

#include <string>

namespace deskbridge::simulator {

/// A refusal at once: the error body of the Graph API.
/// Source: Meta, WhatsApp Cloud API, "Error codes", read 2026-10.
struct GraphError {
    int code{100};
    std::string details{};
    std::string message{}; ///< instead of the code's own
};

/// An error that comes later, in a status or a message.
struct LateError {
    int code{0};
    std::string details{};
};

/// The provider's own title for a code.
[[nodiscard]] std::string title_of(int code);

[[nodiscard]] Json error_body(GraphError const& error, std::string const& trace_id);
[[nodiscard]] HttpResponse error_response(GraphError const& error);
/// An item of `statuses[].errors` and `messages[].errors`.
[[nodiscard]] Json late_error_item(LateError const& error);

[[nodiscard]] HttpResponse json_response(int status, Json const& body);

} // namespace deskbridge::simulator
