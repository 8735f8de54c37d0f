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
        }
    }
}
