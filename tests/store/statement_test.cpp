#include "scene.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace deskbridge;
using namespace deskbridge::store;
using test::TempStore;

namespace {

constexpr auto least = std::numeric_limits<std::int64_t>::min();
constexpr auto echo = "SELECT ?1, typeof(?1)";

template <class Bind, class Look>
void round_trip(Bind bind, std::string const& type, Look look)
{
    TempStore store;
    auto const seen = store.read([&](Reading& r) {
        auto q = r.prepare(echo);
        bind(q);
        q.step();
        look(q);
        return q.text(1);
    });
    CHECK(seen == type);
}

} // namespace

TEST_CASE("statement: values come back as they went in")
{
    using namespace std::string_literals;
    SECTION("text with a zero byte")
    {
        auto const text = "a\0ä"s;
        round_trip([&](Statement& q) { q.bind(1, text); }, "text", [&](Statement& q) { CHECK(q.text(0) == text); });
    }
    SECTION("an empty text is not NULL")
    {
        round_trip([](Statement& q) { q.bind(1, std::string_view{}); }, "text", [](Statement& q) {
            CHECK_FALSE(q.is_null(0));
            CHECK(q.maybe_text(0) == "");
        });
    }
    SECTION("an empty blob is not NULL")
    {
        round_trip([](Statement& q) { q.bind_blob(1, {}); }, "blob", [](Statement& q) { CHECK_FALSE(q.is_null(0)); });
    }
    SECTION("the smallest integer")
    {
        round_trip([](Statement& q) { q.bind(1, least); }, "integer", [](Statement& q) { CHECK(q.integer(0) == least); });
    }
    SECTION("a boolean")
    {
        round_trip([](Statement& q) { q.bind(1, true); }, "integer", [](Statement& q) { CHECK(q.boolean(0)); });
    }
    SECTION("no row is NULL, and back")
    {
        round_trip([](Statement& q) { q.bind(1, TicketId{}); }, "null", [](Statement& q) {
            CHECK_FALSE(q.id<TicketId>(0));
            CHECK(q.text(0).empty());
            CHECK(q.maybe_integer(0) == std::nullopt);
            CHECK(q.maybe_text(0) == std::nullopt);
        });
    }
    SECTION("an optional moment")
    {
        std::optional<Timestamp> const at{from_ms(1'767'571'200'123)};
        round_trip([&](Statement& q) { q.bind(1, at); }, "integer", [&](Statement& q) { CHECK(q.maybe_time(0) == at); });
    }
    SECTION("an optional without a value")
    {
        std::optional<Timestamp> const none;
        round_trip([&](Statement& q) { q.bind(1, none); }, "null", [](Statement& q) { CHECK(q.maybe_time(0) == std::nullopt); });
    }
}

TEST_CASE("statement: a cached one keeps nothing of its last use")
{
    TempStore store{{.readers = 1}};
    store.read([](Reading& r) {
        auto q = r.prepare(echo);
        q.bind(1, "left over");
        q.step();
    });
    CHECK(store.read([](Reading& r) {
        auto q = r.prepare(echo);
        q.step();
        return q.is_null(0);
    }));
}
