#include "fuzz/target.hpp"

#include "core/utf8.hpp"
#include "deskbridge/core/text.hpp"

#include <algorithm>

namespace deskbridge::fuzz {
namespace {

/// What formats a message on the phone, or turns what stands around it.
bool is_mark(UChar32 value)
{
    return value == '*' || value == '_' || value == '~' || value == '`' || is_direction_control(value);
}

bool has_mark(std::string_view text)
{
    bool found = false;
    for_each_code_point(text, [&](CodePoint const& point) { found = found || is_mark(point.value); });
    return found;
}

bool has_control(std::string_view text)
{
    return std::any_of(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
    });
}

/// Quotes, bullets and numbers count where a line begins.
bool opens_block(std::string_view line)
{
    auto const digits = std::min(line.find_first_not_of("0123456789"), line.size());
    bool const numbered = digits > 0 && line.substr(digits).starts_with(". ");
    return numbered || line.starts_with('>') || line.starts_with("- ") || line.starts_with("* ");
}

void check_clean(std::string_view text)
{
    auto const clean = clean_text(text);
    must(!first_malformed(clean) && !has_control(clean), "a cleaned text is not clean");
    must(clean_text(clean) == clean, "cleaning twice is not cleaning once");
    must(first_malformed(text) || has_control(text) || text.find('\r') != std::string_view::npos || clean == text ||
             text.find("\xC2") != std::string_view::npos, "a clean text is changed");
}

void check_neutral(std::string_view text)
{
    auto const line = neutral_line(text);
    must(!first_malformed(line) && !has_mark(line) && line.find('\n') == std::string::npos && !opens_block(line),
         "a neutral line formats something");
    must(neutral_line(line) == line, "neutral twice is not neutral once");
}

void check_folding(std::string_view text)
{
    auto const folded = fold_for_match(text);
    must(!first_malformed(folded) && !folded.starts_with(' ') && !folded.ends_with(' ') && folded.find("  ") == std::string::npos,
         "a folded text has loose spaces");
    must(fold_for_match(folded) == folded, "folding twice is not folding once");
    auto const digits = ascii_digits(text);
    must(ascii_digits(digits) == digits, "digits of digits are others");
}

} // namespace

/// What a customer wrote, or is called.
void text_clean(std::string_view input)
{
    check_clean(input);
    check_neutral(input);
    check_folding(input);
    must(is_blank(input) || !input.empty(), "nothing is something");
    (void)word_count(input.substr(0, 2000), 2000);
    must(isolate(input).size() == input.size() + 6 && isolate_ltr(input).size() == input.size() + 6,
         "an isolated text is another");
}

} // namespace deskbridge::fuzz
