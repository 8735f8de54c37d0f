#include "deskbridge/core/account_health.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp noon = from_ms(1'795'910'400'000);

} // namespace

TEST_CASE("account health: each word is read as it is written, and no other is")
{
    for (auto const aspect : {HealthAspect::standing, HealthAspect::sending, HealthAspect::review, HealthAspect::quality,
                              HealthAspect::limit, HealthAspect::throughput, HealthAspect::name, HealthAspect::number, HealthAspect::token,
                              HealthAspect::subscription, HealthAspect::hook, HealthAspect::security, HealthAspect::alert,
                              HealthAspect::silence})
        CHECK(parse_health_aspect(render_health_aspect(aspect)) == aspect);
    for (auto const severity : {Severity::ok, Severity::warning, Severity::error})
        CHECK(parse_severity(render_severity(severity)) == severity);
    for (auto const source : {HealthSource::webhook, HealthSource::check, HealthSource::deskbridge})
        CHECK(parse_health_source(render_health_source(source)) == source);
    CHECK_FALSE(parse_health_aspect("mood"));
    CHECK_FALSE(parse_severity("OK"));
    CHECK_FALSE(parse_health_source(""));
}

TEST_CASE("account health: what has an end is over when that has come, but for a token")
{
    struct Case {
        std::string label;
        HealthFinding finding;
        bool over;
    };
    auto const finding = [](HealthAspect aspect, Severity severity, std::optional<Timestamp> until) {
        HealthFinding one{aspect, "x", severity};
        one.until = until;
        return one;
    };
    std::vector<Case> const cases{
        {"a restriction that lasts", finding(HealthAspect::standing, Severity::error, std::nullopt), false},
        {"one that still lasts", finding(HealthAspect::standing, Severity::error, noon + 1s), false},
        {"one that ends now", finding(HealthAspect::standing, Severity::error, noon), true},
        {"what is well has no end", finding(HealthAspect::standing, Severity::ok, noon), false},
        {"a token that ended", finding(HealthAspect::token, Severity::warning, noon - 1h), false},
    };
    for (auto const& c : cases) {
        INFO(c.label);
        CHECK(is_over(c.finding, noon) == c.over);
    }
}
