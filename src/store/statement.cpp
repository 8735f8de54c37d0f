#include "deskbridge/store/statement.hpp"

#include "connection.hpp"

#include <sqlite3.h>

#include <utility>

namespace deskbridge::store {

namespace {

// A null pointer would bind NULL; an empty text is not NULL.
char const* start_of(std::string_view bytes) noexcept
{
    return bytes.data() != nullptr ? bytes.data() : "";
}

} // namespace

Statement::~Statement()
{
    if (stmt_ == nullptr)
        return;
    if (in_use_ == nullptr) {
        sqlite3_finalize(stmt_);
        return;
    }
    reset();
    sqlite3_clear_bindings(stmt_); // they point into the caller's strings
    *in_use_ = false;
}

Statement::Statement(Statement&& other) noexcept
    : connection_{other.connection_}, stmt_{std::exchange(other.stmt_, nullptr)}, in_use_{other.in_use_}, under_way_{other.under_way_}
{
}

void Statement::check(int code)
{
    if (code != SQLITE_OK)
        connection_.fail(code);
}

void Statement::bind_integer(int index, std::int64_t value)
{
    check(sqlite3_bind_int64(stmt_, index, value));
}

void Statement::bind(int index, std::string_view text)
{
    check(sqlite3_bind_text64(stmt_, index, start_of(text), text.size(), nullptr, SQLITE_UTF8));
}

void Statement::bind(int index, std::nullopt_t)
{
    check(sqlite3_bind_null(stmt_, index));
}

void Statement::bind_blob(int index, std::string_view bytes)
{
    check(sqlite3_bind_blob64(stmt_, index, start_of(bytes), bytes.size(), nullptr));
}

bool Statement::step()
{
    under_way_ = true;
    int const code = sqlite3_step(stmt_);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        connection_.fail(code);
    reset();
    return false;
}

std::int64_t Statement::run()
{
    while (step()) {
    }
    return sqlite3_changes64(connection_.handle());
}

void Statement::reset() noexcept
{
    if (std::exchange(under_way_, false))
        sqlite3_reset(stmt_);
}

void Statement::finish()
{
    under_way_ = false;
    check(sqlite3_reset(stmt_));
}

bool Statement::is_null(int column) const
{
    return sqlite3_column_type(stmt_, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(stmt_, column);
}

std::string Statement::text(int column) const
{
    return blob(column);
}

std::string Statement::blob(int column) const
{
    auto const* const bytes = static_cast<char const*>(sqlite3_column_blob(stmt_, column));
    if (bytes == nullptr)
        return {};
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(stmt_, column))};
}

std::optional<std::int64_t> Statement::maybe_integer(int column) const
{
    if (is_null(column))
        return std::nullopt;
    return integer(column);
}

std::optional<std::string> Statement::maybe_text(int column) const
{
    if (is_null(column))
        return std::nullopt;
    return text(column);
}

std::optional<Timestamp> Statement::maybe_time(int column) const
{
    if (is_null(column))
        return std::nullopt;
    return time(column);
}

} // namespace deskbridge::store
