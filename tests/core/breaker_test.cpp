#include "deskbridge/core/breaker.hpp"

#include "support/noon.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace deskbridge;
using deskbridge::test::noon;
using namespace std::chrono_literals;

TEST_CASE("breaker: which outcomes say that the provider works")
{
    struct Case {
        std::string label;
        Outcome outcome;
        Sign sign;
    };
    auto const c = GENERATE(values<Case>({
        {"accepted", Accepted{{"m1"}, {}}, Sign::works},
        {"refused", Refused{"no"}, Sign::works},
        {"too fast", NotSent{.why = "429", .slows = NotSent::Slows::account}, Sign::works},
        {"its own error, to be tried again", NotSent{.why = "busy", .error = {131000, "", ""}}, Sign::works},
        {"no answer, nothing sent", NotSent{.why = "timeout"}, Sign::fails},
        {"no verdict", Unknown{"500", {}}, Sign::fails},
    }));
    INFO(c.label);
    CHECK(sign_of(c.outcome) == c.sign);
}

TEST_CASE("breaker: when it opens")
{
    struct Case {
        std::string label;
        std::vector<Sign> results; ///< a second apart
        bool opens;
    };
    auto const many = [](int n, Sign sign) { return std::vector<Sign>(static_cast<std::size_t>(n), sign); };
    auto const mixed = [](int works, int fails) {
        std::vector<Sign> out(static_cast<std::size_t>(works), Sign::works);
        out.insert(out.end(), static_cast<std::size_t>(fails), Sign::fails);
        return out;
    };
    auto const c = GENERATE_COPY(values<Case>({
        {"nineteen say nothing", many(19, Sign::fails), false},
        {"twenty that failed", many(20, Sign::fails), true},
        {"half of twenty", mixed(10, 10), true},
        {"less than half", mixed(12, 11), false},
        {"what is older than the window does not count", mixed(200, 20), true},
        {"four connections", many(4, Sign::no_connection), false},
        {"five connections in a row", many(5, Sign::no_connection), true},
        {"five, but not in a row", {Sign::no_connection, Sign::no_connection, Sign::no_connection, Sign::no_connection,
                                    Sign::works, Sign::no_connection}, false},
    }));
    INFO(c.label);
    Breaker breaker;
    auto now = noon;
    for (auto const sign : c.results) {
        (void)breaker.take(sign, now, 10);
        now += 1s;
    }
    CHECK(breaker.closed() != c.opens);
    CHECK(breaker.room(32) == (c.opens ? 1u : 32u));
    CHECK((breaker.ready_at(now) > now) == c.opens);
}

TEST_CASE("breaker: one tries after the rest; answered it goes on, else it rests longer")
{
    Breaker breaker{{.connections = 1}};
    auto const first = breaker.take(Sign::no_connection, noon, 10);
    REQUIRE(first.has_value());
    CHECK(*first == 10s);
    CHECK(breaker.ready_at(noon + 9s) == noon + 10s);

    // What was on its way when it opened says nothing new.
    CHECK_FALSE(breaker.take(Sign::works, noon + 1s, 10).has_value());
    CHECK_FALSE(breaker.take(Sign::fails, noon + 1s, 10).has_value());
    CHECK_FALSE(breaker.closed());

    auto const second = breaker.take(Sign::fails, noon + 10s, 20);
    REQUIRE(second.has_value());
    CHECK(*second == 20s);
    CHECK(breaker.room(32) == 1u);
    CHECK_FALSE(breaker.take(Sign::works, noon + 30s, 10).has_value());
    CHECK(breaker.closed());
    CHECK(*breaker.take(Sign::no_connection, noon + 31s, 10) == 10s);
}

TEST_CASE("breaker: a clock that was set back makes the rest no longer")
{
    Breaker breaker{{.connections = 1}};
    (void)breaker.take(Sign::no_connection, noon, 10);
    breaker.set_back(1h);
    CHECK(breaker.ready_at(noon - 1h) == noon - 1h + 10s);
}
