#include "deskbridge/core/text.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace deskbridge;

namespace {

std::string repeated(std::string const& text, int times)
{
    std::string out;
    for (int i = 0; i < times; ++i)
        out += text;
    return out;
}

std::string without_blanks(std::string text)
{
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
    return text;
}

} // namespace

TEST_CASE("split: where a text is cut")
{
    struct Case {
        std::string label;
        std::string text;
        std::size_t max_units;
        std::vector<std::string> parts;
    };
    auto const c = GENERATE(values<Case>({
        {"fits", "short", 10, {"short"}},
        {"fits exactly", "0123456789", 10, {"0123456789"}},
        {"at the space", "hello brave world", 12, {"hello brave", "world"}},
        {"at the sentence rather than the space", "One two. Three four", 14, {"One two.", "Three four"}},
        {"at the paragraph rather than the sentence", "Dear all,\n\nHi. You there", 16, {"Dear all,", "Hi. You there"}},
        {"not when the part would be nearly empty", "A. bcdefghijklmnopqrstuvwxyz", 20, {"A. bcdefghijklmnopqr", "stuvwxyz"}},
        {"no space at all", "abcdefghij", 4, {"abcd", "efgh", "ij"}},
        {"Devanagari sentence", "यह ठीक है। धन्यवाद जी", 15, {"यह ठीक है।", "धन्यवाद जी"}},
        {"families stay whole", "👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 12, {"👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"}},
        {"flags stay whole", "🇩🇪🇧🇷🇮🇳", 9, {"🇩🇪🇧🇷", "🇮🇳"}},
        {"an accent stays with its letter", "ae\u0301i", 2, {"a", "e\u0301", "i"}},
        {"an accent on a space is something to see", "abc \u0301 def", 5, {"abc \u0301", "def"}},
        {"surrogates at the boundary", "abc😀", 4, {"abc", "😀"}},
        {"a vowel sign stays with its letter", "ककी", 2, {"क", "की"}},
        {"a grapheme longer than a part", "👨‍👩‍👧‍👦", 4, {"👨‍", "👩‍", "👧‍", "👦"}},
        {"blank", " \n ", 10, {}},
        {"nothing", "", 10, {}},
        {"blank stretch in front", std::string(30, ' ') + "x", 10, {"x"}},
    }));
    INFO(c.label);
    CHECK(split_text(c.text, c.max_units) == c.parts);
}

TEST_CASE("split: WhatsApp's limit with a long letter")
{
    auto const letter = repeated("Dear customer, this is a sentence that goes on for a while.\n\n", 200);
    auto const parts = split_text(letter, 4096);
    REQUIRE(parts.size() == 3);
    for (auto const& part : parts) {
        CHECK(utf16_units(part) <= 4096);
        CHECK(part.ends_with("while."));
    }
}

TEST_CASE("split: nothing but white space is lost, no part is too long, whatever the text")
{
    std::vector<std::string> const atoms{"a", "bc", " ", ". ", "\n\n", "😀", "👨‍👩‍👧‍👦", "🇩🇪", "e\u0301", "क्ष", "مَ", "。", "👍🏽", "  "};
    std::mt19937 dice{20261121};
    for (int round = 0; round < 100; ++round) {
        std::string text;
        for (int i = 0; i < 60; ++i)
            text += atoms[dice() % atoms.size()];
        auto const limit = 11 + dice() % 40;
        std::string joined;
        bool fits = true;
        for (auto const& part : split_text(text, limit)) {
            fits &= !part.empty() && utf16_units(part) <= limit;
            joined += part;
        }
        INFO(text << " in " << limit);
        CHECK(fits);
        CHECK(without_blanks(joined) == without_blanks(text));
    }
}

TEST_CASE("shorten: titles keep their limit and their graphemes")
{
    struct Case {
        std::string text;
        std::size_t max_units;
        std::string shortened;
    };
    auto const c = GENERATE(values<Case>({
        {"fits", 4, "fits"},
        {"does not fit", 8, "does…"},
        {"does not fit", 9, "does not…"},
        {"Donaudampfschifffahrt", 10, "Donaudamp…"},
        {"ab👨‍👩‍👧‍👦", 12, "ab…"},
        {"👨‍👩‍👧‍👦", 5, "👨‍…"},
        {"😀", 1, "…"},
        {"", 5, ""},
    }));
    INFO(c.text << " in " << c.max_units);
    CHECK(shorten(c.text, c.max_units) == c.shortened);
    CHECK(utf16_units(shorten(c.text, c.max_units)) <= c.max_units);
}
