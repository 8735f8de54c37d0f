#include "config.hpp"
#include "config_schema.hpp"

#include "support/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

using namespace deskbridge;
using namespace deskbridge::app;

namespace {

/// A good file, line by line: a case replaces or inserts some.
std::vector<std::string> const good{
    /* 1 */ "[server]",
    /* 2 */ "listen = \"127.0.0.1:8080\"",
    /* 3 */ "public_url = \"https://desk.example.org\"",
    /* 4 */ "[store]",
    /* 5 */ "path = \"deskbridge.db\"",
    /* 6 */ "[[account]]",
    /* 7 */ "name = \"support\"",
    /* 8 */ "channel = \"whatsapp\"",
    /* 9 */ "phone_number_id = \"700100200300400\"",
    /* 10 */ "app_secret = { file = \"app_secret\" }",
    /* 11 */ "access_token = { env = \"DESKBRIDGE_TEST_TOKEN\" }",
    /* 12 */ "verify_token = [{ file = \"verify\" }, { file = \"verify_next\" }]",
};

std::string without(std::string text, std::string const& part, std::string_view instead)
{
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + instead.size()))
        text.replace(at, part.size(), instead);
    return text;
}

struct Edit {
    std::size_t line;
    std::string text; ///< several lines: the rest is inserted behind
};

std::string edited(std::vector<Edit> const& edits, std::string_view line_break = "\n")
{
    auto lines = good;
    for (auto const& edit : edits)
        lines[edit.line - 1] = edit.text;
    std::string out;
    for (auto const& line : lines)
        out += line + std::string{line_break};
    return out;
}

/// A folder as an operator has it: two secrets, an empty folder, a file of garbage.
struct Place {
    test::ScratchFolder folder;
    Place()
    {
        namespace fs = std::filesystem;
        for (auto const& [name, bytes] : {std::pair{"app_secret", "hunter2\n"}, std::pair{"verify", "v1"}, std::pair{"verify_next", "v2"}})
            fs::permissions(folder.write(name, bytes), fs::perms::owner_read | fs::perms::owner_write);
        (void)folder.write("garbage.pem", "garbage");
        (void)folder.write("texts.json", R"({"en": {"texts": {"ack_opend": "x"}}})");
        fs::create_directory(folder.path() / "dir");
    }

    /// What the check says, one line each; the folder is shown as "~".
    std::string said(std::string const& text, Secrets secrets = Secrets::leave) const
    {
        Problems problems;
        auto const config = load_config(folder.write("d.toml", text), problems, secrets);
        CHECK(config.has_value() != has_errors(problems));
        std::string out;
        for (auto const& problem : problems)
            out += (problem.severity == app::Severity::warning ? "warning: " : "") + render(problem) + "\n";
        return without(without(out, folder.path().string() + "/d.toml", "d.toml"), folder.path().string(), "~");
    }
};

struct Case {
    std::string label;
    std::vector<Edit> edits;
    std::string said;
};

} // namespace

