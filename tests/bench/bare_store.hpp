#pragma once

#include <filesystem>

namespace bench {

/// Webhooks per second when the store does nothing but write the rows of one: journal, key, message, placement, log.
double bare_store(std::filesystem::path const& file, int webhooks, int writers);

} // namespace bench
