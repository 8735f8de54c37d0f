#include "accounts.hpp"
#include "config.hpp"

#include "support/read_file.hpp"
#include "support/replaced.hpp"
#include "support/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <regex>

using namespace deskbridge;
using test::replaced;
using namespace deskbridge::app;

namespace {

std::string const good = R"([server]
listen = "127.0.0.1:8080"
public_url = "http://127.0.0.1:8080"
[store]
path = "deskbridge.db"
[[account]]
name = "support"
channel = "whatsapp"
phone_number_id = "700100200300400"
api_base = "https://graph.facebook.com/v25.0"
app_secret = { file = "app_secret" }
access_token = { env = "DESKBRIDGE_TEST_TOKEN" }
verify_token = [{ file = "verify" }, { file = "verify_next" }]
)";

/// The errors of a file with that text, one line each, without the folder.
std::string errors_of(std::string_view text)
{
    test::ScratchFolder const folder;
    Problems problems;
    auto const config = load_config(folder.write("d.toml", text), problems);
    CHECK(config.has_value() == problems.empty());
    std::string out;
    for (auto const& problem : problems)
        out += render(problem).substr(folder.path().string().size() + 1) + "\n";
    return out;
}

} // namespace

TEST_CASE("a good configuration is read, with paths relative to the file")
{
    test::ScratchFolder const folder;
    Problems problems;
    auto const config = load_config(folder.write("d.toml", good), problems);
    REQUIRE(config.has_value());
    CHECK(config->store.path == folder.path() / "deskbridge.db");
    CHECK(config->server.socket == folder.path() / "control.sock");
    REQUIRE(config->accounts.size() == 1);
    auto const& account = config->accounts.front();
    CHECK(account.hook == "support");
    CHECK(account.account.number == "700100200300400");
    CHECK(account.secret_sources.at("verify_token").size() == 2);
    CHECK(account.account.secrets.empty());
    CHECK(account.catalogue != nullptr);
}

TEST_CASE("an account's pace and how long its acknowledgements wait are told, or the usual ones hold")
{
    test::ScratchFolder const folder;
    Problems problems;
    auto const usual = load_config(folder.write("d.toml", good), problems);
    REQUIRE(usual.has_value());
    CHECK(usual->accounts.front().policy.ack_quiet == std::chrono::seconds{8});
    CHECK(outbox_settings(*usual).per_second.empty());
    auto const told = load_config(folder.write("d.toml", good + "acknowledgement_delay = \"0 s\"\nmessages_per_second = 500\n"), problems);
    REQUIRE(told.has_value());
    CHECK(told->accounts.front().policy.ack_quiet == std::chrono::seconds{0});
    CHECK(outbox_settings(*told).per_second == std::map<std::string, double>{{"support", 500.0}});
    CHECK(errors_of(good + "acknowledgement_delay = \"26 s\"\n") ==
          "d.toml:14: account[0].acknowledgement_delay: found 26000 ms; expected at most \"25 s\": the customer waits for a word\n");
    CHECK(errors_of(good + "acknowledgement_delay = \"25 s\"\n").empty());
    CHECK_FALSE(errors_of(good + "messages_per_second = 0\n").empty());
}

TEST_CASE("two accounts may share a hook, not a name or a number")
{
    auto const second = good.substr(good.find("[[account]]"));
    CHECK(errors_of(good + replaced(replaced(second, "\"support\"", "\"sales\"\nhook = \"support\""), "700100200300400", "700100200300401")).empty());
    auto const errors = errors_of(good + second);
    CHECK(errors.find("name \"support\" a second time") != std::string::npos);
    CHECK(errors.find("the number of account \"support\" again") != std::string::npos);
}

TEST_CASE("accounts whose webhooks do not name them have a hook each")
{
    auto const bot = [](std::string const& name, std::string const& id) {
        return "[[account]]\nname = \"" + name + "\"\nchannel = \"telegram\"\nbot_id = \"" + id +
               "\"\nbot_token = { file = \"a\" }\nwebhook_secret = { file = \"b\" }\n";
    };
    CHECK(errors_of(good + bot("one", "7001") + bot("two", "7002")).empty());
    CHECK(errors_of(good + bot("one", "7001") + bot("two", "7002") + "hook = \"one\"\n") ==
          "d.toml:26: account[2].hook: found hook \"one\" of account \"one\" again; expected a hook of its own: webhooks of this "
          "channel do not say which account they are for\n");
}

