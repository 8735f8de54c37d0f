#include "toml_syntax.hpp"

#include <array>
#include <string_view>

namespace deskbridge::app {
namespace {

constexpr std::string_view key_bytes = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";

/// What toml++ 3.3 says, in part, and the same for people. The first that fits is taken.
struct Saying {
    std::string_view in;    ///< what was being parsed; empty: anything
    std::string_view about; ///< what was wrong with it
    std::string_view found;
    std::string_view expected;
};

constexpr std::array sayings{
    Saying{"", "invalid utf-8", "bytes that are not UTF-8", "a file saved as UTF-8"},
    Saying{"table header", "cannot redefine", "a section that stands here for the second time", "each section once, with all its keys; several accounts are [[account]] each"},
    Saying{"", "cannot redefine", "a key that stands here for the second time", "each key once in its section"},
    Saying{"table header", "comment or whitespace", "something behind the section's name", "[section] alone on its line, its keys below"},
    Saying{"table header", "", "a section's name that does not end", "[section] or [[account]] with as many ] as ["},
    Saying{"string", "control characters", "a text without its closing quote", "the quote that opened it also at its end, on the same line"},
    Saying{"string", "end-of-file", "a text without its closing quotes", "the quotes that opened it also at its end"},
    Saying{"string", "escape sequence", "a backslash that means nothing", "\\\\ for a backslash, or the text in single quotes, 'like this'"},
    Saying{"inline table", "'\\n'", "a line break inside { … }", "all of { … } on one line"},
    Saying{"inline table", "dangling comma", "a comma before the closing }", "no comma after the last of { … }"},
    Saying{"inline table", "", "a { … } that does not end rightly", "{ key = \"value\" } on one line"},
    Saying{"array", "", "an array that does not end rightly", "[\"one\", \"two\"] with commas between and ] at its end"},
    Saying{"key-value pair", "comment or whitespace", "something behind the value", "one value; a text with blanks or quotes in it stands in quotes as a whole"},
    Saying{"key-value pair", "expected '='", "no = behind the key", "key = value"},
    Saying{"key-value pair", "expected value", "nothing behind the =", "key = value; an empty text is \"\""},
    Saying{"root table", "", "neither a key nor a section", "key = value, [section], or # for a comment"},
    Saying{"boolean", "", "a word without quotes", "true or false in small letters, or a text in quotes"},
    Saying{"decimal integer", "leading zeroes", "a number that begins with 0", "a number without leading zeros, or a text in quotes"},
    Saying{"", "not representable", "a number that is far too large", "a smaller number, or a text in quotes"},
    Saying{"integer", "", "a value that begins as a number and goes on otherwise", "a whole number, or a text in quotes"},
    Saying{"floating-point", "", "a value that begins as a number and goes on otherwise", "a number, or a text in quotes"},
    Saying{"value", "", "a value without quotes", "a text in quotes, a number, true or false"},
};

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

/// toml++ writes "Error while parsing <what>: <why>".
std::pair<std::string_view, std::string_view> split(std::string_view description)
{
    constexpr std::string_view opening = "Error while parsing ";
    if (!description.starts_with(opening))
        return {"", description};
    description.remove_prefix(opening.size());
    auto const colon = description.find(": ");
    return colon == std::string_view::npos ? std::pair{description, std::string_view{}}
                                           : std::pair{description.substr(0, colon), description.substr(colon + 2)};
}

/// The key in "key = …" of that line; "" if it has none.
std::string key_of(std::string_view text, unsigned line)
{
    for (unsigned i = 1; i < line && !text.empty(); ++i)
        text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    text = text.substr(0, text.find('\n'));
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    auto const begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos)
        return {};
    text.remove_prefix(begin);
    auto const key = text.substr(0, text.find_first_not_of(key_bytes));
    auto const behind = text.find_first_not_of(" \t", key.size());
    return behind != std::string_view::npos && text[behind] == '=' ? std::string{key} : std::string{};
}

} // namespace

Problem explain(toml::parse_error const& error, std::string const& file, std::string const& text)
{
    auto const [in, why] = split(error.description());
    auto const at = error.source().begin;
    Problem problem{file, static_cast<unsigned>(at.line), key_of(text, static_cast<unsigned>(at.line)), "what is no TOML 1.0",
                    "key = value, or [section]; see https://toml.io", Severity::error, static_cast<unsigned>(at.column)};
    for (auto const& saying : sayings) {
        if (!contains(in, saying.in) || !contains(why, saying.about))
            continue;
        problem.found = saying.found;
        problem.expected = saying.expected;
        break;
    }
    return problem;
}

} // namespace deskbridge::app
