#include "public_routes.hpp"

#include "support/temp_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace deskbridge;

namespace {

HttpResponse ask(std::vector<net::Route> const& routes, std::string const& pattern)
{
    for (auto const& route : routes) {
        if (route.pattern != pattern)
            continue;
        boost::asio::io_context io;
        net::Reply reply;
        net::Request request;
        boost::asio::co_spawn(io, route.handler(request), [&reply](std::exception_ptr crash, net::Reply answer) {
            REQUIRE(!crash);
            reply = std::move(answer);
        });
        io.run();
        return reply.head;
    }
    FAIL("no route " << pattern);
    return {};
}

} // namespace

TEST_CASE("readiness: told with its reason, and only while there is room")
{
    struct Case {
        std::string label;
        bool ready;
        std::uint64_t low_water;
        int status;
        std::string body;
    };
    auto const c = GENERATE(values<Case>({
        {"before recovery", false, 0, 503, "not ready\n"},
        {"in work", true, 0, 200, "ready\n"},
        {"below the low-water mark", true, std::uint64_t{1} << 60, 503, "not ready: disk_low\n"},
    }));
    INFO(c.label);
    test::TempStore store{{.low_water = c.low_water}};
    app::Readiness const readiness{c.ready, &*store};
    auto const answer = ask(app::health_routes(readiness), "/readyz");
    CHECK(answer.status == c.status);
    CHECK(answer.body == c.body);
}
