#include "deskbridge/core/text.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace deskbridge;
using namespace std::string_literals;

TEST_CASE("text: what may be stored")
{
    struct Case {
        std::string label;
        std::string raw;
        std::string clean;
    };
    auto const c = GENERATE(values<Case>({
        {"plain", "Grüße 😀", "Grüße 😀"},
        {"line ends become one kind", "a\r\nb\rc\n\td", "a\nb\nc\n\td"},
        {"a NUL", "a\0b"s, "a\uFFFDb"},
        {"controls of both ranges", "a\x1b[31m\x7f\u0085"s, "a\uFFFD[31m\uFFFD\uFFFD"},
        {"half a character", "a\xf0\x9f\x98"s, "a\uFFFD"},
        {"a surrogate in UTF-8", "\xed\xa0\xbd!"s, "\uFFFD\uFFFD\uFFFD!"},
        {"nothing", "", ""},
    }));
    INFO(c.label);
    CHECK(clean_text(c.raw) == c.clean);
}

TEST_CASE("text: UTF-16 units and graphemes")
{
    struct Case {
        std::string label;
        std::string text;
        std::size_t units;
        std::size_t graphemes;
    };
    auto const c = GENERATE(values<Case>({
        {"ASCII", "abc", 3, 3},
        {"an accent in two code points", "e\u0301", 2, 1},
        {"outside the BMP", "😀", 2, 1},
        {"a family of four", "👨‍👩‍👧‍👦", 11, 1},
        {"skin tone", "👍🏽", 4, 1},
        {"two flags", "🇩🇪🇧🇷", 8, 2},
        {"keycap", "1️⃣", 3, 1},
        {"Devanagari vowel sign", "की", 2, 1},
        {"Arabic with points", "مَ", 2, 1},
        {"Hangul jamo", "\u1112\u1161\u11ab", 3, 1},
        {"CRLF", "\r\n", 2, 1},
        {"malformed bytes count as one each", "\xff\xfe", 2, 2},
        {"nothing", "", 0, 0},
    }));
    INFO(c.label);
    CHECK(utf16_units(c.text) == c.units);
    CHECK(graphemes(c.text).size() == c.graphemes);
}

TEST_CASE("text: words that count")
{
    CHECK(word_count("My parcel, number 4821-9376, has not arrived!", 100) == 6);
    CHECK(word_count("My parcel, number 4821-9376, has not arrived!", 5) == 5);
    CHECK(word_count("मेरा पार्सल नहीं आया", 5) == 4);
    CHECK(word_count("12 34 👍 …", 5) == 0);
}

TEST_CASE("text: words are the same whether all of them are counted or few")
{
    for (std::string_view const text : {"a b  c d", "it's 3a.m. x:y a_b", "e\u0301 \u0301f g", "ผมหิว a ข้าว b", "日本 x 語 y", "a\tb\nc d\u00a0e f", " a1 2 b ", ""}) {
        INFO(text);
        auto const all = word_count(text, 1000);
        for (std::size_t most = 1; most <= all + 1; ++most)
            CHECK(word_count(text, most) == std::min(most, all));
    }
    for (char a = ' '; a < 0x7F; ++a)
        for (char b = ' '; b < 0x7F; ++b) {
            std::string const text{a, 'x', b, ' ', a, b};
            auto const all = word_count(text, 1000);
            if (word_count(text, 1) != std::min<std::size_t>(1, all) || word_count(text, 2) != std::min<std::size_t>(2, all))
                FAIL_CHECK(text);
        }
}

TEST_CASE("text: what is ASCII alone is read as it is within any other text")
{
    for (int a = 0; a < 0x80; ++a)
        for (int b = 0; b < 0x80; ++b) {
            std::string const pair{static_cast<char>(a), 'x', static_cast<char>(b), static_cast<char>(a)};
            INFO(a << " x " << b << " " << a);
            auto const folded = fold_for_match(pair);
            CHECK(fold_for_match(pair + " \u00e9") == folded + " e");
            auto const longer = pair + "\u00e9"; // graphemes are views of it
            auto within = graphemes(longer);
            REQUIRE(!within.empty());
            within.pop_back();
            CHECK(within == graphemes(pair));
        }
}

TEST_CASE("text: digits of any script")
{
    CHECK(ascii_digits("٤٨٢١-९३७६ 𝟜 ７ x") == "4821-9376 4 7 x");
    CHECK(ascii_digits("½ ② Ⅳ") == "½ ② Ⅳ"); // numbers, but no decimal digits
}

