#pragma once

#include "command_line.hpp"
#include "control_client.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace deskbridge::app {

/// Posts, and tells in one line what came of it; also what the customer was not told. Answers the exit status.
int change(Globals const& globals, std::string const& target, nlohmann::ordered_json const& body, std::string const& done);

/// Tells a person at a terminal, before anything is queued, that the ticket's account sends nothing. False: the ticket could not be
/// looked at, and an error was printed.
[[nodiscard]] bool warn_if_paused(Globals const& globals, ControlClient& client, std::string const& ticket);

/// Brings a file to the daemon; answers its number. nullopt: an error was printed.
[[nodiscard]] std::optional<std::int64_t> bring(ControlClient& client, std::string const& file);

/// The text of -m, or standard input when it is "-" or absent. Throws: WrongUsage (it is no text).
[[nodiscard]] std::string text_of(std::optional<std::string> const& given);

/// -m; `into` must live as long as the command does.
CLI::Option* add_text(CLI::App& sub, std::optional<std::string>& into, char const* meaning);

/// reply and note.
void add_writing_commands(CLI::App& ticket, Globals& globals);

} // namespace deskbridge::app
