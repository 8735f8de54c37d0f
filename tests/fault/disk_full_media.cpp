#include "disk_full_media.hpp"

#include "database.hpp"
#include "disk_scene.hpp"
#include "photo_host.hpp"
#include "tally.hpp"

#include "support/read_file.hpp"

#include <fmt/format.h>


namespace fault {
namespace {

constexpr std::size_t photo_bytes = 8 * mib;
constexpr std::uint64_t room = 6 * mib; // above the low-water mark: it is tried
constexpr int media_disk_mib = 24;

std::uint64_t bytes_below(std::filesystem::path const& folder)
{
    std::uint64_t bytes = 0;
    for (auto const& each : std::filesystem::recursive_directory_iterator{folder})
        bytes += each.is_regular_file() ? each.file_size() : 0;
    return bytes;
}

/// Text goes on: refused only where it shares the disk with the photo, and then told.
void expect_text_taken(DiskScene& scene, bool apart, std::string const& when)
{
    int refused = 0;
    for (int i = 0; i < 20; ++i) {
        int const status = scene.post(i);
        refused += status == 503 ? 1 : 0;
        if (!expect(status == 200 || (status == 503 && !apart), fmt::format("{}: a text was answered {}", when, status)))
            return;
    }
    expect(refused == 0 || scene.metric("deskbridge_disk_low") == 1 || wait_for([&] { return scene.post(1) == 200; }),
           when + ": texts are refused, and the disk has room");
    scene.expect_readable(when);
}

/// The photo lies there, whole, under the name that the store has for it.
void judge_photo(DiskScene const& scene, std::filesystem::path const& media)
{
    Database const db{scene.daemon.database()};
    auto const rows = db.rows("SELECT state, size_bytes, sha256 FROM media");
    if (!expect(rows.size() == 1 && rows[0][0] == "fetched", "the photo is not there after space came back"))
        return;
    auto const bytes = deskbridge::test::try_read_file(media / rows[0][2].substr(0, 2) / rows[0][2].substr(2)).value_or("");
    expect(rows[0][1] == std::to_string(photo_bytes) && bytes == photo_of("photo", photo_bytes), "the photo is not the one that was sent");
}

void play(DiskScene& scene, SmallDisk& disk, std::filesystem::path const& media, bool apart)
{
    auto const outcome = [&](char const* word) { return scene.metric(fmt::format("deskbridge_media_fetches_total{{outcome=\"{}\"}}", word)); };
    expect(scene.post(1) == 200, "a webhook was refused with room enough");
    disk.fill(room);
    expect(scene.post_photo(1) == 200, "a photo's webhook was refused with room enough");
    expect(wait_for([&] { return outcome("again") >= 1; }), "the photo is not tried, or its failure is not counted");
    expect(outcome("fetched") == 0 && outcome("failed") == 0, "a photo without room counts as fetched or as given up");
    expect(wait_for([&] { return bytes_below(media) == 0; }), "what could not be written whole is left behind");
    expect_text_taken(scene, apart, apart ? "media disk full" : "no room for a photo");
    disk.free_up();
    expect(wait_for([&] { return scene.ready() == 200; }), "it does not heal after space came back");
    expect(wait_for([&] { return outcome("fetched") == 1; }, std::chrono::seconds{180}), "the photo is not fetched after space came back");
    expect(scene.post(1) == 200, "a webhook is refused after space came back");
}

} // namespace

void file_without_room(std::string const& program, bool apart)
{
    int const failed_before = tally().failed;
    ScratchFolder const folder;
    SmallDisk media_disk{folder.path() / "disk", media_disk_mib};
    auto const own = fmt::format("path = \"{}\"\nkeep_free_bytes = 0\n", (media_disk.path() / "media").string());
    DiskScene scene{program, {.media = apart ? own : "keep_free_bytes = 0\n",
                              .provider = [](std::string_view request) { return serve_photo_of(request, photo_bytes); },
                              .log_elsewhere = true}};
    auto const media = apart ? media_disk.path() / "media" : scene.disk.path() / "media";
    play(scene, apart ? media_disk : scene.disk, media, apart);
    scene.judge();
    judge_photo(scene, media);
    if (tally().failed > failed_before)
        fmt::print("media: the log:\n{}\n", scene.daemon.log());
}

} // namespace fault
