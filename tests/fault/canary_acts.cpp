#include "canary_acts.hpp"

#include "http.hpp"
#include "quoting_provider.hpp"
#include "tally.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <sstream>
#include <utility>

namespace fault {
namespace {

/// A webhook as the provider makes it. `content` goes on after the message's time.
std::string webhook(std::string_view phone_number_id, std::string_view id, std::string_view from, std::string_view content)
{
    auto const now = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    return fmt::format(R"({{"object":"whatsapp_business_account","entry":[{{"id":"1","changes":[{{"field":"messages","value":{{"messaging_product":"whatsapp","metadata":{{"phone_number_id":"{0}"}},"contacts":[{{"profile":{{"name":"{1}"}},"wa_id":"{2}"}}],"messages":[{{"from":"{2}","id":"wamid.{3}","timestamp":"{4}",{5}}}]}}}}]}}]}})",
                       phone_number_id, canary::name, from, id, now, content);
}

std::string text(std::string_view body)
{
    return fmt::format(R"("type":"text","text":{{"body":"{}"}})", body);
}

std::string verify_token_for_url()
{
    std::string out;
    for (char const c : std::string_view{canary::verify_token})
        out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    return out;
}

int shake_hands(CanaryScene& scene, std::string_view method, std::string_view path, std::string_view token)
{
    return scene.ask(fmt::format("{} {}?hub.mode=subscribe&hub.verify_token={}&hub.challenge=4711 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", method, path, token));
}

void shake_hands_wrongly(CanaryScene& scene)
{
    auto const verify = verify_token_for_url();
    expect(shake_hands(scene, "GET", "/hooks/support", verify) == 200, "the right verify token is refused");
    using Wrong = std::array<std::string, 3>;
    for (auto const& [method, path, token] :
         {Wrong{"GET", "/hooks/support", "wrong"}, Wrong{"GET", "/hooks/support", verify + "x"}, Wrong{"GET", "/hooks/nobody", verify},
          Wrong{"GET", "/nowhere", verify}, Wrong{"DELETE", "/hooks/support", verify}, Wrong{"GE T", "/hooks/support", verify},
          Wrong{"GET", "/hooks/support", canary::verify_token}, Wrong{"GET", "/" + std::string(9000, 'x'), verify}})
        expect(shake_hands(scene, method, path, token) != 200, fmt::format("{} {:.20} is answered 200", method, path));
}

void post_for_the_shelf(CanaryScene& scene)
{
    auto const whole = webhook(Daemon::phone_number_id, "shelf", canary::number, text(canary::words));
    auto const foreign = fmt::format(R"({{"object":"page","entry":[{{"id":"{}","text":"{}"}}]}})", canary::number, canary::words);
    auto const odd = fmt::format(R"("type":"text","text":["{}"])", canary::words);
    auto const before = scene.logged("shelved");
    for (auto const& body : {whole.substr(0, whole.find("zwirbel")), webhook("999", "nobody", canary::number, text(canary::words)),
                             foreign, webhook(Daemon::phone_number_id, "odd", canary::number, odd), std::string{canary::words}})
        expect(scene.post(body, canary::app_secret_next) == 200, "a signed body is not taken");
    expect(scene.logged("shelved") >= before + 4, "nothing is on the shelf");
}

/// The number of the ticket that was opened last.
long newest_ticket(CanaryScene const& scene)
{
    std::istringstream lines{scene.desk().run("ticket ls --all --json").words};
    long newest = 0;
    for (std::string line; std::getline(lines, line);)
        newest = std::max(newest, nlohmann::json::parse(line).at("number").get<long>());
    return newest;
}

/// A customer for each quoted send: an answer in doubt holds up the next one.
std::string customer_of(std::size_t index)
{
    return fmt::format("49151684297{:02}", 60 + index);
}

void quote_sends(CanaryScene& scene)
{
    auto const& cases = QuotingProvider::sends();
    for (std::size_t i = 0; i < cases.size(); ++i) {
        auto const id = fmt::format("quoted{}", i);
        expect(scene.post(webhook(Daemon::phone_number_id, id, customer_of(i), text("Hello")), canary::app_secret) == 200, "no message");
        scene.until_logged(cases[i].logged, [&] {
            auto const command = fmt::format("ticket reply {} -m '{}'", newest_ticket(scene), cases[i].label);
            expect(scene.agents_run(command) == 0, fmt::format("no reply for {}", cases[i].label));
        });
        if (cases[i].pauses)
            scene.hang_up();
    }
}

void quote_files(CanaryScene& scene)
{
    for (auto const& each : QuotingProvider::files()) {
        auto const photo = fmt::format(R"("type":"image","image":{{"id":"{}","mime_type":"image/jpeg"}})", each.label);
        scene.until_logged(each.logged, [&] {
            expect(scene.post(webhook(Daemon::phone_number_id, each.label, canary::number, photo), canary::app_secret) == 200, "no photo");
        });
    }
}

} // namespace

void act_the_loop(CanaryScene& scene, Phone const& phone)
{
    auto const said = phone.says(canary::words);
    expect(wait_for([&] { return phone.ticks(said) == "delivered"; }), "the first message is not taken");
    auto const reply = fmt::format("ticket reply 1 -m '{}'", canary::reply);
    scene.until_logged("send_accepted", [&] { expect(scene.agents_run(reply) == 0, "no reply"); });
    scene.until_logged("send_accepted", [&] { (void)phone.says("status"); });
    struct Fault {
        std::string kind, told;
    };
    for (auto const& [kind, told] : {Fault{"html_502", "send_unknown"}, Fault{"empty_200", "send_unknown"}, Fault{"reset", "send_unknown"},
                                     Fault{"error", "send_unknown"}, Fault{"token", "account_paused"}, Fault{"throttle_429", "send_not_sent"}}) {
        // An answer in doubt holds up the next one until the customer writes again, after that was known.
        scene.until_logged("webhook_taken", [&] { (void)phone.says(fmt::format("{} {}", canary::words, kind)); });
        phone.refuses(kind, kind == "token" ? 2 : 1); // both tokens of the rotation
        scene.until_logged(told, [&] { expect(scene.agents_run(reply) == 0, "no reply"); });
        if (kind == "token")
            scene.hang_up();
    }
    for (std::string const kind : {"gone", "wrong_hash", "elsewhere", "inside", "redirect", "truncated"}) {
        phone.goes_wrong(kind);
        scene.until_logged("media_", [&] { phone.sends(std::string{"\xFF\xD8\xFF\xE0"} + canary::file + kind); });
    }
}

void act_the_strangers(CanaryScene& scene)
{
    shake_hands_wrongly(scene);
    for (std::string_view const path : {"/metrics", "/v1/tickets", "/healthz", "/nowhere"})
        (void)scene.ask(fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\n\r\n", path, canary::token_in_file));
    auto const body = webhook(Daemon::phone_number_id, "wrong", canary::number, text(canary::words));
    expect(scene.post(body, "wrong") == 401, "a wrong signature is taken");
    for (auto const& signature : {std::string{canary::app_secret}, fmt::format("sha256={}", canary::app_secret)})
        expect(HttpConnection{scene.daemon.port()}.post("/hooks/support", body, signature) == 401, "a secret is taken for a signature");
    post_for_the_shelf(scene);
}

void act_the_reloads(CanaryScene& scene)
{
    auto const token = std::string{canary::token_in_file};
    for (auto const& bad : {std::string{}, token + "\n" + token + "\n", std::string(5000, 'x') + token}) {
        std::ofstream{scene.daemon.token_file()} << bad;
        scene.until_logged("reload_refused", [&] { scene.daemon.hang_up(); });
    }
    std::filesystem::remove(scene.daemon.token_file());
    scene.until_logged("reload_refused", [&] { scene.daemon.hang_up(); });
    std::ofstream{scene.daemon.token_file()} << token << '\n';
    scene.hang_up();
}

void act_the_commands(CanaryScene& scene)
{
    for (std::string const command : {"ticket ls --all", "ticket ls --all --json", "ticket show 1 --why", "ticket show 1 --json", "ticket note 1 -m x",
                                      "outbox ls --all", "outbox ls --all --json", "outbox show 2", "shelf ls", "shelf ls --json", "shelf show 1 --body",
                                      "replay --all", "replay --all --json"})
        (void)scene.agents_run(command);
    auto const backup = (scene.folder.path() / "monday.db").string();
    for (std::string const command : {"config check --secrets", "agent ls", "db check", "shelf show 1", "shelf replay --all --dry-run", "replay --all --dry-run"})
        (void)scene.operators_run(command);
    expect(scene.operators_run("db backup --force " + backup) == 0, "no backup");
    expect(scene.operators_run("db check " + backup) == 0, "the backup is not sound");
    for (std::string const command : {"ticket reply 999 -m x", "ticket show 4821-9376", "outbox retry 1", "outbox show 999", "shelf show 999",
                                      "replay --journal 999", "db backup /nowhere/at/all.db", "ticket nonsense"})
        expect(scene.operators_run(command) != 0, fmt::format("{}: no failure", command));
}

void act_the_quotes(CanaryScene& scene)
{
    QuotingProvider quoting;
    ProviderSink const provider{[&quoting](std::string_view request) { return quoting.answer(request); }};
    scene.configure(fmt::format("http://127.0.0.1:{}/v25.0", provider.port()));
    scene.daemon.start();
    quote_sends(scene);
    quote_files(scene);
    act_the_commands(scene);
    for (int i = 1; i < 40; ++i)
        (void)scene.agents_run(fmt::format("outbox show {} --json", i));
    scene.scrape();
    expect(scene.daemon.terminate() == 0, "SIGTERM: not a clean end");
}

void act_the_silence(CanaryScene& scene)
{
    ProviderSink const provider; // speaks no TLS
    for (auto const& base : {fmt::format("https://127.0.0.1:{}/v25.0", provider.port()), fmt::format("http://127.0.0.1:{}/v25.0", free_port())}) {
        scene.configure(base);
        scene.daemon.start();
        auto const reply = fmt::format("ticket reply {} -m 'Nobody hears this'", newest_ticket(scene));
        scene.until_logged("send_postponed", [&] { expect(scene.agents_run(reply) == 0, "no reply"); });
        expect(scene.daemon.terminate() == 0, "SIGTERM: not a clean end");
    }
}

} // namespace fault