TEST_CASE("configuration: each mistake is told with line, key, what was found and what is expected")
{
    auto const c = GENERATE_COPY(values<Case>({
        {"nothing is wrong", {}, ""},
        {"listen: a number", {{2, "listen = 8080"}}, "d.toml:2: server.listen: found 8080; expected a text in quotes, not empty\n"},
        {"listen: no port", {{2, "listen = \"localhost\""}},
         "d.toml:2: server.listen: found \"localhost\"; expected address:port, such as \"127.0.0.1:8080\" or \"[::]:8080\"\n"},
        {"listen: a port that is none", {{2, "listen = \"127.0.0.1:99999\""}},
         "d.toml:2: server.listen: found \"127.0.0.1:99999\"; expected a port from 0 to 65535 after the last colon (0: any that is free)\n"},
        {"listen: letters in the port", {{2, "listen = \"127.0.0.1:8a\""}},
         "d.toml:2: server.listen: found \"127.0.0.1:8a\"; expected a port from 0 to 65535 after the last colon (0: any that is free)\n"},
        {"listen: IPv6 without brackets", {{2, "listen = \"::1:80\""}},
         "d.toml:2: server.listen: found \"::1:80\"; expected an IPv6 address in brackets, such as \"[::1]:8080\"\n"},
        {"listen: no address", {{2, "listen = \":8080\""}},
         "d.toml:2: server.listen: found \":8080\"; expected an address before the port: \"127.0.0.1:8080\" for this machine alone, \"[::]:8080\" for all\n"},
        {"listen: empty", {{2, "listen = \"\""}},
         "d.toml:2: server.listen: found \"\"; expected address:port, such as \"127.0.0.1:8080\" or \"[::]:8080\"\n"},
        {"listen: a name", {{2, "listen = \"desk.example.org:443\""}},
         "d.toml:2: server.listen: found \"desk.example.org:443\"; expected an address of this machine, not a name, such as \"127.0.0.1:8080\" or \"[::]:8080\"\n"},
        {"metrics: the same checks", {{3, good[2] + "\n[metrics]\nlisten = \"9090\""}},
         "d.toml:5: metrics.listen: found \"9090\"; expected address:port, such as \"127.0.0.1:8080\" or \"[::]:8080\"\n"},
        {"public_url: no host", {{3, "public_url = \"https://\""}},
         "d.toml:3: server.public_url: found \"https://\"; expected the URL under which providers reach this server, such as \"https://desk.example.org\"\n"},
        {"public_url: no host but a path", {{3, "public_url = \"https:///hooks\""}},
         "d.toml:3: server.public_url: found \"https:///hooks\"; expected the URL under which providers reach this server, such as \"https://desk.example.org\"\n"},
        {"public_url: no scheme", {{3, "public_url = \"desk.example.org\""}},
         "d.toml:3: server.public_url: found \"desk.example.org\"; expected the URL under which providers reach this server, such as \"https://desk.example.org\": it begins with https:// (or http:// for tests)\n"},
        {"public_url: a path", {{3, "public_url = \"https://desk.example.org/hooks\""}},
         "d.toml:3: server.public_url: found \"https://desk.example.org/hooks\"; expected scheme and host alone, without a path or a query: \"https://desk.example.org\"\n"},
        {"public_url: a query", {{3, "public_url = \"https://desk.example.org?x=1\""}},
         "d.toml:3: server.public_url: found \"https://desk.example.org?x=1\"; expected scheme and host alone, without a path or a query: \"https://desk.example.org\"\n"},
        {"public_url: a slash at its end is no mistake", {{3, "public_url = \"https://desk.example.org/\""}}, ""},
        {"public_url: missing", {{3, ""}}, "d.toml:1: server.public_url: found nothing; expected this key in [server]\n"},
        {"a whole section is missing", {{4, ""}, {5, ""}}, "d.toml:1: store.path: found nothing; expected this key in [store]\n"},
        {"socket: in no directory", {{3, good[2] + "\nsocket = \"nowhere/control.sock\""}},
         "d.toml:4: server.socket: found control.sock in ~/nowhere, which is not there; expected a directory that is there\n"},
        {"socket: a file is there", {{3, good[2] + "\nsocket = \"garbage.pem\""}},
         "d.toml:4: server.socket: found ~/garbage.pem, which is not a socket; expected a path where nothing is, or the socket of an earlier run\n"},
        {"socket: in what systemd makes at the start", {{3, good[2] + "\nsocket = \"/run/deskbridge-test/control.sock\""}},
         "warning: d.toml:4: server.socket: found control.sock in /run/deskbridge-test, which is not there; expected a directory; the systemd unit makes it at the start (RuntimeDirectory=)\n"},
        {"socket_group: unknown", {{3, good[2] + "\nsocket_group = \"nobodies-group\""}},
         "d.toml:4: server.socket_group: found \"nobodies-group\"; expected a group of this machine (groupadd nobodies-group)\n"},
        {"store: a directory", {{5, "path = \"dir\""}},
         "d.toml:5: store.path: found ~/dir, which is a directory; expected a file, such as \"~/dir/deskbridge.db\"\n"},
        {"store: its directory is made at the start", {{5, "path = \"data/of/desk/deskbridge.db\""}}, ""},
        {"store: below a file", {{5, "path = \"garbage.pem/deskbridge.db\""}},
         "d.toml:5: store.path: found ~/garbage.pem, which is not a directory; expected a file in a directory\n"},
        {"certificate: half a pair", {{3, good[2] + "\ncertificate = \"garbage.pem\""}},
         "d.toml:4: server.certificate: found one of certificate and key; expected both, or none (behind a proxy)\n"},
        {"client_ca: without TLS", {{3, good[2] + "\nclient_ca = \"ca.pem\""}}, "d.toml:4: server.client_ca: found no certificate and key; expected TLS here: behind a proxy it is the proxy that asks for clients' certificates\n"},
        {"certificate: no such file", {{3, good[2] + "\ncertificate = \"c.pem\"\nkey = \"k.pem\""}},
         "d.toml:4: server.certificate: found ~/c.pem; expected a PEM file that this user can read\n"
         "d.toml:5: server.key: found ~/k.pem; expected a PEM file that this user can read\n"},
        {"ca_file: no such file", {{5, good[4] + "\n[outbox]\nca_file = \"ca.pem\""}},
         "d.toml:7: outbox.ca_file: found certificates ~/ca.pem: No such file or directory; expected a PEM file with the certificates to trust, readable for this user\n"},
        {"ca_file: a directory", {{5, good[4] + "\n[outbox]\nca_file = \"dir\""}},
         "d.toml:7: outbox.ca_file: found ~/dir, which is a directory; expected a PEM file with the certificates to trust\n"},
        {"ca_file: a device without end", {{5, good[4] + "\n[outbox]\nca_file = \"/dev/zero\""}},
         "d.toml:7: outbox.ca_file: found /dev/zero, which is not a file; expected a PEM file with the certificates to trust\n"},
        {"texts: a device without end", {{9, good[8] + "\ntexts = \"/dev/zero\""}},
         "d.toml:10: account[0].texts: found /dev/zero; expected a JSON file that this user can read\n"},
        {"what a terminal would obey, and a line break", {{3, good[2] + "\n\"log\\nlevel\" = 1"}, {2, "listen = \"\\u001b[2J\""}},
         "d.toml:2: server.listen: found \"\uFFFD[2J\"; expected address:port, such as \"127.0.0.1:8080\" or \"[::]:8080\"\n"
         "d.toml:4: server.log level: found an unknown key; expected one of listen, public_url, socket, socket_group, certificate, key, client_ca, max_connections, max_per_address, trusted_proxies\n"},
        {"unknown section", {{4, "[strore]"}},
         "d.toml:1: store.path: found nothing; expected this key in [store]\n"
         "d.toml:4: strore: found an unknown key; expected a known key (did you mean \"store\"?)\n"},
        {"channel: misspelt; the account's other mistakes show", {{8, "channel = \"watsapp\""}, {9, "phone_number_id = \"7001x\"\nwaba_idd = \"1\""}},
         "d.toml:8: account[0].channel: found \"watsapp\"; expected one of " + test::config_schema::channel_names() + " (did you mean \"whatsapp\"?)\n"
         "d.toml:9: account[0].phone_number_id: found \"7001x\"; expected digits only: the Graph id of the business number (not the number itself)\n"
         "d.toml:10: account[0].waba_idd: found an unknown key; expected a known key (did you mean \"waba_id\"?)\n"},
        {"channel: its key is misspelt", {{8, "chanel = \"whatsapp\""}},
         "d.toml:6: account[0].channel: found nothing; expected this key in [account[0]]\n"
         "d.toml:8: account[0].chanel: found an unknown key; expected a known key (did you mean \"channel\"?)\n"},
        {"api_base: plain http to a stranger", {{9, good[8] + "\napi_base = \"http://graph.facebook.com/v25.0\""}},
         "d.toml:10: account[0].api_base: found \"http://graph.facebook.com/v25.0\"; expected an https:// URL (plain http for loopback only): the Graph API with its version\n"},
        {"api_base: only looks like loopback", {{9, good[8] + "\napi_base = \"http://127.0.0.1.example.org/v25.0\""}},
         "d.toml:10: account[0].api_base: found \"http://127.0.0.1.example.org/v25.0\"; expected an https:// URL (plain http for loopback only): the Graph API with its version\n"},
        {"api_base: no host", {{9, good[8] + "\napi_base = \"https:///v25.0\""}},
         "d.toml:10: account[0].api_base: found \"https:///v25.0\"; expected an https:// URL (plain http for loopback only): the Graph API with its version\n"},
        {"a secret in the open is refused and not repeated", {{10, "app_secret = \"hunter2\""}},
         "d.toml:10: account[0].app_secret: found a text; expected { file = \"…\" }, { env = \"…\" } or { credential = \"…\" }, or an array of two while one is being rotated\n"},
        {"three secrets", {{12, "verify_token = [{ env = \"A\" }, { env = \"B\" }, { env = \"C\" }]"}},
         "d.toml:12: account[0].verify_token: found something else; expected { file = \"…\" }, { env = \"…\" } or { credential = \"…\" }, or an array of two while one is being rotated\n"},
        {"a name that is no part of a URL", {{7, "name = \"Sup port\""}},
         "d.toml:7: account[0].name: found \"Sup port\"; expected 1 to 63 of a-z, 0-9, - and _ (it is part of a URL)\n"},
        {"a duration without unit", {{8, good[7] + "\nreopen_window = \"72\""}},
         "d.toml:9: account[0].reopen_window: found \"72\"; expected a duration such as \"30 s\", \"10 min\", \"72 h\" or \"7 d\", or \"never\" for no end\n"},
        {"time_zone: on its own line", {{8, good[7] + "\ntime_zone = \"Berlin\""}},
         "d.toml:9: account[0].time_zone: found \"Berlin\"; expected an IANA time zone, such as \"Europe/Berlin\" or \"UTC\"\n"},
        {"reference_prefix: on its own line", {{8, good[7] + "\nreference_prefix = \"P4-\""}},
         "d.toml:9: account[0].reference_prefix: found \"P4-\"; expected at most 8 characters without digits, blanks and formatting marks, such as \"#\" or \"PS-\"\n"},
        {"a language that we do not speak", {{8, good[7] + "\nlanguages = [\"en\", \"tlh\"]"}},
         "d.toml:9: account[0].languages: found \"tlh\"; expected some of en, es, pt-BR, de, fr, hi, id, ar\n"},
        {"a language twice, and the default not among them", {{8, good[7] + "\nlanguages = [\"de\", \"de\"]"}},
         "d.toml:6: account[0].language: found nothing, which means \"en\"; expected one of languages: de\n"
         "d.toml:9: account[0].languages: found \"de\" twice; expected each language once\n"},
        {"no accounts", {{6, "[[acount]]"}},
         "d.toml:1: account: found nothing; expected one [[account]] table for each business number or bot\n"
         "d.toml:6: acount: found an unknown key; expected a known key (did you mean \"account\"?)\n"},
        {"one account in single brackets", {{6, "[account]"}},
         "d.toml:6: account: found a table; expected one [[account]] table for each business number or bot\n"},
    }));
    INFO(c.label);
    Place const place;
    auto const said = place.said(edited(c.edits));
    CHECK(said == c.said);
    CHECK(said.find("hunter2") == std::string::npos);
}

