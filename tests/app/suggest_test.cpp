#include "suggest.hpp"

#include <catch2/catch.hpp>

#include <vector>

TEST_CASE("the nearest known word is suggested, and none when nothing is near")
{
    std::vector<std::string> const known{"listen", "public_url", "socket", "certificate"};
    struct Case {
        std::string typed;
        std::string meant;
    };
    auto const c = GENERATE(values<Case>({
        {"lisen", "listen"}, {"lsiten", "listen"}, {"publicurl", "public_url"}, {"public-url", "public_url"},
        {"certificat", "certificate"}, {"sokcet", "socket"}, {"colour", ""}, {"", ""},
    }));
    INFO(c.typed);
    CHECK(deskbridge::app::suggest(c.typed, known) == c.meant);
}
