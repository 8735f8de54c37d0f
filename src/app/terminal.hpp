#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::app {

/// Is standard output a terminal? Then people read it: tables; else programs do: one JSON object per line.
[[nodiscard]] bool on_terminal() noexcept;

/// A stranger's text as a terminal may have it: no escape sequences, no direction tricks.
[[nodiscard]] std::string safe(std::string_view text, bool one_line = true);

/// Prints a stranger's text as a paragraph, set in.
void print_paragraph(std::string_view text);

/// Columns that `text` takes on a terminal.
[[nodiscard]] std::size_t display_width(std::string_view text);
/// At most `columns` wide; what is cut ends in "…".
[[nodiscard]] std::string fit(std::string_view text, std::size_t columns);

/// Prints rows as a table; the last column takes what width is left.
void print_table(std::vector<std::string> const& head, std::vector<std::vector<std::string>> const& rows);

/// "3m", "2h", "5d": how long ago, for a narrow column; "now" for less than a minute. RFC 3339 in; "" if it is none.
[[nodiscard]] std::string age_of(std::string_view rfc3339);
/// "14 bytes", "240 KiB", "1.5 MiB".
[[nodiscard]] std::string size_text(std::uint64_t bytes);

} // namespace deskbridge::app