TEST_CASE("configuration: a socket's path that the system cannot hold is told before anybody listens")
{
    Place const place;
    auto const long_name = std::string(120, 's');
    auto const said = place.said(edited({{3, good[2] + "\nsocket = \"" + long_name + "\""}}));
    auto const bytes = std::to_string(place.folder.path().string().size() + 1 + long_name.size());
    CHECK(said == "d.toml:4: server.socket: found a path of " + bytes + " bytes: ~/" + long_name +
                      "; expected at most 107 bytes, as the system allows, such as \"/run/deskbridge/control.sock\"\n");
}

TEST_CASE("configuration: every mistake is told in one pass, in the order of the file, the account's texts and secrets included")
{
    Place const place;
    ::unsetenv("DESKBRIDGE_TEST_TOKEN");
    auto const said = place.said(edited({{2, "listen = \"8080\""},
                                         {5, "path = \"dir\""},
                                         {8, "channel = \"watsapp\"\ntime_zone = \"Mars\"\ntexts = \"texts.json\""},
                                         {9, "phone_number_id = \"x\""},
                                         {10, "app_secret = { file = \"dir\" }"},
                                         {12, "verify_token = [{ file = \"verify\" }, { file = \"absent\" }]"}}),
                                 Secrets::resolve);
    std::vector<std::string> lines;
    std::istringstream in{said};
    for (std::string line; std::getline(in, line);)
        lines.push_back(line.substr(0, line.find(':', line.find(':', line.find(':') + 1) + 1)));
    CHECK(lines == std::vector<std::string>{"d.toml:2: server.listen", "d.toml:5: store.path", "d.toml:8: account[0].channel",
                                            "d.toml:9: account[0].time_zone", "d.toml:10: account[0].texts",
                                            "d.toml:11: account[0].phone_number_id", "d.toml:12: account[0].app_secret",
                                            "d.toml:13: account[0].access_token", "d.toml:14: account[0].verify_token"});
    CHECK(said.find("account[0].app_secret: found ~/dir, which is a directory;") != std::string::npos);
    CHECK(said.find("account[0].verify_token: found ~/absent, which does not exist;") != std::string::npos);
}

