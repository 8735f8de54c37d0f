#include "reload.hpp"

#include "support/lines.hpp"
#include "support/replaced.hpp"
#include "support/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/co_spawn.hpp>

#include <future>
#include <vector>

using namespace deskbridge;
using test::replaced;
using namespace deskbridge::app;

namespace {

using Said = std::vector<std::string>;

std::string const running = R"([server]
public_url = "https://desk.example.org"
[store]
path = "deskbridge.db"
[[account]]
name = "support"
channel = "whatsapp"
phone_number_id = "700100200300400"
texts = "texts.json"
app_secret = { file = "app_secret" }
access_token = { file = "app_secret" }
verify_token = { file = "app_secret" }
)";

/// What is logged when `running` becomes `fresh`; the file of texts then says `texts`.
Said said(std::string const& fresh, std::string_view texts = "{}")
{
    test::ScratchFolder const folder;
    std::filesystem::permissions(folder.write("app_secret", "hunter2"), std::filesystem::perms{0600});
    (void)folder.write("texts.json", "{}");
    Problems problems;
    auto const before = load_config(folder.write("d.toml", running), problems, Secrets::resolve);
    REQUIRE(before.has_value());
    (void)folder.write("texts.json", texts);
    auto const after = load_config(folder.write("d.toml", fresh), problems, Secrets::resolve);
    test::Lines log;
    log_reload(log, *before, after, problems);
    for (auto& line : log.lines)
        for (auto at = line.find(folder.path().string()); at != std::string::npos; at = line.find(folder.path().string()))
            line.erase(at, folder.path().string().size() + 1);
    return log.lines;
}

} // namespace

TEST_CASE("reload: what differs and waits for a restart is named, without its value")
{
    auto const second = replaced(replaced(running.substr(running.find("[[account]]")), "support", "sales"), "700100200300400", "7");
    struct Case {
        std::string label;
        std::string fresh;
        Said said;
    };
    auto const c = GENERATE_COPY(values<Case>({
        {"nothing", running, {"secrets_reloaded 1"}},
        {"a comment and blanks", "# note\n" + replaced(running, "path = ", "path   =   "), {"secrets_reloaded 1"}},
        {"a secret from elsewhere is taken over", replaced(running, "{ file = \"app_secret\" }", "[{ file = \"app_secret\" }, { file = \"texts.json\" }]"),
         {"configuration_doubtful d.toml:10: account[0].app_secret: found texts.json", "secrets_reloaded 1"}},
        {"another value, and a new key", replaced(replaced(running, "deskbridge.db", "other.db"), "[store]", "listen = \"127.0.0.1:1\"\n[store]"),
         {"secrets_reloaded 1", "restart_needed server.listen", "restart_needed store.path"}},
        {"a key within a table", running + "notices = { solved = false }\n", {"secrets_reloaded 1", "restart_needed account.support.notices.solved"}},
        {"an account more", running + second,
         {"secrets_reloaded 2", "restart_needed account.sales.channel", "restart_needed account.sales.name",
          "restart_needed account.sales.phone_number_id", "restart_needed account.sales.texts"}},
        {"a mistake: nothing is taken over", replaced(running, "phone_number_id", "phone_number"),
         {"reload_refused d.toml:5: account[0].phone_number_id: found nothing; expected this key in [account[0]]",
          "reload_refused d.toml:8: account[0].phone_number: found an unknown key; expected a known key (did you mean \"phone_number_id\"?)"}},
        {"a secret that is gone: nothing is taken over", replaced(running, "{ file = \"app_secret\" }", "{ file = \"gone\" }"),
         {"reload_refused d.toml:10: account[0].app_secret: found gone, which does not exist; expected a secret of one line that this user can read"}},
        {"no TOML any more", replaced(running, "[store]", "[store"),
         {"reload_refused d.toml:3:7: found a section's name that does not end; expected [section] or [[account]] with as many ] as ["}},
    }));
    INFO(c.label);
    auto got = said(c.fresh);
    for (auto& line : got)
        if (line.starts_with("configuration_doubtful"))
            line.erase(line.find(", which"));
    CHECK(got == c.said);
}

TEST_CASE("reload: other texts in the same file wait for a restart")
{
    CHECK(said(running, R"({"en": {}})") == Said{"secrets_reloaded 1", "restart_needed account.support.texts"});
}

TEST_CASE("reload: reading does not hold up the reactor, and being told meanwhile reads once more")
{
    test::ScratchFolder const folder;
    std::filesystem::permissions(folder.write("app_secret", "hunter2"), std::filesystem::perms{0600});
    (void)folder.write("texts.json", "{}");
    Problems problems;
    auto const config = load_config(folder.write("d.toml", running), problems, Secrets::resolve);
    REQUIRE(config.has_value());
    test::Lines log;
    boost::asio::io_context io{1};
    async::Pool pool{1};
    async::TaskGroup tasks{io, log};
    int taken{0};
    Reload reload{{tasks, pool, *config, log, [&](std::optional<Config> const& fresh) { taken += fresh ? 1 : 0; }}};

    std::promise<void> disk; // the pool's only thread waits for it
    auto wait = [answers = disk.get_future().share()] { answers.wait(); };
    boost::asio::co_spawn(io, pool.run(wait), [](std::exception_ptr) {});
    io.poll();
    reload.begin();
    io.poll();
    CHECK(taken == 0);
    reload.begin();
    disk.set_value();
    io.run();
    CHECK(taken == 2);
    CHECK(log.lines == Said{"secrets_reloaded 1", "secrets_reloaded 1"});

    reload.begin();
    io.restart();
    io.run();
    CHECK(taken == 3);
}
