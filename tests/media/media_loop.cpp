#include "arguments.hpp"
#include "command_line.hpp"
#include "daemon.hpp"
#include "http.hpp"
#include "phone.hpp"
#include "tally.hpp"

#include "support/read_file.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <fstream>
#include <thread>

using namespace fault;
using nlohmann::json;

namespace {

constexpr auto usage = R"(media_loop --deskbridge PROGRAM

A customer's files through both halves of the program as processes: fetched, kept by their hash, shown, served and saved;
links that expire, bodies that break off, lies about size and hash, foreign hosts, redirects, and a restart in between.
)";

std::string const jpeg = std::string{"\xFF\xD8\xFF\xE0"} + std::string(200'000, 'j');

/// The command line of the program, with the daemon's configuration.
struct Desk {
    CommandLine commands;

    [[nodiscard]] bool run(std::string const& command) const { return commands.succeeds(command); }
    [[nodiscard]] std::string output(std::string const& command) const { return commands.run(command).words; }
    /// All files of ticket 1, oldest first.
    [[nodiscard]] json files() const
    {
        auto const ticket = json::parse(output("ticket show 1 --peek --json"), nullptr, false);
        auto all = json::array();
        if (ticket.is_object() && ticket.contains("timeline"))
            for (auto const& message : ticket.at("timeline"))
                for (auto const& file : message.at("attachments"))
                    all.push_back(file);
        return all;
    }
    [[nodiscard]] json file(std::size_t index) const
    {
        auto const all = files();
        return index < all.size() ? all[index] : json::object();
    }
    [[nodiscard]] bool is(std::size_t index, std::string const& state, std::string const& reason = {}) const
    {
        auto const one = file(index);
        bool const same_reason = reason.empty() || (one.contains("reason") && one.at("reason") == reason);
        return one.value("state", "") == state && same_reason;
    }
    bool comes(std::size_t index, std::string const& state, std::string const& reason = {}) const
    {
        return wait_for([&] { return is(index, state, reason); });
    }
};

std::size_t kept_files(std::filesystem::path const& media)
{
    std::size_t count = 0;
    for (auto const& entry : std::filesystem::recursive_directory_iterator{media})
        count += entry.is_regular_file() ? 1U : 0U;
    return count;
}

void check_good(Phone& phone, Desk const& desk, std::filesystem::path const& folder)
{
    phone.sends(jpeg);
    expect(desk.comes(0, "fetched"), "a photo is not fetched");
    auto const file = desk.file(0);
    expect(file.value("content_type", "") == "image/jpeg" && file.value("size_bytes", 0U) == jpeg.size(), "type or size is wrong: " + file.dump());
    auto const saved = folder / "saved.jpg";
    auto const command = fmt::format("ticket attachment save 1 {} '{}'", file.value("id", 0), saved.string());
    expect(desk.run(command), "media save fails");
    expect(deskbridge::test::try_read_file(saved) == jpeg, "what was saved is not what was sent");
    expect(!desk.run(command), "media save overwrites a file");
    expect(!desk.run(fmt::format("ticket attachment save 1 999 '{}'", (folder / "none").string())), "a file that is not there is saved");
    phone.sends(jpeg);
    expect(desk.comes(1, "fetched"), "the same photo again is not fetched");
    expect(kept_files(folder / "media") == 1, "the same content does not lie there once");
}

/// Each kind of trouble, and what the ticket says in the end. Those that pass are retried within seconds.
void check_troubles(Phone& phone, Desk const& desk)
{
    std::size_t index = 2;
    auto const photo = [&] { return jpeg + std::to_string(index); };
    for (auto const* kind : {"expired", "redirect", "slow", "busy", "cut", "truncated", "wrong_hash"}) {
        phone.goes_wrong(kind);
        phone.sends(photo());
        expect(desk.comes(index, "fetched"), fmt::format("{}: not fetched in the end: {}", kind, desk.file(index).dump()));
        ++index;
    }
    for (auto const& [kind, reason] : {std::pair{"elsewhere", "forbidden"}, std::pair{"inside", "forbidden"}, std::pair{"too_big", "too_big"}}) {
        phone.goes_wrong(kind);
        phone.sends(photo());
        expect(desk.comes(index, "failed", reason), fmt::format("{}: not refused: {}", kind, desk.file(index).dump()));
        ++index;
    }
    expect(!desk.run(fmt::format("ticket attachment save 1 {} -", desk.file(index - 1).value("id", 0))), "a file that is not here is saved");
    expect(desk.run("ticket attachment retry 1"), "attachment retry fails");
    for (std::size_t i = index - 3; i < index; ++i)
        expect(desk.comes(i, "fetched"), "not fetched after an agent asked for it: " + desk.file(i).dump());
}

void check_bytes_decide(Phone& phone, Desk const& desk)
{
    auto const index = desk.files().size();
    phone.sends(std::string{"MZ\x90\x00\x03 not a photo", 18});
    expect(desk.comes(index, "fetched"), "a program that is called a photo is not kept");
    expect(desk.file(index).value("content_type", "") == "application/octet-stream", "a program is called a photo: " + desk.file(index).dump());
}

void check_restart(Daemon& daemon, Phone& phone, Desk const& desk, std::filesystem::path const& folder)
{
    auto const index = desk.files().size();
    phone.goes_wrong("slow");
    phone.sends(jpeg + "restart");
    expect(wait_for([&] { return desk.files().size() > index; }), "no message");
    daemon.kill();
    std::ofstream{folder / "media" / "incoming" / "left"} << "over";
    daemon.start();
    expect(!std::filesystem::exists(folder / "media" / "incoming" / "left"), "what a crash left is still there");
    expect(desk.comes(index, "fetched"), "not fetched after a crash: " + desk.file(index).dump());
    expect(daemon.terminate() == 0, "SIGTERM: not a clean end");
    for (auto const& entry : std::filesystem::directory_iterator{folder / "media" / "incoming"})
        expect(false, "left behind: " + entry.path().string());
}

void run(Arguments const& arguments)
{
    std::string const program = std::filesystem::absolute(arguments.text("--deskbridge"));
    ScratchFolder const folder;
    int const provider = free_port();
    Daemon daemon{program, folder.path(), provider};
    Phone phone{program, folder.path(), provider, daemon.port()};
    daemon.start();
    Desk const desk{{program, daemon.configuration()}};
    expect(desk.commands.add_tester(), "no agent");
    check_good(phone, desk, folder.path());
    check_troubles(phone, desk);
    check_bytes_decide(phone, desk);
    check_restart(daemon, phone, desk, folder.path());
    expect(daemon.log().find(Daemon::token) == std::string::npos, "the token is in the log");
}

} // namespace

int main(int argc, char** argv)
{
    try {
        run(Arguments{argc, argv, usage});
    } catch (std::exception const& error) { // so that the processes it started end with it
        expect(false, error.what());
    }
    return conclude();
}
