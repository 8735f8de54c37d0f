#pragma once

#include "command.hpp"
#include "control_client.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the daemon is asked for.
namespace deskbridge::app {

using Parameters = std::vector<std::pair<std::string_view, std::string>>;

/// "/v1/tickets" with what is to be found there; parameters without a value are left out.
[[nodiscard]] std::string target_of(std::string path, Parameters const& parameters);

/// The path of a ticket, named by "1042", "#1042" or a reference, or of what belongs to it ("/notes").
[[nodiscard]] std::string ticket_target(std::string const& ticket, std::string_view rest = {});
[[nodiscard]] std::string message_target(std::int64_t message, std::string_view rest = {});

/// Values of a template, "key=value" each, as the daemon takes them. Throws: WrongUsage.
[[nodiscard]] nlohmann::ordered_json values_of(std::vector<std::string> const& parameters);

/// Fetches a list page by page, as many entries as `limit` allows. True: there are more; nullopt: an error was printed.
[[nodiscard]] std::optional<bool> for_each_page(ControlClient& client, std::string const& first, Limit const& limit,
                                                std::function<void(nlohmann::ordered_json const& page)> const& take);

} // namespace deskbridge::app
