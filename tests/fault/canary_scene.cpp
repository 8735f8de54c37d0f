#include "canary_scene.hpp"

#include "http.hpp"
#include "tally.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace fault {

namespace fs = std::filesystem;

CanaryScene::CanaryScene(fs::path const& its_program, std::string format)
    : program{fs::absolute(its_program)}, daemon{program, folder.path(), free_port()}, format_{std::move(format)}
{
    fs::create_directories(folder.path() / "credentials");
    std::ofstream{daemon.app_secret_file()} << canary::app_secret << '\n';
    std::ofstream{folder.path() / "app_secret_next"} << canary::app_secret_next << '\n';
    std::ofstream{daemon.token_file()} << canary::token_in_file << '\n';
    for (auto const& file : {daemon.verify_file(), folder.path() / "credentials" / "verify"})
        std::ofstream{file} << canary::verify_token << '\n';
    ::setenv("CANARY_TOKEN", canary::token_in_environment, 1);
    ::setenv("CREDENTIALS_DIRECTORY", (folder.path() / "credentials").c_str(), 1);
}

std::string CanaryScene::configuration(std::string const& api_base) const
{
    return fmt::format(R"([server]
listen = "127.0.0.1:{0}"
public_url = "http://127.0.0.1:{0}"
socket = "c.sock"
[store]
path = "deskbridge.db"
[log]
level = "debug"
format = "{1}"
[[account]]
name = "support"
channel = "whatsapp"
phone_number_id = "{2}"
api_base = "{3}"
app_secret = [{{ file = "app_secret" }}, {{ file = "app_secret_next" }}]
access_token = [{{ env = "CANARY_TOKEN" }}, {{ file = "token" }}]
verify_token = {{ credential = "verify" }}
mark_read = false # a mark would take the fault that a reply is to meet
)",
                       daemon.port(), format_, Daemon::phone_number_id, api_base);
}

void CanaryScene::configure(std::string const& api_base) const
{
    std::ofstream{daemon.configuration()} << configuration(api_base);
}

fs::path CanaryScene::variant(std::string_view key, std::string const& line) const
{
    auto const file = folder.path() / "variants" / "deskbridge.toml";
    fs::create_directories(file.parent_path());
    std::istringstream in{configuration("http://127.0.0.1:1/v25.0")};
    std::ofstream out{file};
    for (std::string each; std::getline(in, each);)
        out << (each.starts_with(fmt::format("{} =", key)) ? line : each) << '\n';
    return file;
}

int CanaryScene::run(CommandLine const& commands, std::string const& command, std::string_view place, Place::May may)
{
    auto const answer = commands.run(command);
    places.at(place, may).bytes += fmt::format("{} -> {}\n{}\n", command.substr(0, command.find(" -m")), answer.status, answer.words);
    return answer.status;
}

int CanaryScene::ask(std::string const& request)
{
    HttpConnection connection{daemon.port()};
    int const status = connection.send_raw(request);
    places.at("public answers", Place::May::nothing).bytes += connection.last_head() + connection.last_body() + "\n";
    return status;
}

void CanaryScene::scrape()
{
    places.at("metrics", Place::May::nothing).bytes += HttpConnection{daemon.port()}.read("/metrics");
}

int CanaryScene::post(std::string const& body, std::string_view secret)
{
    return ask(fmt::format("POST /hooks/support HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                           "X-Hub-Signature-256: {}\r\nContent-Length: {}\r\n\r\n{}",
                           signature_of(secret, body), body.size(), body));
}

std::size_t CanaryScene::logged(std::string_view what) const
{
    auto const log = daemon.log();
    std::size_t count = 0;
    for (auto at = log.find(what); at != std::string::npos; at = log.find(what, at + 1))
        ++count;
    return count;
}

void CanaryScene::await(std::string_view what, std::size_t count) const
{
    expect(wait_for([&] { return logged(what) >= count; }, std::chrono::seconds{30}), fmt::format("the log never says {} ({} times)", what, count));
}

void CanaryScene::hang_up()
{
    until_logged("secrets_reloaded", [this] { daemon.hang_up(); });
}

std::vector<Canary> CanaryScene::canaries() const
{
    using Of = Canary::Of;
    std::vector<Canary> all{{"the first app secret", canary::app_secret},
            {"the second app secret", canary::app_secret_next},
            {"the access token of the environment", canary::token_in_environment},
            {"the access token of the file", canary::token_in_file},
            {"the verify token", canary::verify_token},
            {"a customer's words", canary::words, Of::customers},
            {"a customer's name", canary::name, Of::customers},
            {"a customer's number", canary::number, Of::customers},
            {"a customer's file", canary::file, Of::customers},
            {"an agent's words", canary::reply, Of::customers}};
    if (!tls_key.empty())
        all.push_back({"the key of TLS", tls_key});
    return all;
}

std::vector<fs::path> CanaryScene::of_operators() const
{
    auto const& at = folder.path();
    return {daemon.app_secret_file(), at / "app_secret_next", daemon.token_file(), daemon.verify_file(), at / "credentials", at / "variants",
            at / "tls.key", at / "other.crt", at / "cores"};
}

} // namespace fault
