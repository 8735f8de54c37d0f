#include "disk_scene.hpp"

#include "database.hpp"
#include "plan.hpp"
#include "tally.hpp"

#include "support/read_file.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <fstream>

#include <sys/wait.h>

namespace fault {
namespace {

constexpr int disk_mib = 48;

void insert_after(std::string& text, std::string_view place, std::string_view what)
{
    text.insert(text.find(place) + place.size(), what);
}

} // namespace

DiskScene::DiskScene(std::string const& program, Setup const& setup)
    : program_{program}, sink{setup.provider}, disk{folder_.path() / "disk", disk_mib}, daemon{program, disk.path(), sink.port()}
{
    configure(setup);
    daemon.start();
}

void DiskScene::configure(Setup const& setup) const
{
    auto text = deskbridge::test::read_file(daemon.configuration());
    insert_after(text, "path = \"deskbridge.db\"\n",
                 fmt::format("low_water_bytes = {}\nballast_bytes = {}\n[media]\n{}", 4 * mib, 4 * mib, setup.media));
    std::ofstream{daemon.configuration()} << text;
    if (setup.log_elsewhere)
        std::filesystem::create_symlink(folder_.path() / "log", disk.path() / "log");
}

int DiskScene::post(int customer, std::size_t words)
{
    return post_content(customer, fmt::format(R"("type":"text","text":{{"body":"{}"}})", std::string(words, 'x')));
}

int DiskScene::post_photo(int customer)
{
    return post_content(customer, R"("type":"image","image":{"id":"photo","mime_type":"image/jpeg"})");
}

int DiskScene::post_content(int customer, std::string_view content)
{
    auto const id = fmt::format("wamid.full{}", ++posts_);
    auto const body = fmt::format(
        R"({{"object":"whatsapp_business_account","entry":[{{"id":"1","changes":[{{"field":"messages","value":{{"messaging_product":"whatsapp","metadata":{{"phone_number_id":"{}"}},"messages":[{{"from":"49151100{:05}","id":"{}","timestamp":"{}",{}}}]}}}}]}}]}})",
        Daemon::phone_number_id, customer, id, now_ms() / 1000, content);
    HttpConnection connection{daemon.port()};
    int const status = connection.post("/hooks/support", body, signature_of(Daemon::app_secret, body));
    (status == 200 ? promised_ : refused_).insert(id);
    return status;
}

double DiskScene::metric(std::string const& name) const
{
    HttpConnection connection{daemon.port()};
    auto const text = connection.read("/metrics");
    auto const at = text.find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
}

int DiskScene::run(std::string const& command) const
{
    auto const line = fmt::format("'{}' {} --config '{}' >/dev/null 2>'{}'", program_, command, daemon.configuration().string(), said_file().string());
    int const status = std::system(line.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string DiskScene::said() const
{
    return deskbridge::test::try_read_file(said_file()).value_or("");
}

long DiskScene::heal()
{
    using Clock = std::chrono::steady_clock;
    auto const begun = Clock::now();
    disk.free_up();
    expect(wait_for([this] { return ready() == 200; }), "it does not heal after space came back");
    return static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun).count());
}

void DiskScene::expect_refusals(std::string const& when)
{
    for (int i = 0; i < 20; ++i)
        if (int const status = post(i); !expect(status == 503, fmt::format("{}: a webhook was answered {}", when, status)))
            return;
    expect(ready() == 503, when + ": /readyz does not tell");
    expect(metric("deskbridge_disk_low") == 1, when + ": the figure does not tell");
    expect_readable(when);
    expect(run("ticket note 1 -m 'no room for this'") == 6, when + ": an agent's write is not refused as passing");
    expect(said().find("disk is almost full") != std::string::npos, when + ": the agent is not told why: " + said());
}

void DiskScene::expect_readable(std::string const& when) const
{
    expect(run("ticket ls") == 0, when + ": the inbox cannot be read: " + said());
    expect(run("ticket show 1") == 0, when + ": a ticket cannot be read: " + said());
}

void DiskScene::judge()
{
    expect(daemon.terminate() == 0, "SIGTERM: not a clean end");
    Database const database{daemon.database()};
    expect(database.value("PRAGMA integrity_check") == "ok", "the database is damaged");
    std::multiset<std::string> stored;
    for (auto const& row : database.rows("SELECT external_id FROM message WHERE direction = 'in'"))
        stored.insert(row.front());
    for (auto const& id : promised_)
        expect(stored.count(id) == 1, fmt::format("{} was answered 200 and is there {} times", id, stored.count(id)));
    for (auto const& id : refused_)
        expect(stored.count(id) <= 1, fmt::format("{} is there {} times", id, stored.count(id)));
}

} // namespace fault
