#include "savepoint.hpp"

#include "deskbridge/core/thrown.hpp"

#include <sqlite3.h>

#include <exception>

namespace deskbridge::store {

namespace {

constexpr auto open_savepoint = "SAVEPOINT job";
constexpr auto keep_savepoint = "RELEASE job";
constexpr auto undo_savepoint = "ROLLBACK TO job";

Error undo(Connection& connection, std::int64_t event_seq, Error why)
{
    connection.prepare(undo_savepoint).run();
    connection.prepare(keep_savepoint).run();
    connection.event_seq = event_seq;
    return why;
}

} // namespace

Error error_of(std::exception const& thrown)
{
    return {Fault::storage, "a job threw " + type_of(thrown)};
}

Result<void> run_under_savepoint(Connection& connection, Tx& tx, std::function<void(Tx&)> const& work)
{
    auto const event_seq = connection.event_seq;
    connection.prepare(open_savepoint).run();
    try {
        work(tx);
    } catch (Rollback const& asked) {
        return undo(connection, event_seq, asked.error);
    } catch (SqliteError const& error) {
        if (error.reach() != SqliteError::Reach::job)
            throw;
        return undo(connection, event_seq, error.as_error());
    } catch (std::exception const& thrown) {
        return undo(connection, event_seq, error_of(thrown));
    }
    if (!connection.in_transaction())
        throw SqliteError{SQLITE_ABORT_ROLLBACK, "the transaction was lost inside a job"};
    connection.prepare(keep_savepoint).run();
    return {};
}

} // namespace deskbridge::store
