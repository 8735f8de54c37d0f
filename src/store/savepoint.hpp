#pragma once

#include "deskbridge/store/store.hpp"

#include "connection.hpp"

#include <exception>
#include <functional>

namespace deskbridge::store {

/// Names the type only: what() may quote the input, which may be a customer's.
[[nodiscard]] Error error_of(std::exception const& thrown);

/// Runs `work` so that it happens wholly or not at all, inside the open transaction. Answers why it did not happen.
/// Errors: throws SqliteError when more than this work is lost.
[[nodiscard]] Result<void> run_under_savepoint(Connection& connection, Tx& tx, std::function<void(Tx&)> const& work);

} // namespace deskbridge::store
