#pragma once

#include "moment.hpp"

#include <filesystem>
#include <optional>
#include <random>

namespace fault {

/// Power lost while a recovery was under way. Made before the recovery, which then runs with the layer under it: what lay in
/// `folder` and what the record says was done to it give what may lie there when power is lost in the middle.
class RecoveryCut {
public:
    /// @param record  where the layer writes; emptied
    /// @param told    what the outside had been told before
    RecoveryCut(std::filesystem::path folder, std::filesystem::path record, Disk::Promise promise, Told told);

    /// Puts that in the folder's place, once the process has let go of it; answers what the outside had been told by then. Once.
    [[nodiscard]] Told lose_power(std::mt19937_64& dice);

    /// The same once more, at another place; after `lose_power`.
    void leave_again(std::filesystem::path const& into) const;

private:
    std::filesystem::path folder_;
    std::filesystem::path record_;
    Disk::Promise promise_;
    Moment moment_;
    std::optional<Record> recorded_{};
    Cut cut_{};
};

} // namespace fault
