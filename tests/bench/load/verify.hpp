#pragma once

#include "load.hpp"
#include "stand_in.hpp"

#include <filesystem>

namespace bench {

/// What was brought to one database since its first row.
struct Brought {
    Posts const& posts;
    std::vector<bool> answered; ///< per post, as far as they were begun
};

/// Looks into a database that no process has open (the daemon's or the peer's): every message whose post was answered 200 is there, once, in a
/// ticket; nothing else is there; integrity_check is ok. Answers "" or what is wrong.
[[nodiscard]] std::string fault_of(std::filesystem::path const& database, std::vector<Brought> const& brought);

/// The same after messages were sent: each of so many to a customer of its own, accepted at its first attempt, and come to the stand-in once.
[[nodiscard]] std::string fault_of_sends(std::filesystem::path const& database, std::vector<Arrival> const& arrivals, int messages);

} // namespace bench
