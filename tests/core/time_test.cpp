#include "deskbridge/core/time.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace deskbridge;

TEST_CASE("RFC 3339 is read with any offset and written in UTC")
{
    struct Case {
        std::string text;
        std::optional<std::string> canonical;
    };
    auto const c = GENERATE(values<Case>({
        {"2026-11-21T14:03:09.120Z", "2026-11-21T14:03:09.120Z"},
        {"2026-11-21T14:03:09Z", "2026-11-21T14:03:09.000Z"},
        {"2026-11-21t16:03:09.1+02:00", "2026-11-21T14:03:09.100Z"},
        {"2026-01-01T00:00:00-00:30", "2026-01-01T00:30:00.000Z"},
        {"2026-02-29T00:00:00Z", std::nullopt},
        {"2026-11-21T24:00:00Z", std::nullopt},
        {"2026-11-21T14:03:09", std::nullopt},
        {"2026-11-21T14:03:09.Z", std::nullopt},
        {"2026-11-21T14:03:09Z ", std::nullopt},
        {"0000-01-01T00:00:00+00:00", "0000-01-01T00:00:00.000Z"},
        {"0000-01-01T00:00:00+00:01", std::nullopt}, // in the year before the first that has four digits
        {"9999-12-31T23:59:59.999-00:01", std::nullopt},
        {"", std::nullopt},
    }));
    INFO(c.text);
    auto const at = parse_rfc3339(c.text);
    REQUIRE(at.has_value() == c.canonical.has_value());
    if (at)
        CHECK(render_rfc3339(*at) == *c.canonical);
}
