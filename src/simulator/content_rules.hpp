#pragma once

#include "graph_error.hpp"
#include "json_reading.hpp"

#include <optional>
#include <string_view>

namespace deskbridge::simulator {

/// Whether the provider knows this type of message for sending.
[[nodiscard]] bool known_type(std::string_view type) noexcept;

/// What the provider would object to in a message's content; nullopt if nothing.
/// Threads: pure; any thread.
[[nodiscard]] std::optional<GraphError> check_content(std::string_view type, Json const& content);

/// The same for `interactive`.
/// Source: Meta, WhatsApp Cloud API, "Interactive reply buttons", "Interactive lists", "CTA URL", read 2026-10.
[[nodiscard]] std::optional<GraphError> check_interactive(Json const& content);

/// A required text within a limit of UTF-16 units. `name` is the parameter as the provider writes it.
[[nodiscard]] std::optional<GraphError> check_text(Json const* value, std::string_view name, std::size_t max);
/// The same, but it may be absent.
[[nodiscard]] std::optional<GraphError> check_optional_text(Json const* value, std::string_view name, std::size_t max);

[[nodiscard]] GraphError missing(std::string_view name);
[[nodiscard]] GraphError invalid(std::string_view name, std::string_view why);

} // namespace deskbridge::simulator
