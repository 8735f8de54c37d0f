#include "arguments.hpp"
#include "command_line.hpp"
#include "daemon.hpp"
#include "provider_process.hpp"
#include "tally.hpp"

#include "support/read_file.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>

using namespace fault;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr auto usage = R"(numbers_loop --deskbridge PROGRAM

Three numbers of two business accounts through both halves of the program as processes, over TLS: two behind one hook, each with a
secret of its own, and one behind its own hook, which wants a certificate from whoever posts, while its secret is being rotated.
)";

constexpr auto sales = "700100200300499";
constexpr auto abroad = "700100200300500";
constexpr auto poster = "client.webhooks.example"; ///< the name in the provider's certificate

int occurrences(std::string const& text, std::string_view part)
{
    int count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
        ++count;
    return count;
}

/// What is kept in the file of this name.
std::string value_of(std::string const& file)
{
    return file + "-value";
}

/// The daemon's side: two more accounts, and whose certificates are believed.
void configure_daemon(Daemon const& daemon)
{
    auto text = deskbridge::test::read_file(daemon.configuration());
    std::string_view const place = "[server]\n";
    text.insert(text.find(place) + place.size(), "client_ca = \"poster.crt\"\n");
    auto const base_at = text.find("api_base");
    auto const api_base = text.substr(base_at, text.find('\n', base_at) - base_at);
    text += fmt::format(R"(waba_id = "880011223344556"
[[account]]
name = "sales"
hook = "support"
channel = "whatsapp"
phone_number_id = "{0}"
waba_id = "880011223344557"
{1}
app_secret = {{ file = "sales_secret" }}
access_token = {{ file = "token" }}
verify_token = {{ file = "verify" }}
[[account]]
name = "abroad"
channel = "whatsapp"
client_certificate = "{2}"
phone_number_id = "{3}"
waba_id = "880011223344557"
{1}
app_secret = [{{ file = "abroad_newer_secret" }}, {{ file = "abroad_secret" }}]
access_token = {{ file = "abroad_token" }}
verify_token = {{ file = "verify" }}
)",
                        sales, api_base, poster, abroad);
    std::ofstream{daemon.configuration()} << text;
}

/// The provider's side of the same numbers.
void configure_provider(fs::path const& folder, Daemon const& daemon)
{
    std::ofstream{folder / "numbers.toml"} << fmt::format(R"([[number]]
phone_number_id = "{0}"
display_phone_number = "49301234568"
waba_id = "880011223344557"
app_secret = {{ file = "sales_secret" }}
[[number]]
phone_number_id = "{1}"
display_phone_number = "33123456789"
waba_id = "880011223344557"
portfolio = "abroad"
hook = "https://127.0.0.1:{2}/hooks/abroad"
app_secret = {{ file = "abroad_secret" }}
access_token = {{ file = "abroad_token" }}
)",
                                                          sales, abroad, daemon.port());
}

struct Scene {
    explicit Scene(std::string const& program)
        : daemon{program, folder.path(), port},
          provider{program, folder.path(), port, fmt::format("https://127.0.0.1:{}/hooks/support", daemon.port())}, desk{program, daemon.configuration()}
    {
        daemon.speak_tls();
        for (auto const* const word : {"sales_secret", "abroad_secret", "abroad_newer_secret", "abroad_token"})
            std::ofstream{folder.path() / word} << value_of(word) << '\n';
        write_certificate(folder.path() / "poster.crt", folder.path() / "poster.key", poster);
        configure_daemon(daemon);
        configure_provider(folder.path(), daemon);
        auto const file = [this](char const* name) { return (folder.path() / name).string(); };
        provider.takes({"--numbers", file("numbers.toml"), "--hook-ca-file", file("tls.crt"), "--hook-certificate-file", file("poster.crt"),
                        "--hook-key-file", file("poster.key")});
        provider.start();
        daemon.start();
        expect(desk.add_tester(), "no agent");
        mara = provider.order("/sim/customers", {{"name", "Mara"}, {"country", "DE"}}).at("id").get<std::string>();
    }
    std::string says(std::string const& number, std::string const& text) const
    {
        return provider.order("/sim/customers/" + mara + "/messages", {{"number", number}, {"body", text}}).value("id", "");
    }
    [[nodiscard]] json message(std::string const& text) const
    {
        auto const chat = provider.ask("/sim/customers/" + mara);
        for (auto const& one : chat.value("messages", json::array()))
            if (one.at("content").value("body", "") == text)
                return one;
        return json::object();
    }
    [[nodiscard]] bool taken(std::string const& text) const
    {
        return wait_for([&] { return message(text).value("status", "") == "delivered"; });
    }
    /// The account of the ticket that holds these words; "" if there is none.
    [[nodiscard]] std::string account_of(std::string const& words, int& ticket) const
    {
        for (ticket = 1; ticket < 10; ++ticket) {
            auto const shown = json::parse(desk.run(fmt::format("ticket show {} --peek --json", ticket)).words, nullptr, false);
            if (shown.is_object() && shown.dump().find(words) != std::string::npos)
                return shown.value("account", "");
        }
        return {};
    }
    [[nodiscard]] int rows_with_status(int status) const
    {
        int count = 0;
        for (auto const& row : provider.ask("/sim/ledger?limit=10000").value("rows", json::array()))
            count += row.value("kind", "") == "attempt" && row.value("status", 0) == status ? 1 : 0;
        return count;
    }