TEST_CASE("configuration: a secret that everybody can read is a warning")
{
    namespace fs = std::filesystem;
    Place const place;
    ::setenv("DESKBRIDGE_TEST_TOKEN", "t0ken", 1);
    CHECK(place.said(edited({}), Secrets::resolve).empty());
    fs::permissions(place.folder.path() / "verify", fs::perms{0644});
    CHECK(place.said(edited({}), Secrets::resolve) ==
          "warning: d.toml:12: account[0].verify_token: found ~/verify, which everybody on this machine can read (mode 0644); "
          "expected a file of the daemon's user alone (chmod 600)\n");
    fs::permissions(place.folder.path() / "verify", fs::perms{0640});
    CHECK(place.said(edited({}), Secrets::resolve).empty());
    ::unsetenv("DESKBRIDGE_TEST_TOKEN");
}

TEST_CASE("configuration: a secret that was written in the wrong place is not shown")
{
    std::string const secret = "EAAGx7Lw3Rz9Tb5Vn1Kd8Mf2Hs6Qy4Pj0Gc";
    struct Mistake {
        std::size_t line;
        std::string text;
        std::string found;
    };
    auto const c = GENERATE_COPY(values<Mistake>({
        {11, "access_token = { env = \"" + secret + "\" }", "found environment variable EAAG…, which is not set"},
        {11, "access_token = { file = \"secrets/" + secret + "\" }", "found ~/secrets/EAAG…, which does not exist"},
        {11, "access_token = \"" + secret + "\"", "found a text"},
        {9, "phone_number_id = \"" + secret + "\"", "found \"EAAG…\""},
        {9, good[8] + "\napi_base = \"https://me:" + secret + "@graph.example.org\"", "found \"https://me:EAAG…@graph.example.org\""},
    }));
    INFO(c.text);
    auto const said = Place{}.said(edited({{c.line, c.text}}), Secrets::resolve);
    CHECK(said.find(secret) == std::string::npos);
    CHECK(said.find(c.found) != std::string::npos);
}

