#include "deskbridge/core/text.hpp"

#include "utf8.hpp"

#include <algorithm>
#include <array>

namespace deskbridge {
namespace {

constexpr std::string_view first_strong_isolate = "\u2068";
constexpr std::string_view left_to_right_isolate = "\u2066";
constexpr std::string_view pop_isolate = "\u2069";

/// A character that reads the same and formats nothing; or the character itself.
UChar32 look_alike(UChar32 value) noexcept
{
    switch (value) {
    case '*': return 0x2217; // asterisk operator
    case '_': return 0xFF3F; // fullwidth low line
    case '~': return 0x223C; // tilde operator
    case '`': return 0x02CB; // modifier grave
    default:  return value;
    }
}

/// Quotes, bullets and numbered lists count at the start of a line only.
void disarm_line_start(std::string& line)
{
    if (line.starts_with('>'))
        line.replace(0, 1, "›");
    else if (line.starts_with("- "))
        line.replace(0, 1, "–");
    auto const digits = std::min(line.find_first_not_of("0123456789"), line.size());
    if (digits > 0 && line.substr(digits).starts_with(". "))
        line.replace(digits, 1, "\u2024"); // one dot leader
}

bool is_invisible(std::string_view line)
{
    bool invisible = true;
    for_each_code_point(line, [&](CodePoint const& point) {
        if (!is_white_space(point.value) && u_hasBinaryProperty(point.value, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) == 0)
            invisible = false;
    });
    return invisible;
}

} // namespace

std::string one_line(std::string_view text)
{
    std::string out;
    bool gap = false;
    for_each_code_point(without_direction_controls(clean_text(text)), [&](CodePoint const& point) {
        if (is_white_space(point.value)) { // as a line break is
            gap = true;
            return;
        }
        if (gap && !out.empty())
            out += ' ';
        gap = false;
        append_utf8(out, point.value);
    });
    return is_invisible(out) ? std::string{} : out;
}

std::string neutral_line(std::string_view text)
{
    std::string out;
    for_each_code_point(one_line(text), [&](CodePoint const& point) { append_utf8(out, look_alike(point.value)); });
    disarm_line_start(out);
    return out;
}

std::string without_direction_controls(std::string_view text)
{
    std::string out;
    for_each_code_point(text, [&](CodePoint const& point) {
        if (!is_direction_control(point.value))
            out += text.substr(point.begin, point.end - point.begin);
    });
    return out;
}

std::string isolate(std::string_view text)
{
    return std::string{first_strong_isolate}.append(text).append(pop_isolate);
}

std::string isolate_ltr(std::string_view text)
{
    return std::string{left_to_right_isolate}.append(text).append(pop_isolate);
}

bool is_right_to_left(std::string_view language) noexcept
{
    static constexpr std::array<std::string_view, 9> languages{"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur"};
    auto const base = language.substr(0, language.find('-'));
    return std::find(languages.begin(), languages.end(), base) != languages.end();
}

} // namespace deskbridge
