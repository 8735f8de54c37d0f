#include "backup_routes.hpp"
#include "public_routes.hpp"

#include "support/fake_clock.hpp"
#include "support/temp_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <thread>

#include <unistd.h>

using namespace deskbridge;
using namespace std::chrono_literals;

namespace {

HttpResponse ask(std::vector<net::Route> const& routes, std::string const& pattern, net::Request request)
{
    for (auto const& route : routes) {
        if (route.pattern != pattern)
            continue;
        boost::asio::io_context io;
        net::Reply reply;
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

net::Request from(std::optional<std::uint32_t> uid, std::string body = {})
{
    net::Request request;
    request.peer_uid = uid;
    request.http.body = std::move(body);
    return request;
}

/// What stands behind the routes for backups.
struct Behind {
    test::TempStore store;
    test::FakeClock clock;
    channel::AccountContexts accounts;
    desk::Desk desk{desk::Desk::Parts{.store = *store, .clock = clock, .accounts = accounts, .dice = {}, .on_queued = {}, .settle = {}}};
    std::vector<net::Route> routes = app::with_backups({}, *store, desk);
    test::ScratchFolder folder;

    [[nodiscard]] std::string order() const { return nlohmann::json{{"file", (folder.path() / "copy.db").string()}}.dump(); }
};

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
    auto const answer = ask(app::health_routes(readiness), "/readyz", from({}));
    CHECK(answer.status == c.status);
    CHECK(answer.body == c.body);
}

TEST_CASE("backups: for administrators on the control socket alone")
{
    Behind behind;
    struct Case {
        std::string label;
        std::optional<std::uint32_t> uid;
        int status;
    };
    std::vector<Case> const cases{{"over TCP", std::nullopt, 403}, {"a user whom nobody added", 4'000'000, 403}, {"root", 0, 200}};
    for (auto const& c : cases) {
        INFO(c.label);
        CHECK(ask(behind.routes, "/v1/backups/latest", from(c.uid)).status == c.status);
    }
    CHECK(ask(behind.routes, "/v1/backups", from(4'000'000, behind.order())).status == 403);
    CHECK(behind.store->backup().state == store::BackupProgress::State::none);
}

TEST_CASE("backups: begun, followed, and refused with a reason")
{
    Behind behind;
    CHECK(ask(behind.routes, "/v1/backups", from(0, "no JSON")).status == 422);
    CHECK(ask(behind.routes, "/v1/backups", from(0, R"({"file":"copy.db"})")).status == 422);
    CHECK(ask(behind.routes, "/v1/backups", from(0, behind.order())).status == 202);
    std::string state;
    for (int tries = 0; tries < 6000 && state != "done"; ++tries) {
        std::this_thread::sleep_for(10ms);
        auto const latest = nlohmann::json::parse(ask(behind.routes, "/v1/backups/latest", from(0)).body);
        state = latest.at("state").get<std::string>();
        REQUIRE(state != "failed");
    }
    CHECK(state == "done");
    auto const again = ask(behind.routes, "/v1/backups", from(0, behind.order()));
    CHECK(again.status == 409);
    CHECK_THAT(nlohmann::json::parse(again.body).at("detail").get<std::string>(), Catch::Contains("--force"));
}
