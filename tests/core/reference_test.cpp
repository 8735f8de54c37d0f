#include "deskbridge/core/reference.hpp"

#include "deskbridge/core/text.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <set>
#include <string>
#include <vector>

using namespace deskbridge;

namespace {

/// A reference that people would write in texts: 4821937 and its check digit.
std::string const sample = std::string{"4821937"} + damm_digit("4821937");
std::string const shown = "#4821-937" + sample.substr(7);

std::string wrong(std::string digits)
{
    digits[3] = digits[3] == '9' ? '0' : static_cast<char>(digits[3] + 1);
    return digits;
}

} // namespace

TEST_CASE("reference: Damm's own example")
{
    CHECK(damm_digit("572") == '4');
    CHECK(damm_digit("5724") == '0');
    CHECK(damm_digit("") == '0');
}

TEST_CASE("reference: every wrong digit and every swap of neighbours is caught")
{
    std::mt19937_64 dice{7};
    for (int round = 0; round < 100; ++round) {
        auto const reference = make_reference(dice(), shortest_reference + round % 5);
        REQUIRE(is_reference(reference));
        int uncaught = 0;
        for (std::size_t at = 0; at < reference.size(); ++at) {
            auto changed = reference;
            for (char digit = '0'; digit <= '9'; ++digit) {
                changed[at] = digit;
                uncaught += digit != reference[at] && is_reference(changed) ? 1 : 0;
            }
            auto swapped = reference;
            if (at + 1 < swapped.size() && swapped[at] != swapped[at + 1]) {
                std::swap(swapped[at], swapped[at + 1]);
                uncaught += is_reference(swapped) ? 1 : 0;
            }
        }
        INFO(reference);
        CHECK(uncaught == 0);
    }
}

TEST_CASE("reference: made from any dice")
{
    for (std::uint64_t const dice : {std::uint64_t{0}, std::uint64_t{8'999'999}, std::uint64_t{9'000'000}, ~std::uint64_t{0}})
        for (int length = shortest_reference; length <= longest_reference; ++length) {
            auto const made = make_reference(dice, length);
            CHECK(is_reference(made));
            CHECK(made.size() == static_cast<std::size_t>(length));
        }
    CHECK(make_reference(0).starts_with("1000000"));
    CHECK(make_reference(8'999'999).starts_with("9999999"));
    CHECK_THROWS(make_reference(1, 7));
    CHECK_FALSE(is_reference("00000000"));
    CHECK_FALSE(is_reference(""));
    CHECK_FALSE(is_reference("4821937x"));
}

TEST_CASE("reference: longer when a fifth of the space is used")
{
    CHECK(reference_length(0) == 8);
    CHECK(reference_length(1'799'999) == 8);
    CHECK(reference_length(1'800'000) == 9);
    CHECK(reference_length(17'999'999) == 9);
    CHECK(reference_length(18'000'000) == 10);
    CHECK(reference_length(~std::uint64_t{0} / 2) == longest_reference);
}

TEST_CASE("reference: as people see it")
{
    CHECK(show_reference("48219376") == "#4821-9376");
    CHECK(show_reference("48219376", "DB-") == "DB-4821-9376");
    CHECK(show_reference("123456789") == "#123-456-789");
    CHECK(show_reference("1234567890") == "#123-456-7890");
    CHECK(show_reference("12345678901") == "#1234-5678-901");
    CHECK(show_reference("123456789012", "") == "1234-5678-9012");
}

