#include "deskbridge/core/text.hpp"

#include "utf8.hpp"

#include <algorithm>
#include <span>

namespace deskbridge {
namespace {

/// A piece that may not be cut.
struct Piece {
    std::string_view bytes;
    std::size_t units;
    bool blank;
};

/// White space as a whole: a mark on a space is something to see.
bool is_white(std::string_view grapheme)
{
    bool white = true;
    for_each_code_point(grapheme, [&](CodePoint const& point) { white = white && is_white_space(point.value); });
    return white;
}

/// Graphemes; one that is longer than a part falls apart into code points.
std::vector<Piece> pieces_of(std::string_view text, std::size_t max_units)
{
    std::vector<Piece> pieces;
    for (auto const grapheme : graphemes(text)) {
        auto const blank = is_white(grapheme);
        auto const units = utf16_units(grapheme);
        if (units <= max_units) {
            pieces.push_back({grapheme, units, blank});
            continue;
        }
        for_each_code_point(grapheme, [&](CodePoint const& point) {
            auto const bytes = grapheme.substr(point.begin, point.end - point.begin);
            pieces.push_back({bytes, utf16_units(bytes), false});
        });
    }
    return pieces;
}

bool ends_sentence(std::string_view grapheme)
{
    static constexpr std::string_view enders[] = {".", "!", "?", "…", "。", "！", "？", "؟", "।", "۔"};
    return std::find(std::begin(enders), std::end(enders), grapheme) != std::end(enders);
}

bool is_newline(Piece const& piece)
{
    return piece.bytes == "\n";
}

enum class Boundary { paragraph, sentence, space };

/// May the part end before pieces[at]? (0 < at < pieces.size())
bool is_boundary(std::span<Piece const> pieces, std::size_t at, Boundary kind)
{
    auto const& next = pieces[at];
    if (!next.blank)
        return false;
    switch (kind) {
    case Boundary::paragraph: return is_newline(next);
    case Boundary::sentence:  return ends_sentence(pieces[at - 1].bytes);
    case Boundary::space:     return true;
    }
    return false;
}

/// Where the part that begins at `begin` and cannot reach beyond `furthest` should end.
std::size_t best_cut(std::span<Piece const> pieces, std::size_t begin, std::size_t furthest)
{
    auto const length = furthest - begin;
    struct Rule {
        Boundary kind;
        std::size_t least;
    };
    for (auto const& rule : {Rule{Boundary::paragraph, length / 2}, Rule{Boundary::sentence, length / 2}, Rule{Boundary::space, length / 8}})
        for (auto at = furthest; at > begin + rule.least; --at)
            if (is_boundary(pieces, at, rule.kind))
                return at;
    return furthest;
}

std::string joined(std::span<Piece const> pieces)
{
    while (!pieces.empty() && pieces.back().blank)
        pieces = pieces.first(pieces.size() - 1);
    std::string out;
    for (auto const& piece : pieces)
        out += piece.bytes;
    return out;
}

} // namespace

std::vector<std::string> split_text(std::string_view text, std::size_t max_units)
{
    auto const all = pieces_of(text, max_units);
    std::span<Piece const> const pieces{all};
    std::vector<std::string> parts;
    auto const keep = [&](std::size_t begin, std::size_t end) {
        if (auto part = joined(pieces.subspan(begin, end - begin)); !part.empty())
            parts.push_back(std::move(part));
    };
    std::size_t begin = 0;
    while (begin < pieces.size()) {
        std::size_t furthest = begin;
        for (std::size_t units = 0; furthest < pieces.size() && units + pieces[furthest].units <= max_units; ++furthest)
            units += pieces[furthest].units;
        if (furthest == pieces.size()) {
            keep(begin, furthest);
            break;
        }
        auto const cut = best_cut(pieces, begin, std::max(furthest, begin + 1));
        keep(begin, cut);
        for (begin = cut; begin < pieces.size() && pieces[begin].blank;)
            ++begin;
    }
    return parts;
}

std::string shorten(std::string_view text, std::size_t max_units)
{
    if (utf16_units(text) <= max_units)
        return std::string{text};
    auto const all = pieces_of(text, max_units);
    std::span<Piece const> const pieces{all};
    std::size_t furthest = 0;
    for (std::size_t units = 1; furthest < pieces.size() && units + pieces[furthest].units <= max_units; ++furthest)
        units += pieces[furthest].units;
    constexpr std::size_t near = 12;
    auto const earliest = furthest - std::min(furthest / 2, near);
    auto end = furthest;
    while (end > earliest && !pieces[end].blank)
        --end;
    if (!pieces[end].blank)
        end = furthest;
    return joined(pieces.first(end)) + "…";
}

} // namespace deskbridge
