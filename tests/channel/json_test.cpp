#include "deskbridge/channel/json.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using channel::Json;
using channel::read_json;

TEST_CASE("a body is read, mended, or refused before it costs anything")
{
    struct Case {
        std::string label;
        std::string body;
        std::string becomes; ///< compact JSON; "" if refused
    };
    auto const c = GENERATE(values<Case>({
        {"plain", R"({"a":[1,"x",null,true,1.5]})", R"({"a":[1,"x",null,true,1.5]})"},
        {"escaped and raw text are one", R"(["caf\u00e9 \/ \ud83d\udc4b"])", R"(["café / 👋"])"},
        {"NUL becomes the replacement character", R"(["a\u0000b"])", "[\"a\xEF\xBF\xBD" "b\"]"},
        {"NUL in a key", R"({"a\u0000":1})", "{\"a\xEF\xBF\xBD\":1}"},
        {"lone high surrogate", R"(["\ud83d"])", "[\"\xEF\xBF\xBD\"]"},
        {"lone high surrogate before an escape", R"(["\ud83d\n"])", "[\"\xEF\xBF\xBD\\n\"]"},
        {"high, then a whole pair", R"(["\ud83d\ud83d\udc4b"])", "[\"\xEF\xBF\xBD👋\"]"},
        {"lone low surrogate", R"(["\udc4bx"])", "[\"\xEF\xBF\xBDx\"]"},
        {"an escaped backslash is no escape", R"(["\\ud83d"])", R"(["\\ud83d"])"},
        {"malformed UTF-8", "[\"a\xC3(\xF0\x9F\x91\"]", "[\"a\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"]"},
        {"a surrogate as UTF-8", "[\"\xED\xA0\xBD\"]", "[\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"]"},
        {"an over-long form", "[\"\xC0\x80\"]", "[\"\xEF\xBF\xBD\xEF\xBF\xBD\"]"},
        {"a number beyond a double", R"([1e999,-1e999,1])", R"([null,null,1])"},
        {"a tiny number is no offence", R"([1e-999])", R"([null])"},
        {"what only begins like a number beyond a double", R"([1e999-5])", ""},
        {"a number beyond a double with a leading zero", R"([01e999])", ""},
        {"a number beyond a double with a dot and no digit", R"([1.e999])", ""},
        {"byte order mark", "\xEF\xBB\xBF[1]", "[1]"},
        {"empty", "", ""},
        {"cut off", R"({"a":)", ""},
        {"cut off in a text", R"({"a":"x)", ""},
        {"cut off in an escape", R"(["\)", ""},
        {"two documents", "[1][2]", ""},
        {"raw NUL", std::string{"[\"a\0b\"]", 7}, ""},
        {"a key twice", R"({"a":1,"a":2})", ""},
        {"not JSON", "<html></html>", ""},
        {"malformed bytes outside a text", "[1\xFF]", ""},
        {"depth at the limit", std::string(32, '[') + std::string(32, ']'), std::string(32, '[') + std::string(32, ']')},
        {"depth over the limit", std::string(33, '[') + std::string(33, ']'), ""},
        {"a bomb", std::string(1'000'000, '['), ""},
    }));
    INFO(c.label);
    auto const doc = read_json(c.body);
    REQUIRE(doc.has_value() == !c.becomes.empty());
    if (doc)
        CHECK(channel::write_json(*doc) == c.becomes);
    else
        CHECK(doc.error().fault == Fault::malformed);
}

TEST_CASE("what is nested too deep can be cut out")
{
    struct Case {
        std::string label;
        std::string body;
        std::string becomes; ///< "": refused
    };
    auto const c = GENERATE(values<Case>({
        {"at the limit", R"([{"a":[1]},2])", R"([{"a":[1]},2])"},
        {"an array in an array", "[[[[1,[2],{\"a\":3}]],4],5]", "[[[null],4],5]"},
        {"an object among members", R"({"a":{"b":{"c":{"d":1,"d":2},"e":3}},"f":4})", R"({"a":{"b":{"c":null,"e":3}},"f":4})"},
        {"several", R"([[[[],{},[]]]])", R"([[[null,null,null]]])"},
        {"a bomb that ends", std::string(100'000, '[') + std::string(100'000, ']'), "[[[null]]]"},
        {"a bomb", std::string(100'000, '['), ""},
        {"cut off inside", R"([[[[1)", ""},
    }));
    INFO(c.label);
    auto const doc = read_json(c.body, {.depth = 3, .cut_deeper = true});
    REQUIRE(doc.has_value() == !c.becomes.empty());
    if (doc)
        CHECK(channel::write_json(*doc) == c.becomes);
    CHECK(read_json(c.body, {.depth = 3}).has_value() == (c.becomes == c.body));
}

TEST_CASE("too many values are refused")
{
    std::string body = "[0";
    for (int i = 0; i < 10; ++i)
        body += ",0";
    body += "]";
    CHECK(read_json(body, {32, 12}).has_value());
    CHECK_FALSE(read_json(body, {32, 11}).has_value());
}

TEST_CASE("readers answer nothing when a value is absent or of another type")
{
    auto const doc = *read_json(R"({"t":"x","n":7,"f":2.0,"g":2.5,"s":"-12","b":true,"o":{"a":[{"k":"deep"}]},
                                    "big":18446744073709551615,"empty":"","z":null})");
    using channel::int_at;
    using channel::loose_int_at;
    using channel::loose_number_at;
    using channel::loose_text_at;
    using channel::text_at;

    CHECK(text_at(doc, "/t") == "x");
    CHECK(text_at(doc, "/o/a/0/k") == "deep");
    CHECK(text_at(doc, "/empty") == "");
    for (auto const* const pointer : {"/n", "/o", "/z", "/missing", "/o/a/1/k", "/o/a/x/k", "/t/0", "/o/a/-1", "/", "/o/"})
        CHECK_FALSE(text_at(doc, pointer).has_value());
    CHECK(int_at(doc, "/n") == 7);
    for (auto const* const pointer : {"/t", "/f", "/s", "/big", "/b", "/z"})
        CHECK_FALSE(int_at(doc, pointer).has_value());
    CHECK(loose_int_at(doc, "/s") == -12);
    CHECK(loose_int_at(doc, "/f") == 2);
    for (auto const* const pointer : {"/t", "/g", "/big", "/b", "/z", "/empty", "/o"})
        CHECK_FALSE(loose_int_at(doc, pointer).has_value());
    CHECK(loose_text_at(doc, "/n") == "7");
    CHECK_FALSE(loose_text_at(doc, "/f").has_value());
    CHECK(loose_number_at(doc, "/g") == 2.5);
    CHECK(loose_number_at(doc, "/s") == -12.0);
    CHECK_FALSE(loose_number_at(doc, "/t").has_value());
    CHECK(channel::bool_at(doc, "/b") == true);
    CHECK_FALSE(channel::bool_at(doc, "/n").has_value());
    CHECK(channel::object_at(doc, "/o") != nullptr);
    CHECK(channel::object_at(doc, "/o/a") == nullptr);
    CHECK(channel::array_at(doc, "/o/a") != nullptr);
    CHECK(channel::node_at(doc, "") == &doc);
}
