#pragma once

#include "toml_reader.hpp"

#include "deskbridge/simulator/simulator.hpp"

#include <filesystem>
#include <vector>

namespace deskbridge::app {

/// Reads `[[number]]` of a file: `phone_number_id`, `display_phone_number`, `waba_id?`, `business_name?`, `portfolio?`, `hook?`, and the
/// secrets `app_secret?`, `access_token?`, `verify_token?` as a configuration has them. What is wrong is among the problems.
[[nodiscard]] std::vector<simulator::BusinessNumber> read_numbers(std::filesystem::path const& file, Problems& problems);

} // namespace deskbridge::app