TEST_CASE("text: the same word, however it is typed")
{
    struct Case {
        std::string label;
        std::vector<std::string> spellings;
        std::string folded;
    };
    auto const c = GENERATE(values<Case>({
        {"case, punctuation, spaces, emoji", {"Status?", "STATUS!", " status ", "status 😊", "¿Status?", "*status*", "ｓｔａｔｕｓ"}, "status"},
        {"accents", {"état", "Etat", "E\u0301TAT"}, "etat"},
        {"eszett", {"schließen", "SCHLIESSEN", "Schliessen"}, "schliessen"},
        {"apostrophes", {"that's all", "that’s  all", "thats all"}, "thats all"},
        {"alef forms and points", {"إغلاق", "اغلاق", "أغلاق", "إِغْلاق", "اغـلاق"}, "اغلاق"},
        {"teh marbuta", {"حالة", "حاله"}, "حاله"},
        {"yeh", {"موظفى", "موظفي", "موظفی"}, "موظفي"},
        {"Hebrew points", {"שָׁלוֹם", "שלום"}, "שלום"},
        {"nukta", {"अंग्रेज़ी", "अंग्रेजी", "अंग्रेज\u093cी"}, "अंग्रेजी"},
        {"vowel signs are no accents", {"की", "की।"}, "की"},
        {"digits", {"٢", "२", "2", "2️⃣"}, "2"},
        {"direction marks", {"\u2067حاله\u2069", "\u200fحالة"}, "حاله"},
        {"nothing to read", {"?", "👍", "…", ""}, ""},
    }));
    INFO(c.label);
    for (auto const& spelling : c.spellings) {
        INFO(spelling);
        CHECK(fold_for_match(spelling) == c.folded);
    }
    CHECK(fold_for_match("का") != fold_for_match("की"));
}

TEST_CASE("text: a customer's words cannot format ours")
{
    struct Case {
        std::string label;
        std::string raw;
        std::string line;
    };
    auto const c = GENERATE(values<Case>({
        {"a plain name", "Amélie O'Neill-Weiß", "Amélie O'Neill-Weiß"},
        {"bold, italic, strike", "*bold* _x_ ~y~", "∗bold∗ ＿x＿ ∼y∼"},
        {"code", "```z``` `q`", "ˋˋˋzˋˋˋ ˋqˋ"},
        {"lines become one", "Ann\r\n\r\n> paid\u2028*Bo*", "Ann > paid ∗Bo∗"},
        {"quote at the start", "> you owe us", "› you owe us"},
        {"bullet", "- item", "– item"},
        {"numbered list", "12. item", "12\u2024 item"},
        {"a decimal is no list", "12.5 kg", "12.5 kg"},
        {"direction overrides", "\u202eabc\u202c\u2066d\u2069\u200f", "abcd"},
        {"only invisible characters", "\u200b\u2060 \u00ad", ""},
        {"spaces", "  a \t  b  ", "a b"},
        {"family emoji stays whole", "👨‍👩‍👧 Kim", "👨‍👩‍👧 Kim"},
        {"NUL", "a\0b"s, "a\uFFFDb"},
    }));
    INFO(c.label);
    CHECK(neutral_line(c.raw) == c.line);
}

TEST_CASE("text: where it stops being UTF-8")
{
    struct Case {
        std::string label;
        std::string bytes;
        std::optional<std::size_t> at;
    };
    auto const c = GENERATE(values<Case>({
        {"empty", "", std::nullopt},
        {"ASCII", "on its way", std::nullopt},
        {"several scripts", "é شكرا 👍", std::nullopt},
        {"the replacement character itself", "\uFFFD", std::nullopt},
        {"Latin-1", "caf\xe9 au lait", 3},
        {"Latin-1 at the end", "caf\xe9", 3},
        {"cut inside a character", "ok \xf0\x9f\x91", 3},
        {"an overlong slash", "\xc0\xaf", 0},
        {"a surrogate", "a\xed\xa0\x80", 1},
        {"a lone continuation", "ab\x80", 2},
    }));
    INFO(c.label);
    CHECK(first_malformed(c.bytes) == c.at);
}

TEST_CASE("text: nothing to see")
{
    for (auto const* const text : {"", "  \n\t", "\u200b\u200d\u2060", "\ufeff", "\u00a0\u3000", "\u00ad \u180e", "\u2800", "\u3164",
                                   "\u202e\u2069", "\ufe0f"})
        CHECK(is_blank(text));
    for (auto const* const text : {"a", ".", "\u200bx", "👍\ufe0f", "\xff", "0"})
        CHECK_FALSE(is_blank(text));
}

TEST_CASE("text: without direction controls nothing is lost and nothing turned around")
{
    CHECK(without_direction_controls("invoice\u202Efdp.exe") == "invoicefdp.exe");
    CHECK(without_direction_controls("\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069").empty());
    CHECK(without_direction_controls("\u0645\u0631\u062D\u0628\u0627 \u200D\xFF") == "\u0645\u0631\u062D\u0628\u0627 \u200D\xFF");
}

TEST_CASE("text: isolates")
{
    CHECK(isolate("x") == "\u2068x\u2069");
    CHECK(isolate_ltr("#4821-9376") == "\u2066#4821-9376\u2069");
    CHECK(is_right_to_left("ar"));
    CHECK(is_right_to_left("he-IL"));
    CHECK_FALSE(is_right_to_left("de"));
}
