#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

/// A long run in several processes.
namespace fault {

/// One unit of work by its number, and what came of it; nullopt: the process died in it.
using Work = std::function<std::string(std::uint64_t unit)>;
using Take = std::function<bool(std::uint64_t unit, std::optional<std::string> const& result)>;

/// Does units 0, 1, … below `units`, each once, in `jobs` processes at a time (1: in this one), each on a processor of its own.
/// `take` is called here, in no order of the units; with false it ends the run. Each result depends on its unit alone.
void share_out(std::uint64_t units, int jobs, Work const& work, Take const& take);

/// As many as there are processors.
[[nodiscard]] int all_processors();

} // namespace fault
