#include "terminal.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge::app;

TEST_CASE("a stranger's text cannot steer the terminal")
{
    CHECK(safe("a\x1b[31mred").find('\x1b') == std::string::npos);
    CHECK(safe("a\nb\tc") == "a b c");
    CHECK(safe("a\nb", false) == "a\nb");
    CHECK(safe("evil\u202egnp.exe") == "evilgnp.exe");
    CHECK(safe("caf\u00e9 \U0001F44B") == "caf\u00e9 \U0001F44B");
}

TEST_CASE("text is cut by what it takes on a terminal")
{
    CHECK(display_width("abc") == 3);
    CHECK(display_width("日本") == 4);
    CHECK(fit("abcdef", 6) == "abcdef");
    CHECK(fit("abcdefg", 6) == "abcde…");
    CHECK(fit("日本語", 5) == "日本…");
}
