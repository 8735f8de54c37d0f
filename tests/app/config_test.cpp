#include "config.hpp"

#include "support/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <regex>

using namespace deskbridge;
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

std::string replaced(std::string text, std::string_view from, std::string_view to)
{
    auto const at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

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

TEST_CASE("an error names file, line, key, what was found and what is expected")
{
    struct Case {
        std::string label;
        std::string from;
        std::string to;
        std::string expected; ///< a regular expression for the whole output
    };
    auto const c = GENERATE(values<Case>({
        {"unknown key with a near one", "channel =", "chanel =",
         "d\\.toml:6: account\\[0\\]\\.channel: found nothing; expected this key[^\n]*\n"},
        {"unknown key of the channel", "phone_number_id", "phone_number_ids",
         "d\\.toml:6: account\\[0\\]\\.phone_number_id: found nothing; [^\n]*\n"
         "d\\.toml:9: account\\[0\\]\\.phone_number_ids: found an unknown key; expected a known key \\(did you mean \"phone_number_id\"\\?\\)\n"},
        {"unknown section", "[store]", "[strore]",
         "[^]*d\\.toml:4: strore: found an unknown key; expected a known key \\(did you mean \"store\"\\?\\)\n"},
        {"wrong type", "listen = \"127.0.0.1:8080\"", "listen = 8080", "d\\.toml:2: server\\.listen: found 8080; expected a text in quotes, not empty\n"},
        {"no port", "listen = \"127.0.0.1:8080\"", "listen = \"localhost\"", "d\\.toml:2: server\\.listen: found \"localhost\"; expected address:port[^\n]*\n"},
        {"unknown channel", "\"whatsapp\"", "\"watsapp\"", "d\\.toml:8: account\\[0\\]\\.channel: found \"watsapp\"; expected one of [^\n]*did you mean \"whatsapp\"\\?\\)\n"},
        {"plain http to a stranger", "https://graph.facebook.com/v25.0", "http://graph.facebook.com/v25.0",
         "d\\.toml:10: account\\[0\\]\\.api_base: found \"http://graph[^\n]*; expected an https:// URL[^\n]*\n"},
        {"plain http to what only looks like loopback", "https://graph.facebook.com/v25.0", "http://127.0.0.1.example.org/v25.0",
         "d\\.toml:10: account\\[0\\]\\.api_base: [^\n]*\n"},
        {"a number with letters", "700100200300400", "7001x", "d\\.toml:9: account\\[0\\]\\.phone_number_id: found \"7001x\"; expected digits only[^\n]*\n"},
        {"a secret in the open is refused and not repeated", "{ file = \"app_secret\" }", "\"hunter2\"",
         "d\\.toml:11: account\\[0\\]\\.app_secret: found a text; expected \\{ file[^\n]*\n"},
        {"three secrets", "[{ file = \"verify\" }, { file = \"verify_next\" }]", "[{ env = \"A\" }, { env = \"B\" }, { env = \"C\" }]",
         "d\\.toml:13: account\\[0\\]\\.verify_token: [^\n]*\n"},
        {"a name that is no URL part", "\"support\"", "\"Sup port\"", "d\\.toml:7: account\\[0\\]\\.name: found \"Sup port\"; expected 1 to 63[^\n]*\n"},
        {"a duration without unit", "phone_number_id", "reopen_window = \"72\"\nphone_number_id",
         "d\\.toml:9: account\\[0\\]\\.reopen_window: found \"72\"; expected a duration[^\n]*\n"},
        {"a language we do not speak", "phone_number_id", "languages = [\"en\", \"tlh\"]\nphone_number_id",
         "d\\.toml:9: account\\[0\\]\\.languages: found \"tlh\"; expected some of [^\n]*\n"},
        {"half a TLS pair", "public_url", "certificate = \"c.pem\"\npublic_url", "[^]*server\\.certificate: found one of certificate and key; [^]*"},
        {"not TOML", "[store]", "[store", "d\\.toml:4: found a syntax error in column [^\n]*\n"},
        {"no accounts", "[[account]]", "[[acount]]", "d\\.toml:1: account: found nothing[^]*did you mean \"account\"[^]*"},
    }));
    INFO(c.label);
    auto const errors = errors_of(replaced(good, c.from, c.to));
    INFO(errors);
    CHECK(std::regex_match(errors, std::regex{c.expected}));
    CHECK(errors.find("hunter2") == std::string::npos);
}

TEST_CASE("all errors are found at once, in one pass")
{
    auto const errors = errors_of(replaced(replaced(replaced(good, "127.0.0.1:8080\"\npublic", "nowhere\"\npublic"), "[store]", "[store]\nreaders = 99"),
                                           "700100200300400", "x"));
    CHECK(std::count(errors.begin(), errors.end(), '\n') == 3);
}

TEST_CASE("two accounts may share a hook, not a name or a number")
{
    auto const second = good.substr(good.find("[[account]]"));
    CHECK(errors_of(good + replaced(replaced(second, "\"support\"", "\"sales\"\nhook = \"support\""), "700100200300400", "700100200300401")).empty());
    auto const errors = errors_of(good + second);
    CHECK(errors.find("name \"support\" a second time") != std::string::npos);
    CHECK(errors.find("the number of account \"support\" again") != std::string::npos);
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
    REQUIRE(problems.size() == 2);
    CHECK(problems[0].found == "environment variable DESKBRIDGE_TEST_TOKEN is not set");
    CHECK(problems[1].found.find("verify_next") != std::string::npos);

    (void)folder.write("verify_next", "v2");
    ::setenv("DESKBRIDGE_TEST_TOKEN", "t0ken", 1);
    problems.clear();
    CHECK(resolve_secrets(*config, problems));
    CHECK(config->accounts[0].account.secrets.at("app_secret") == std::vector<std::string>{"s3cret"});
    CHECK(config->accounts[0].account.secrets.at("verify_token") == std::vector<std::string>{"v1", "v2"});
}

TEST_CASE("the example shows every key, and is a good configuration with every default taken out of its comment")
{
    std::ifstream in{DESKBRIDGE_SOURCE_DIR "/config/deskbridge.example.toml"};
    std::string const example{std::istreambuf_iterator<char>{in}, {}};
    CHECK(errors_of(example).empty());
    // A commented key is "# key = value": with the comment sign gone it must be known, and right.
    auto const all = std::regex_replace(example, std::regex{"\n# ([a-z_]+ = )"}, "\n$1");
    auto errors = errors_of(all);
    for (auto const* absent : {"certificate", "key", "texts"}) // files that are not there
        errors = std::regex_replace(errors, std::regex{std::string{"d\\.toml:[0-9]+: [a-z0-9\\[\\]]*\\.?"} + absent + ": [^\n]*\n"}, "");
    CHECK(errors.empty());
}
