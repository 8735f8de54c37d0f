#include "terminal.hpp"

#include "deskbridge/core/text.hpp"
#include "deskbridge/core/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <clocale>
#include <cwchar>

#include <sys/ioctl.h>
#include <unistd.h>

namespace deskbridge::app {
namespace {

std::size_t width_of(std::string_view grapheme)
{
    static bool const utf8 = std::setlocale(LC_CTYPE, "C.UTF-8") != nullptr;
    std::mbstate_t state{};
    wchar_t wide = 0;
    auto const used = utf8 ? std::mbrtowc(&wide, grapheme.data(), grapheme.size(), &state) : 0;
    if (used == 0 || used > grapheme.size())
        return 1;
    int const width = ::wcwidth(wide);
    return width < 0 ? 0 : static_cast<std::size_t>(width);
}

std::string padded(std::string const& text, std::size_t columns)
{
    return text + std::string(columns - std::min(columns, display_width(text)), ' ');
}

int terminal_columns() noexcept
{
    winsize size{};
    return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 100;
}

} // namespace

bool on_terminal() noexcept
{
    return ::isatty(STDOUT_FILENO) == 1;
}

std::string safe(std::string_view text, bool one_line)
{
    auto out = without_direction_controls(clean_text(text));
    if (one_line)
        std::replace_if(out.begin(), out.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
    return out;
}

void print_paragraph(std::string_view text)
{
    auto const body = safe(text, false);
    for (std::size_t from = 0; from < body.size();) {
        auto const end = std::min(body.find('\n', from), body.size());
        fmt::print("    {}\n", std::string_view{body}.substr(from, end - from));
        from = end + 1;
    }
}

std::size_t display_width(std::string_view text)
{
    std::size_t width = 0;
    for (auto const grapheme : graphemes(text))
        width += width_of(grapheme);
    return width;
}

std::string fit(std::string_view text, std::size_t columns)
{
    if (display_width(text) <= columns)
        return std::string{text};
    std::string out;
    std::size_t width = 1; // of the ellipsis
    for (auto const grapheme : graphemes(text)) {
        width += width_of(grapheme);
        if (width > columns)
            break;
        out += grapheme;
    }
    return out + "…";
}

void print_table(std::vector<std::string> const& head, std::vector<std::vector<std::string>> const& rows)
{
    std::vector<std::size_t> widths(head.size());
    auto const measure = [&](std::vector<std::string> const& row) {
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], display_width(row[i]));
    };
    measure(head);
    std::for_each(rows.begin(), rows.end(), measure);
    auto const print = [&](std::vector<std::string> const& row) {
        std::string line;
        for (std::size_t i = 0; i + 1 < row.size(); ++i)
            line += padded(row[i], widths[i]) + "  ";
        auto const left = static_cast<std::size_t>(std::max(20, terminal_columns() - static_cast<int>(display_width(line)) - 1));
        fmt::print("{}{}\n", line, fit(row.back(), left));
    };
    print(head);
    std::for_each(rows.begin(), rows.end(), print);
}

std::string age_of(std::string_view rfc3339)
{
    auto const at = parse_rfc3339(rfc3339);
    if (!at)
        return {};
    auto const s = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now() - *at).count();
    if (s < 60)
        return "now";
    if (s < 3600)
        return fmt::format("{}m", s / 60);
    return s < 48 * 3600 ? fmt::format("{}h", s / 3600) : fmt::format("{}d", s / 86400);
}

std::string size_text(std::uint64_t bytes)
{
    if (bytes < 1024)
        return fmt::format("{} {}", bytes, bytes == 1 ? "byte" : "bytes");
    constexpr std::uint64_t mebi = 1u << 20;
    return bytes < mebi ? fmt::format("{} KiB", (bytes + 1023) / 1024) : fmt::format("{:.1f} MiB", static_cast<double>(bytes) / mebi);
}

} // namespace deskbridge::app
