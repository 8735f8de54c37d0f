#pragma once

#include "deskbridge/core/ids.hpp"
#include "deskbridge/core/time.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct sqlite3_stmt;

namespace deskbridge::store {

class Connection;

/// A prepared statement out of a connection's cache, reset when it goes out of scope. Used inside `src/store` only.
///
///     constexpr auto status_of = "SELECT status FROM ticket WHERE ticket_id = ?1";
///     auto q = tx.prepare(status_of);
///     q.bind(1, id);
///     if (q.step()) status = q.text(0);
///
/// Binding text or blobs copies nothing: the bytes must live until the next `step()` has returned (rvalue strings are
/// refused by overload). Errors: throws the store's private exception, which rolls back the job (see `Store`).
class Statement {
public:
    /// `in_use`: the cache's mark, taken away at the end; null: the statement is nobody else's and ends with this.
    Statement(Connection& connection, sqlite3_stmt* stmt, bool* in_use) noexcept
        : connection_{connection}, stmt_{stmt}, in_use_{in_use}
    {
    }
    ~Statement();
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;

    template <std::integral T> // also bool: 0 or 1
    void bind(int index, T value)
    {
        bind_integer(index, static_cast<std::int64_t>(value));
    }
    void bind(int index, std::string_view text);
    void bind(int index, std::string&& text) = delete;
    void bind(int index, char const* text) { bind(index, std::string_view{text}); }
    void bind(int index, std::nullopt_t);
    void bind(int index, Timestamp at) { bind(index, to_ms(at)); }
    void bind_blob(int index, std::string_view bytes);
    template <class Tag>
    void bind(int index, Id<Tag> id)
    {
        if (id)
            bind_integer(index, id.value);
        else
            bind(index, std::nullopt);
    }
    template <std::same_as<std::string> T>
    void bind(int index, std::optional<T>&& text) = delete;
    template <class T>
    void bind(int index, std::optional<T> const& value)
    {
        if (value)
            bind(index, *value);
        else
            bind(index, std::nullopt);
    }

    /// True while there is a row. After false the statement is reset.
    bool step();
    /// For statements whose rows do not matter: runs to the end; answers the number of rows changed.
    std::int64_t run();
    void reset() noexcept;
    /// Ends it after a row that was enough, and reports what only the end of a statement meets: a pragma that writes commits there.
    void finish();

    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] bool boolean(int column) const { return integer(column) != 0; }
    [[nodiscard]] std::string text(int column) const; ///< NULL reads as ""
    [[nodiscard]] std::string blob(int column) const;
    [[nodiscard]] std::optional<std::int64_t> maybe_integer(int column) const;
    [[nodiscard]] std::optional<std::string> maybe_text(int column) const;
    [[nodiscard]] Timestamp time(int column) const { return from_ms(integer(column)); }
    [[nodiscard]] std::optional<Timestamp> maybe_time(int column) const;
    template <class IdType>
    [[nodiscard]] IdType id(int column) const ///< NULL reads as no row
    {
        return IdType{integer(column)};
    }

private:
    void bind_integer(int index, std::int64_t value);
    void check(int code);

    Connection& connection_;
    sqlite3_stmt* stmt_;
    bool* in_use_;
    bool under_way_{false}; ///< has been stepped and not reset since
};

} // namespace deskbridge::store