TEST_CASE("configuration: files from Windows are read: byte order mark, CRLF")
{
    Place const place;
    CHECK(place.said("\xEF\xBB\xBF" + edited({}, "\r\n")).empty());
    CHECK(place.said("\xEF\xBB\xBF" + edited({{7, "name = \"Sup port\""}}, "\r\n")).find("d.toml:7: account[0].name: ") == 0);
    CHECK(place.said("\xEF\xBB\xBFlisten = \"a\r\n").find("d.toml:1:12: listen: found a text without its closing quote;") == 0);
}

TEST_CASE("configuration: what is no file is told as what it is")
{
    Place const place;
    Problems problems;
    CHECK_FALSE(load_config(place.folder.path() / "absent.toml", problems));
    CHECK_FALSE(load_config(place.folder.path() / "dir", problems));
    REQUIRE(problems.size() == 2);
    CHECK(problems[0].found == "no such file");
    CHECK(problems[1].found == "a directory");
}

TEST_CASE("configuration: commands find the socket although certificates are unreadable for them")
{
    Place const place;
    Problems problems;
    auto const file = place.folder.write("d.toml", edited({{3, good[2] + "\ncertificate = \"c.pem\"\nkey = \"k.pem\""}, {5, "path = \"data/deskbridge.db\""}}));
    CHECK(find_socket(file, problems) == place.folder.path() / "data" / "control.sock");
    CHECK(find_socket(place.folder.write("e.toml", "[server]\nsocket = \"s\"\n"), problems) == place.folder.path() / "s");
    CHECK(problems.empty());
    CHECK_FALSE(find_socket(place.folder.write("f.toml", "[server]\n"), problems));
    CHECK(problems.size() == 1);
}
