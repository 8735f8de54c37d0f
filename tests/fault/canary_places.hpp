#pragma once

#include "canary.hpp"

#include <deque>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fault {

/// Where bytes were found that the program let out.
struct Place {
    /// What may stand there besides what is nobody's business: nothing, or what customers wrote. Secrets never may.
    enum class May { nothing, customers };
    std::string name;
    May may{May::nothing};
    std::string bytes{};
    std::vector<std::string> proof{}; ///< must be there, or the place was not really looked at
};

class Places {
public:
    /// The place of this name; made empty if there is none.
    Place& at(std::string_view name, Place::May may);
    /// Every file below `folder`, by name; those below one of `without` are left out. The simulator's state, logs, databases, …
    void add_files(std::filesystem::path const& folder, std::vector<std::filesystem::path> const& without);

    /// Counts one expectation for each place and canary, and each place's own proofs.
    void judge(std::vector<Canary> const& canaries) const;
    /// Plants every canary in every disguise into the place of this name: each must be found there, and only then.
    void judge_the_search(std::string_view name, std::vector<Canary> const& canaries) const;
    [[nodiscard]] std::size_t count() const noexcept { return all_.size(); }
    [[nodiscard]] std::size_t bytes() const noexcept;

private:
    std::deque<Place> all_; // callers hold references
};

} // namespace fault
