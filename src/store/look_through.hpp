#pragma once

#include "connection.hpp"

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>

namespace deskbridge::store {

/// How long one may look. It is called on a thread of its own, again and again: with true time is over, and what is being read is broken off;
/// it answers false as soon as a stop is requested, for then there is nothing left to break off.
using Patience = std::function<bool(std::stop_token const&)>;
/// Over after so long.
[[nodiscard]] Patience patience_of(std::chrono::milliseconds limit);

struct Looked {
    std::string found{"ok"}; ///< else what is wrong
    bool complete{true};
};
/// Looks for what a broken disk left behind, in the order of the tables. Errors: throws SqliteError.
[[nodiscard]] Looked look_through(Connection& connection, Patience const& patience);

} // namespace deskbridge::store