TEST_CASE("secrets are resolved apart, and a missing one is named without its value")
{
    test::ScratchFolder const folder;
    Problems problems;
    auto config = load_config(folder.write("d.toml", good), problems);
    REQUIRE(config.has_value());
    (void)folder.write("app_secret", "s3cret\n");
    (void)folder.write("verify", "v1\n");
    ::unsetenv("DESKBRIDGE_TEST_TOKEN");
    CHECK_FALSE(resolve_secrets(*config, problems));
    problems.erase(std::remove_if(problems.begin(), problems.end(), [](Problem const& p) { return p.severity == app::Severity::warning; }), problems.end());
    REQUIRE(problems.size() == 2);
    CHECK(problems[0].found == "environment variable DESKBRIDGE_TEST_TOKEN, which is not set");
    CHECK(problems[1].found.find("verify_next, which does not exist") != std::string::npos);

    (void)folder.write("verify_next", "v2");
    ::setenv("DESKBRIDGE_TEST_TOKEN", "t0ken", 1);
    problems.clear();
    CHECK(resolve_secrets(*config, problems));
    CHECK(config->accounts[0].account.secrets.at("app_secret") == std::vector<std::string>{"s3cret"});
    CHECK(config->accounts[0].account.secrets.at("verify_token") == std::vector<std::string>{"v1", "v2"});
}

TEST_CASE("a secret of another form than the channel's is told, and not shown")
{
    struct Case {
        std::string account; ///< of this channel, with two secrets in the files `one` and `two`
        std::string one;
        std::string two;
        std::string told;
        std::string right; ///< instead of what is told
    };
    std::string const shop = "channel = \"signed\"\naccount_id = \"shop\"\nendpoint = \"https://shop.example\"\n"
                             "inbound_secret = { file = \"one\" }\noutbound_secret = { file = \"two\" }\n";
    std::string const bot = "channel = \"telegram\"\nbot_id = \"7001\"\nbot_token = { file = \"two\" }\nwebhook_secret = { file = \"one\" }\n";
    auto const c = GENERATE_COPY(values<Case>({
        {shop, "whsec_ZGVtb19zdGFuZGFyZF93ZWJob29rc19rZXkx\n", "my-password-of-old\n", "outbound_secret: found a secret of another form; expected whsec_",
         "b3V0Ym91bmQtc2VjcmV0LW9mLXRoZS10ZXN0"},
        {bot, "a-word-of-ours\n", "my-password-of-old\n", "bot_token: found a secret of another form; expected the token that BotFather", "7001:AAtest-token"},
        {bot, "my password of old\n", "7001:AAtest-token", "webhook_secret: found a secret of another form; expected your own word", ""},
    }));
    test::ScratchFolder const folder;
    auto const text = replaced(good, good.substr(good.find("[[account]]")), "") + "[[account]]\nname = \"shop\"\n" + c.account;
    (void)folder.write("one", c.one);
    (void)folder.write("two", c.two);
    Problems problems;
    auto config = load_config(folder.write("d.toml", text), problems);
    REQUIRE(config.has_value());
    CHECK_FALSE(resolve_secrets(*config, problems));
    problems.erase(std::remove_if(problems.begin(), problems.end(), [](Problem const& p) { return p.severity == app::Severity::warning; }), problems.end());
    REQUIRE(problems.size() == 1);
    CHECK(render(problems[0]).find("account[0]." + c.told) != std::string::npos);
    CHECK(render(problems[0]).find("password") == std::string::npos);
    if (c.right.empty())
        return;
    (void)folder.write("two", c.right);
    CHECK(resolve_secrets(*config, problems));
}

TEST_CASE("the example shows every key, and is a good configuration with every default taken out of its comment")
{
    auto const example = test::read_file(DESKBRIDGE_SOURCE_DIR "/config/deskbridge.example.toml");
    CHECK(errors_of(example).empty());
    // A commented key is "# key = value": with the comment sign gone it must be known, and right.
    auto const all = std::regex_replace(example, std::regex{"\n# ([a-z_]+ = |\\[\\[account)"}, "\n$1");
    auto errors = errors_of(all);
    for (auto const* absent : {"certificate", "key", "client_ca", "client_certificate", "texts", "ca_file", "socket_group"}) // files and a group that are not there
        errors = std::regex_replace(errors, std::regex{std::string{"d\\.toml:[0-9]+: [a-z0-9\\[\\]]*\\.?"} + absent + ": [^\n]*\n"}, "");
    CHECK(errors.empty());
}
