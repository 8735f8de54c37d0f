#include "deskbridge/core/http.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;

using Fields = std::vector<std::pair<std::string, std::string>>;

namespace {

Fields all(Headers const& headers)
{
    return {headers.begin(), headers.end()};
}

} // namespace

TEST_CASE("headers: found without case, only when they occur once")
{
    Headers const headers{{"Content-Type", "text/plain"}, {"X-Twice", "a"}, {"x-twice", "a"}, {"Empty", ""}};
    CHECK(headers.find("content-type") == "text/plain");
    CHECK(headers.find("CONTENT-TYPE") == "text/plain");
    CHECK(headers.find("Content-Typ") == std::nullopt);
    CHECK(headers.find("Content-Types") == std::nullopt);
    CHECK(headers.find("X-Twice") == std::nullopt);
    CHECK(headers.count("X-TWICE") == 2);
    CHECK(headers.find("empty") == "");
    CHECK(headers.find("") == std::nullopt);
    CHECK(headers.count("none") == 0);
}

TEST_CASE("headers: only letters have a case")
{
    Headers const headers{{"X[Y", "1"}, {"\xc3\x84", "2"}};
    CHECK(headers.find("X{Y") == std::nullopt);       // '[' and '{' differ by the same bit as 'K' and 'k'
    CHECK(headers.find("\xc3\xa4") == std::nullopt);
}

TEST_CASE("headers: add keeps the order, set replaces every field of the name")
{
    Headers headers{{"A", "1"}, {"B", "2"}, {"a", "3"}};
    headers.add("B", "4");
    CHECK(all(headers) == Fields{{"A", "1"}, {"B", "2"}, {"a", "3"}, {"B", "4"}});
    headers.set("a", "5");
    CHECK(all(headers) == Fields{{"B", "2"}, {"B", "4"}, {"a", "5"}});
    headers.set("C", "6");
    CHECK(headers.find("c") == "6");
}

TEST_CASE("the path of a target ends at the first question mark")
{
    CHECK(path_of("/hooks/support?hub.mode=subscribe") == "/hooks/support");
    CHECK(path_of("/a?b?c") == "/a");
    CHECK(path_of("/a%3Fb") == "/a%3Fb");
    CHECK(path_of("/") == "/");
    CHECK(path_of("") == "");
    CHECK(path_of("?a=b") == "");
}

TEST_CASE("one query parameter, decoded")
{
    struct Case {
        std::string label;
        std::string target;
        std::string name;
        std::optional<std::string> expected;
    };
    auto const c = GENERATE(values<Case>({
        {"plain", "/h?a=1&b=2", "b", "2"},
        {"the first", "/h?a=1&b=2", "a", "1"},
        {"no query", "/h", "a", std::nullopt},
        {"empty query", "/h?", "a", std::nullopt},
        {"absent", "/h?a=1", "b", std::nullopt},
        {"not a part of a name", "/h?aa=1", "a", std::nullopt},
        {"empty value", "/h?a=&b=2", "a", ""},
        {"no equals sign", "/h?a&b=2", "a", ""},
        {"value with an equals sign", "/h?a=b=c", "a", "b=c"},
        {"plus is a space", "/h?a=1+2", "a", "1 2"},
        {"encoded plus", "/h?a=1%2B2", "a", "1+2"},
        {"both cases of hexadecimal digits", "/h?a=%c3%84%C3%a4", "a", "Ää"},
        {"encoded ampersand stays in the value", "/h?a=1%26b=2", "a", "1&b=2"},
        {"encoded at the very end", "/h?a=%41", "a", "A"},
        {"encoded name", "/h?hub%2Emode=subscribe", "hub.mode", "subscribe"},
        {"a zero byte is a byte", "/h?a=%00", "a", std::string(1, '\0')},
        {"repeated", "/h?a=1&a=1", "a", std::nullopt},
        {"repeated under its encoding", "/h?a=1&%61=2", "a", std::nullopt},
        {"cut off", "/h?a=%4", "a", std::nullopt},
        {"a lone percent sign", "/h?a=%", "a", std::nullopt},
        {"no hexadecimal digits", "/h?a=%zz", "a", std::nullopt},
        {"another one's bad encoding does not matter", "/h?b=%zz&a=1", "a", "1"},
        {"a question mark in the value", "/h?a=1?b=2", "a", "1?b=2"},
        {"empty pairs", "/h?&&a=1&", "a", "1"},
    }));
    INFO(c.label);
    CHECK(query_parameter(c.target, c.name) == c.expected);
}