    ScratchFolder folder;
    int port{free_port()};
    Daemon daemon;
    ProviderProcess provider;
    CommandLine desk;
    std::string mara;
};

/// Each number has its tickets, and answers leave by the number that was written to.
void check_ways(Scene const& scene)
{
    for (auto const& [number, account] : {std::pair{Daemon::phone_number_id, "support"}, {sales, "sales"}, {abroad, "abroad"}}) {
        auto const question = fmt::format("Where is my parcel for {}?", account);
        auto const answer = fmt::format("It comes from {}.", account);
        scene.says(number, question);
        expect(scene.taken(question), fmt::format("{}: the webhook is not taken", account));
        int ticket = 0;
        std::string found;
        expect(wait_for([&] { return !(found = scene.account_of(question, ticket)).empty(); }), fmt::format("{}: no ticket", account));
        expect(found == account, fmt::format("{}: the ticket is of account {}", account, found));
        auto const sent = scene.desk.run(fmt::format("ticket reply {} -m '{}'", ticket, answer));
        expect(sent.status == 0, fmt::format("{}: no reply: {}", account, sent.words));
        expect(wait_for([&] { return scene.message(answer).value("status", "") == "delivered"; }), fmt::format("{}: the reply does not arrive", account));
        expect(scene.message(answer).value("number", "") == number, fmt::format("{}: the reply leaves by another number", account));
    }
}

/// Both secrets hold while one is being rotated; a third holds nowhere, and one number's opens no other hook.
void check_secrets(Scene const& scene)
{
    auto const sign_with = [&](std::string const& number, std::string const& secret) {
        (void)scene.provider.order("/sim/hook", {{"number", number}, {"app_secret", value_of(secret)}});
    };
    sign_with(abroad, "abroad_newer_secret");
    scene.says(abroad, "With the newer secret");
    expect(scene.taken("With the newer secret"), "the newer of two secrets does not hold");
    expect(scene.rows_with_status(401) == 0, "a good signature was refused");
    sign_with(abroad, "sales_secret");
    scene.says(abroad, "With somebody else's secret");
    expect(wait_for([&] { return scene.rows_with_status(401) > 0; }), "another hook's secret is not refused");
    expect(scene.message("With somebody else's secret").value("status", "") == "sent", "it was taken all the same");
    sign_with(abroad, "abroad_secret");
    expect(scene.taken("With somebody else's secret"), "the provider's next try with the right secret is not taken");
}

/// A webhook with a good signature, by somebody without the certificate.
void check_certificate(Scene const& scene)
{
    auto const body = std::string{R"({"object":"whatsapp_business_account","entry":[]})"};
    HttpConnection connection{scene.daemon.port(), scene.daemon.over()};
    int const without = connection.post("/hooks/abroad", body, signature_of(value_of("abroad_secret"), body));
    expect(without == 403, fmt::format("without a certificate: {} instead of 403", without));
    int const elsewhere = HttpConnection{scene.daemon.port(), scene.daemon.over()}.post("/hooks/support", body, signature_of(value_of("sales_secret"), body));
    expect(elsewhere == 200, fmt::format("a hook that wants none: {} instead of 200", elsewhere));
}

/// A new number, told either way: the reply that comes before they write again reaches them, and nobody else.
void check_moves(Scene const& scene)
{
    int ticket = 0;
    expect(scene.account_of("Where is my parcel for support?", ticket) == "support", "the ticket is gone");
    int told = 0;
    for (auto const* const by : {"system", "user_id_update"}) {
        (void)scene.provider.order("/sim/customers/" + scene.mara + "/number", {{"by", by}});
        auto const shown = fmt::format("ticket show {} --peek --json", ticket);
        ++told;
        expect(wait_for([&] { return occurrences(scene.desk.run(shown).words, "\"identity_changed\"") >= told; }), fmt::format("{}: no note of it", by));
        auto const answer = fmt::format("To the number told by {}.", by);
        auto const sent = scene.desk.run(fmt::format("ticket reply {} -m '{}'", ticket, answer));
        expect(sent.status == 0, fmt::format("{}: no reply: {}", by, sent.words));
        expect(wait_for([&] { return scene.message(answer).value("status", "") == "delivered"; }), fmt::format("{}: the reply does not arrive", by));
    }
}

void check_log(Scene const& scene)
{
    auto const log = scene.daemon.log();
    auto const ledger = deskbridge::test::read_file(scene.folder.path() / "sim" / "ledger.jsonl");
    for (auto const* const secret : {"sales_secret", "abroad_secret", "abroad_newer_secret", "abroad_token"}) {
        expect(log.find(value_of(secret)) == std::string::npos, fmt::format("{} is in the log", secret));
        expect(ledger.find(value_of(secret)) == std::string::npos, fmt::format("{} is in the ledger", secret));
    }
}

void run(Arguments const& arguments)
{
    Scene const scene{std::filesystem::absolute(arguments.text("--deskbridge")).string()};
    check_ways(scene);
    check_moves(scene);
    check_secrets(scene);
    check_certificate(scene);
    check_log(scene);
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
