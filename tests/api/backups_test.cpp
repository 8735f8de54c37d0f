#include "api_world.hpp"

#include "support/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <thread>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

TEST_CASE("backups: begun, followed, and refused with a reason")
{
    ApiWorld world;
    ScratchFolder const folder;
    nlohmann::json const order{{"file", (folder.path() / "copy.db").string()}};
    auto const none = world.call({"GET", "/v1/backups/latest"});
    CHECK(none.status == 200);
    CHECK(none.json.at("state") == "none");
    CHECK(world.call({"POST", "/v1/backups"}).status == 422);
    CHECK(world.call({"POST", "/v1/backups", {{"file", "copy.db"}}}).status == 422);
    CHECK(world.call({"POST", "/v1/backups", {{"file", "/copy.db"}, {"repalce", true}}}).status == 422);
    CHECK(world.call({"POST", "/v1/backups", order}).status == 202);
    std::string state;
    for (int looks = 0; looks < 6000 && state != "done"; ++looks) {
        std::this_thread::sleep_for(10ms); // the copy has a thread of its own
        state = world.call({"GET", "/v1/backups/latest"}).json.value("state", "");
        REQUIRE(state != "failed");
    }
    CHECK(state == "done");
    auto const again = world.call({"POST", "/v1/backups", order});
    CHECK(again.status == 409);
    CHECK(again.json.value("type", "") == "/problems/conflict");
    CHECK_THAT(again.json.value("detail", ""), Catch::Contains("--force"));
}
