#include "deskbridge/core/object_text.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <concepts>
#include <limits>
#include <optional>

using namespace deskbridge;

TEST_CASE("an object is written as its members were added")
{
    ObjectText object{{"status", "open"}, {"guess", false}, {"count", -3}};
    object.add("size", std::size_t{7});
    object.add("before", ObjectText{{"status", std::string{"new"}}});
    object.add("after", ObjectText{});
    CHECK(object.text() == R"({"status":"open","guess":false,"count":-3,"size":7,"before":{"status":"new"},"after":{}})");
    CHECK_FALSE(object.empty());
    CHECK(ObjectText{}.empty());
    CHECK(ObjectText{}.text() == "{}");
}

// What has no plain meaning in JSON is not taken at all.
enum class Colour { red };
static_assert(!std::constructible_from<ObjectText::Value, char>);
static_assert(!std::constructible_from<ObjectText::Value, double>);
static_assert(!std::constructible_from<ObjectText::Value, std::nullptr_t>);
static_assert(!std::constructible_from<ObjectText::Value, Colour>);
static_assert(!std::constructible_from<ObjectText::Value, std::optional<int>>);
static_assert(!std::constructible_from<ObjectText::Value, std::chrono::seconds>);

TEST_CASE("text by a pointer is text, not a truth")
{
    char const* const text = "words";
    ObjectText object;
    object.add("text", text);
    object.add("yes", true);
    object.add("no", false);
    CHECK(object.text() == R"({"text":"words","yes":true,"no":false})");
}

TEST_CASE("what an object was given is read from its text")
{
    std::string const every_ascii = [] {
        std::string all;
        for (char c = 0; c < 127; ++c)
            all += c;
        return all + '\x7f';
    }();
    auto const text = GENERATE_REF(values<std::string>({"", "plain", "\"quoted\\", every_ascii, "\xD8\xB4\xD9\x83\xD8\xB1\xD8\xA7", "\xF0\x9F\x91\x8B"}));
    CHECK(nlohmann::json::parse(ObjectText{{"text", text}}.text()).at("text") == text);
}

TEST_CASE("text that is not UTF-8 does not break an object")
{
    auto const c = GENERATE(values<std::pair<std::string, std::string>>({{"\xff", "\xEF\xBF\xBD"}, {"a\xC3", "a\xEF\xBF\xBD"}, {"\xED\xA0\x80z", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz"}}));
    CHECK(nlohmann::json::parse(ObjectText{{"text", c.first}}.text()).at("text") == c.second);
}

TEST_CASE("numbers are whole at both ends of their range")
{
    ObjectText const object{{"least", std::numeric_limits<std::int64_t>::min()}, {"most", std::numeric_limits<std::uint64_t>::max()}};
    CHECK(object.text() == R"({"least":-9223372036854775808,"most":18446744073709551615})");
}
