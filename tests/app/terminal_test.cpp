#include "answers.hpp"
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

TEST_CASE("nor can it in JSON, which says the same as before")
{
    struct Case {
        std::string text;
        std::string json;
    };
    auto const c = GENERATE(values<Case>({
        {"a\u009b31mred", R"("a\u009b31mred")"},
        {"\u0080\u009f", R"("\u0080\u009f")"},
        {"\x7f\x1b", R"("\u007f\u001b")"},
        {"evil\u202egnp.exe", R"("evil\u202egnp.exe")"},
        {"\u061c\u200e\u200f\u2028\u202a\u2066\u2069", R"("\u061c\u200e\u200f\u2028\u202a\u2066\u2069")"},
        {"caf\u00e9 \u00a0\u2030\u2065\u206a 日本 \U0001F44B", "\"caf\u00e9 \u00a0\u2030\u2065\u206a 日本 \U0001F44B\""},
        {"caf\xe9", "\"caf\ufffd\""},
    }));
    INFO(c.json);
    CHECK(render_line(c.text) == c.json);
    if (c.text != "caf\xe9")
        CHECK(nlohmann::json::parse(render_line({{"key \u009b", c.text}})).at("key \u009b") == c.text);
}

TEST_CASE("text is cut by what it takes on a terminal")
{
    CHECK(display_width("abc") == 3);
    CHECK(display_width("日本") == 4);
    CHECK(fit("abcdef", 6) == "abcdef");
    CHECK(fit("abcdefg", 6) == "abcde…");
    CHECK(fit("日本語", 5) == "日本…");
}

TEST_CASE("sizes are told in what they are counted in")
{
    CHECK(size_text(0) == "0 bytes");
    CHECK(size_text(1) == "1 byte");
    CHECK(size_text(1023) == "1023 bytes");
    CHECK(size_text(1024) == "1 KiB");
    CHECK(size_text(1025) == "2 KiB");
    CHECK(size_text((1u << 20) - 1024) == "1023 KiB");
    CHECK(size_text(3u << 19) == "1.5 MiB");
}