TEST_CASE("reference: a message that is nothing but a reference")
{
    auto const& digits = sample;
    auto const spaced = digits.substr(0, 4) + " " + digits.substr(4);
    auto const dashed = digits.substr(0, 4) + "-" + digits.substr(4);
    struct Case {
        std::string label;
        std::string text;
        std::string prefix;
        bool lone;
    };
    std::vector<Case> const cases{
        {"as shown", shown, "#", true},
        {"without prefix", digits, "#", true},
        {"spaces", spaced, "#", true},
        {"en dash", digits.substr(0, 4) + "–" + digits.substr(4), "#", true},
        {"digit by digit", "4 8 2 1 9 3 7 " + digits.substr(7), "#", true},
        {"question and space around", "  " + shown + "?! ", "#", true},
        {"quotes and emoji", "„" + shown + "“ 🙏", "#", true},
        {"isolates copied along", isolate_ltr(shown), "#", true},
        {"fullwidth", "＃４８２１－９３７" + digits.substr(7), "#", true},
        {"Arabic digits", "٤٨٢١٩٣٧" + digits.substr(7), "#", true},
        {"Devanagari digits", "४८२१-९३७" + digits.substr(7), "#", true},
        {"word prefix, any case", "db " + dashed, "DB-", true},
        {"word prefix glued", "DB" + digits, "DB-", true},
        {"other people's prefix", "AB-" + dashed, "DB-", false},
        {"a word beside it", "order " + shown, "#", false},
        {"a word behind it", shown + " please", "#", false},
        {"two of them", shown + " " + shown, "#", false},
        {"too short", "4821-937", "#", false},
        {"too long", digits + "123456", "#", false},
        {"a wrong digit, but written like one", "#" + wrong(digits), "#", true},
        {"a wrong digit and grouped like one", wrong(digits).substr(0, 4) + "-" + wrong(digits).substr(4), "#", true},
        {"somebody's order number", wrong(digits), "#", false},
        {"nothing", "", "#", false},
        {"no digit", "#?", "#", false},
    };
    for (auto const& c : cases) {
        INFO(c.label << ": " << c.text);
        auto const found = find_lone_reference(c.text, c.prefix);
        CHECK(found.has_value() == c.lone);
        if (found && c.label.find("wrong") == std::string::npos) {
            CHECK(found->digits == digits);
            CHECK(found->valid);
        } else if (found) {
            CHECK_FALSE(found->valid);
        }
    }
}

TEST_CASE("reference: found in a longer text")
{
    auto const other = make_reference(1234567);
    struct Case {
        std::string label;
        std::string text;
        std::vector<std::string> digits;
    };
    std::vector<Case> const cases{
        {"in a sentence", "Hello, about " + shown + ": where is it?", {sample}},
        {"without prefix", "my number is " + sample, {sample}},
        {"two", shown + " and " + other, {sample, other}},
        {"a number in front", "2 " + shown, {sample}},
        {"inside a longer number", "99" + sample, {}},
        {"glued to a word", "x" + sample, {}},
        {"a word glued behind", sample + "kg", {}},
        {"a phone number", "+" + sample, {}},
        {"across a line break", sample.substr(0, 4) + "\n" + sample.substr(4), {}},
        {"wrong digit", "#" + wrong(sample), {}},
        {"none", "My parcel has not arrived", {}},
    };
    for (auto const& c : cases) {
        INFO(c.label << ": " << c.text);
        std::vector<std::string> digits;
        for (auto const& found : find_references(c.text))
            if (found.digits.size() == 8)
                digits.push_back(found.digits);
        CHECK(digits == c.digits);
    }
}

TEST_CASE("reference: the place in the text covers the prefix")
{
    auto const text = "Für " + shown + " bitte";
    auto const found = find_references(text);
    REQUIRE(found.size() == 1);
    CHECK(text.substr(found[0].begin, found[0].end - found[0].begin) == shown);
    CHECK(found[0].marked);
}

TEST_CASE("reference: a flood of numbers stays bounded")
{
    std::string flood;
    for (int i = 0; i < 2000; ++i)
        flood += sample + ", ";
    CHECK(find_references(flood).size() == 16);
    CHECK(find_references(std::string(60'000, '7')).empty());
    std::string steps;
    for (int i = 0; i < 20'000; ++i)
        steps += "1 ";
    CHECK(find_references(steps).size() <= 16);
}

TEST_CASE("reference: what an agent types")
{
    CHECK(parse_reference(shown) == sample);
    CHECK(parse_reference(sample) == sample);
    CHECK_FALSE(parse_reference("#" + wrong(sample)));
    CHECK_FALSE(parse_reference("#1042"));
}
