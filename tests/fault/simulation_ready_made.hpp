#pragma once

#include "deskbridge/channel/account_context.hpp"

#include <filesystem>
#include <memory>

/// What no seed changes, made once for all of them.
namespace deskbridge::test::sim {

/// The n-th number of WhatsApp's.
/// @param keeps  a template is configured for closed reply windows.
/// @param hold   receipts prove nothing, and only people settle what is unknown.
[[nodiscard]] std::unique_ptr<channel::AccountContext> make_account(int n, bool keeps, bool hold);

/// Puts a database there of which the daemon's own store has made the tables, and nothing else.
void place_empty_database(std::filesystem::path const& file);

/// SQLite without its locks: no connection here is used by two threads at once, and nobody asks how much memory is used.
/// Before anything else: SQLite must not be in use yet. Scratch folders go into memory: a crash here is one of the process.
void prepare_process();

} // namespace deskbridge::test::sim
