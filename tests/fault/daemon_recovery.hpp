#pragma once

#include "mixed_load.hpp"
#include "moment.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace fault {

struct DaemonRecovery {
    std::filesystem::path program{};
    std::filesystem::path layer{};
    std::filesystem::path scratch{};
    std::uint64_t cut_short{0}; ///< so often power is lost again while the daemon starts on the image, or ends
};

/// One image through the whole daemon: it gets ready, takes everything again, and nothing is there twice. Answers what did not hold.
[[nodiscard]] std::vector<std::string> recover_by_daemon(DaemonRecovery const& order, Record const& record, MixedLoad& load, Cut const& cut);

} // namespace fault
