#include "player.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

using namespace deskbridge;

namespace {

std::vector<std::filesystem::path> conversations()
{
    std::vector<std::filesystem::path> files;
    for (auto const& entry : std::filesystem::directory_iterator{DESKBRIDGE_SOURCE_DIR "/tests/flow/conversations"})
        if (entry.path().extension() == ".txt")
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

/// Everything that a webhook can change.
std::vector<std::string> contents(test::World& world)
{
    return world.store.read([](store::Reading& reading) {
        std::vector<std::string> rows;
        for (auto const* sql :
             {"SELECT message_id || '/' || coalesce(ticket_id, 0) || '/' || text || '/' || matter FROM message",
              "SELECT ticket_id || '/' || status || '/' || unseen || '/' || version FROM ticket",
              "SELECT count(*) FROM journal", "SELECT count(*) FROM inbound_event", "SELECT count(*) FROM message_placement",
              "SELECT count(*) FROM message_version", "SELECT count(*) FROM message_parked", "SELECT count(*) FROM event",
              "SELECT count(*) FROM intent", "SELECT count(*) FROM timer", "SELECT count(*) FROM offer",
              "SELECT count(*) FROM shelf", "SELECT count(*) FROM contact", "SELECT count(*) FROM identity"}) {
            auto q = reading.prepare(sql);
            while (q.step())
                rows.push_back(q.text(0));
        }
        return rows;
    });
}

} // namespace

TEST_CASE("Conversations are threaded, acknowledged and answered as written", "[conversations]")
{
    auto const files = conversations();
    REQUIRE(files.size() >= 40);
    for (auto const& file : files) {
        DYNAMIC_SECTION(file.stem().string())
        {
            test::Player player;
            std::string failure;
            try {
                player.play(test::read_script(file));
            } catch (std::exception const& error) {
                failure = file.filename().string() + ":" + error.what() + "\n" + player.story();
            }
            INFO(failure);
            CHECK(failure.empty());

            // Replaying any webhook changes nothing, in whatever order.
            auto const before = contents(player.world);
            auto posted = player.posted();
            std::reverse(posted.begin(), posted.end());
            for (auto const& body : posted)
                CHECK(player.world.deliver(body).status == 200);
            CHECK(contents(player.world) == before);
        }
    }
}
