#include "toml_syntax.hpp"

#include <catch2/catch.hpp>

#include <optional>

using namespace deskbridge::app;

namespace {

std::string said(std::string const& text)
{
    try {
        auto const table = toml::parse(text);
        return "nothing";
    } catch (toml::parse_error const& e) {
        return render(explain(e, "d.toml", text));
    }
}

} // namespace

TEST_CASE("a syntax error is told in words, with line, column and key")
{
    struct Case {
        std::string text;
        std::string said;
    };
    auto const c = GENERATE(values<Case>({
        {"[server\n", "d.toml:1:8: found a section's name that does not end; expected [section] or [[account]] with as many ] as ["},
        {"[[account]\n", "d.toml:1:11: found a section's name that does not end; expected [section] or [[account]] with as many ] as ["},
        {"a = 1\n[b] c = 1\n", "d.toml:2:5: found something behind the section's name; expected [section] alone on its line, its keys below"},
        {"[a]\n[a]\n", "d.toml:2:1: found a section that stands here for the second time; expected each section once, with all its keys; several accounts are [[account]] each"},
        {"a = 1\na = 2\n", "d.toml:2:5: a: found a key that stands here for the second time; expected each key once in its section"},
        {"\nkey = \"hunter2\n", "d.toml:2:15: key: found a text without its closing quote; expected the quote that opened it also at its end, on the same line"},
        {"key = 'hunter2\n", "d.toml:1:15: key: found a text without its closing quote; expected the quote that opened it also at its end, on the same line"},
        {"key = \"\"\"hunter2\n", "d.toml:1:18: key: found a text without its closing quotes; expected the quotes that opened it also at its end"},
        {"key = \"C:\\dir\"\n", "d.toml:1:11: key: found a backslash that means nothing; expected \\\\ for a backslash, or the text in single quotes, 'like this'"},
        {"  key = hunter2\n", "d.toml:1:9: key: found a value without quotes; expected a text in quotes, a number, true or false"},
        {"key = yes\n", "d.toml:1:7: key: found a value without quotes; expected a text in quotes, a number, true or false"},
        {"key = True\n", "d.toml:1:7: key: found a word without quotes; expected true or false in small letters, or a text in quotes"},
        {"key = 72h\n", "d.toml:1:9: key: found a value that begins as a number and goes on otherwise; expected a whole number, or a text in quotes"},
        {"key = 127.0.0.1\n", "d.toml:1:12: key: found a value that begins as a number and goes on otherwise; expected a number, or a text in quotes"},
        {"key = 08\n", "d.toml:1:9: key: found a number that begins with 0; expected a number without leading zeros, or a text in quotes"},
        {"key = 99999999999999999999\n", "d.toml:1:27: key: found a number that is far too large; expected a smaller number, or a text in quotes"},
        {"key = \"a\" \"b\"\n", "d.toml:1:11: key: found something behind the value; expected one value; a text with blanks or quotes in it stands in quotes as a whole"},
        {"key =\n", "d.toml:1:6: key: found nothing behind the =; expected key = value; an empty text is \"\""},
        {"key: 1\n", "d.toml:1:4: found no = behind the key; expected key = value"},
        {"key \"x\"\n", "d.toml:1:5: found no = behind the key; expected key = value"},
        {"{\"a\": 1}\n", "d.toml:1:1: found neither a key nor a section; expected key = value, [section], or # for a comment"},
        {"key = { file = \"a\",\n", "d.toml:1:20: key: found a line break inside { … }; expected all of { … } on one line"},
        {"key = { file = \"a\", }\n", "d.toml:1:21: key: found a comma before the closing }; expected no comma after the last of { … }"},
        {"key = [1, 2\n", "d.toml:1:13: key: found an array that does not end rightly; expected [\"one\", \"two\"] with commas between and ] at its end"},
        {"key = \"\xff\"\n", "d.toml:1:7: key: found bytes that are not UTF-8; expected a file saved as UTF-8"},
    }));
    INFO(c.text);
    CHECK(said(c.text) == c.said);
    CHECK(said(c.text).find("hunter2") == std::string::npos);
}
