#include "fuzz/target.hpp"

#include "core/utf8.hpp"
#include "deskbridge/core/text.hpp"

#include <algorithm>
#include <set>

namespace deskbridge::fuzz {
namespace {

bool is_white(std::string_view text)
{
    bool white = true;
    for_each_code_point(text, [&](CodePoint const& point) { white = white && is_white_space(point.value); });
    return white;
}

/// Where a reader could cut: the bytes at which a grapheme begins, and its end.
std::set<std::size_t> cuts_of(std::string_view text, std::size_t max_units)
{
    std::set<std::size_t> cuts{text.size()};
    std::size_t at = 0;
    for (auto const grapheme : graphemes(text)) {
        cuts.insert(at);
        if (utf16_units(grapheme) > max_units)
            for_each_code_point(grapheme, [&](CodePoint const& point) { cuts.insert(at + point.begin); });
        at += grapheme.size();
    }
    must(at == text.size(), "the graphemes are not the text");
    return cuts;
}

/// The parts are the text, in order; only white space is missing, and only between them.
void check_parts(std::string_view text, std::size_t max_units)
{
    auto const cuts = cuts_of(text, max_units);
    std::size_t at = 0;
    for (auto const& part : split_text(text, max_units)) {
        must(!part.empty() && utf16_units(part) <= max_units, "a part is empty or too long");
        // Where a grapheme begins: bytes that are no text are found within white space, too.
        auto const found = std::find_if(cuts.lower_bound(at), cuts.end(), [&](std::size_t cut) { return text.substr(cut).starts_with(part); });
        auto const begin = found == cuts.end() ? std::string_view::npos : *found;
        must(begin != std::string_view::npos && is_white(text.substr(at, begin - at)), "something got lost between two parts");
        must(cuts.contains(begin + part.size()), "a grapheme is cut");
        at = begin + part.size();
    }
    must(is_white(text.substr(at)), "something got lost at the end");
}

void check_shortening(std::string_view text, std::size_t max_units)
{
    auto const shortened = shorten(text, max_units);
    must(utf16_units(shortened) <= max_units, "a shortened text is too long");
    bool const fits = utf16_units(text) <= max_units;
    must(fits == (shortened == text) || shortened.ends_with("…"), "what fits is shortened");
    if (!fits)
        must(text.starts_with(std::string_view{shortened}.substr(0, shortened.size() - std::string_view{"…"}.size())),
             "a shortened text begins otherwise");
}

} // namespace

/// First byte: the limit; then a text.
void text_split(std::string_view input)
{
    Cut cut{input};
    auto const limit = std::size_t{2} + cut.byte() % 60;
    auto const text = cut.rest();
    std::size_t units = 0;
    for (auto const grapheme : graphemes(text))
        units += utf16_units(grapheme);
    must(units == utf16_units(text), "a text is longer than its graphemes");
    check_parts(text, limit);
    check_shortening(text, limit);
    check_shortening(text, 1);
}

} // namespace deskbridge::fuzz
