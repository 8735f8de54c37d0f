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
#include <filesystem>
#include <fstream>
#include <thread>

using namespace fault;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr auto usage = R"(outgoing_loop --deskbridge PROGRAM

An agent's files through both halves of the program as processes: brought in, uploaded, delivered once, shown and saved; uploads whose
answer is lost, ids that the provider has forgotten, files that are too large, and crashes among uploads.
)";

std::string const pdf = "%PDF-1.7 " + std::string(300'000, 'o');

struct Desk {
    CommandLine commands;

    [[nodiscard]] CommandLine::Answer run(std::string const& command) const { return commands.run(command); }
    /// Our messages of ticket 1, oldest first.
    [[nodiscard]] json sent() const
    {
        auto const ticket = json::parse(commands.run("ticket show 1 --peek --json").words, nullptr, false);
        auto ours = json::array();
        if (ticket.is_object() && ticket.contains("timeline"))
            for (auto const& message : ticket.at("timeline"))
                if (message.value("direction", "") == "out" && message.value("class", "") == "agent")
                    ours.push_back(message);
        return ours;
    }
    /// The delivery of the message with this text.
    [[nodiscard]] std::string delivery(std::string const& text) const
    {
        for (auto const& message : sent())
            if (message.value("text", "") == text)
                return message.value("delivery", "");
        return {};
    }
    [[nodiscard]] bool arrives(std::string const& text, std::string const& state = "delivered") const
    {
        return wait_for([&] { auto const is = delivery(text); return is == state || (state == "delivered" && is == "read"); });
    }
    void reply(std::string const& text, fs::path const& file) const
    {
        auto const said = run(fmt::format("ticket reply 1 -m '{}' --file '{}'", text, file.string()));
        expect(said.status == 0, "reply --file fails: " + said.words);
    }
};

fs::path write_file(fs::path const& path, std::string const& bytes)
{
    std::ofstream{path, std::ios::binary} << bytes;
    return path;
}

/// How many messages with this caption are on the phone.
std::size_t copies(Phone const& phone, std::string const& caption)
{
    std::size_t count = 0;
    for (auto const& message : phone.files())
        count += message.at("content").value("caption", "") == caption ? 1U : 0U;
    return count;
}

void check_good(Phone const& phone, Desk const& desk, fs::path const& folder)
{
    auto const offer = write_file(folder / "our offer.pdf", pdf);
    desk.reply("Your offer", offer);
    expect(desk.arrives("Your offer"), "a file is not delivered: " + desk.sent().dump());
    auto const on_phone = phone.files();
    if (on_phone.size() != 1) {
        expect(false, "the phone does not show one file: " + on_phone.dump());
        return;
    }
    auto const& content = on_phone.at(0).at("content");
    expect(on_phone.at(0).value("type", "") == "document" && content.value("filename", "") == "our offer.pdf", "not as a document with its name");
    expect(phone.bytes_of(content.value("id", "")) == pdf, "the phone has other bytes");
    auto const file = desk.sent().at(0).at("attachments").at(0);
    expect(file.value("file_name", "") == "our offer.pdf" && file.value("size_bytes", 0U) == pdf.size(), "show: " + file.dump());
    auto const saved = folder / "saved.pdf";
    expect(desk.run(fmt::format("ticket attachment save 1 {} '{}'", file.value("id", 0), saved.string())).status == 0, "save fails");
    expect(deskbridge::test::try_read_file(saved) == pdf, "what was saved is not what was sent");
    expect(file.value("content_type", "") == "application/pdf", "show does not tell the type: " + file.dump());
    desk.reply("The same again", offer);
    expect(desk.arrives("The same again"), "the same file again is not delivered");
    expect(phone.uploads() == 1, "a file that the provider has is uploaded again");
}

void check_lost(Phone const& phone, Desk const& desk, fs::path const& folder)
{
    for (auto const* kind : {"upload_lost", "upload_busy"}) {
        auto const caption = fmt::format("Through {}", kind);
        auto const before = phone.uploads();
        phone.goes_wrong(kind);
        desk.reply(caption, write_file(folder / "lost.pdf", pdf + kind));
        expect(desk.arrives(caption), fmt::format("{}: not delivered in the end: {}", kind, desk.delivery(caption)));
        expect(copies(phone, caption) == 1, fmt::format("{}: not exactly once on the phone", kind));
        auto const taken = std::string{kind} == "upload_lost" ? 2U : 1U;
        expect(phone.uploads() == before + taken, fmt::format("{}: {} uploads taken", kind, phone.uploads() - before));
    }
}

/// The provider says only later that it knows the id no more: the agent is told, and tries again.
void check_forgotten(Phone const& phone, Desk const& desk, fs::path const& folder)
{
    phone.goes_wrong("upload_forgotten");
    desk.reply("Forgotten", write_file(folder / "forgotten.pdf", pdf + "forgotten"));
    expect(desk.arrives("Forgotten", "failed"), "a forgotten id does not fail: " + desk.delivery("Forgotten"));
    auto const ours = desk.sent();
    auto const retried = desk.run(fmt::format("outbox retry {}", ours.at(ours.size() - 1).value("id", 0)));
    expect(retried.status == 0, "outbox retry fails: " + retried.words);
    expect(desk.arrives("Forgotten"), "not delivered after a retry: " + desk.delivery("Forgotten"));
    expect(copies(phone, "Forgotten") == 1, "forgotten: not exactly once on the phone");
}

/// Nothing of these is queued, and each is told with what would be taken.
void check_refused(Desk const& desk, fs::path const& folder)
{
    auto const before = desk.sent().size();
    auto const huge = write_file(folder / "huge.pdf", pdf);
    fs::resize_file(huge, (100u << 20) + 1);
    auto const too_large = desk.run(fmt::format("ticket reply 1 --file '{}'", huge.string()));
    expect(too_large.status == 2, "a file that is too large: " + too_large.words);
    auto const strange = write_file(folder / "program.bin", std::string{"\x7f" "ELF\0\0", 6});
    auto const refused = desk.run(fmt::format("ticket reply 1 --file '{}'", strange.string()));
    expect(refused.status == 2 && refused.words.find("program.bin (of an unknown type") != std::string::npos &&
               refused.words.find("document (any known type, up to 100 MiB)") != std::string::npos,
           "a program is not refused with what would be taken: " + refused.words);
    expect(desk.run(fmt::format("ticket reply 1 --file '{}'", (folder / "none").string())).status == 2, "a file that is not there");
    expect(desk.sent().size() == before, "something was queued");
}

/// Uploads go before the journal: a crash among them leaves nothing in doubt.
void check_crash(Daemon& daemon, Phone const& phone, Desk const& desk, fs::path const& folder)
{
    phone.goes_wrong("upload_lost", -1); // however late the kill comes, it finds an upload and no send
    auto const before = phone.uploads();
    desk.reply("Crash", write_file(folder / "crash.pdf", pdf + "crash"));
    expect(wait_for([&] { return phone.uploads() > before; }), "no upload");
    daemon.kill();
    phone.goes_right();
    daemon.start();
    expect(desk.arrives("Crash"), "not delivered after a crash between upload and send: " + desk.delivery("Crash"));
    expect(copies(phone, "Crash") == 1, "crash: not exactly once on the phone");

    std::string large = "%PDF-1.7 ";
    large.resize(60u << 20, 'l');
    auto const larger = write_file(folder / "large.pdf", large);
    auto const uploads = phone.uploads();
    desk.reply("Large", larger);
    daemon.kill(); // most likely in the midst of the upload
    daemon.start();
    expect(desk.arrives("Large"), "not delivered after a crash in an upload: " + desk.delivery("Large"));
    expect(copies(phone, "Large") == 1 && phone.uploads() > uploads, "large: not exactly once on the phone");
    expect(daemon.resident_kib() < 60 * 1024, fmt::format("{} KiB resident after a file of 60 MiB", daemon.resident_kib()));
    expect(daemon.terminate() == 0, "SIGTERM: not a clean end");
}

void run(Arguments const& arguments)
{
    std::string const program = fs::absolute(arguments.text("--deskbridge"));
    ScratchFolder const folder;
    int const provider = free_port();
    Daemon daemon{program, folder.path(), provider};
    Phone const phone{program, folder.path(), provider, daemon.port()};
    daemon.start();
    Desk const desk{{program, daemon.configuration()}};
    expect(desk.commands.add_tester(), "no agent");
    phone.says("May I have an offer?");
    expect(wait_for([&] { return desk.run("ticket show 1 --peek --json").status == 0; }), "no ticket");
    check_good(phone, desk, folder.path());
    check_lost(phone, desk, folder.path());
    check_forgotten(phone, desk, folder.path());
    check_refused(desk, folder.path());
    check_crash(daemon, phone, desk, folder.path());
    expect(daemon.log().find(Daemon::token) == std::string::npos, "the token is in the log");
    expect(daemon.log().find("offer") == std::string::npos, "a file's name is in the log");
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
