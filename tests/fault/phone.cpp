#include "phone.hpp"

#include "daemon.hpp"
#include "http.hpp"
#include "tally.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <stdexcept>

#include <sys/wait.h>
#include <unistd.h>

namespace fault {

using nlohmann::json;

Phone::Phone(std::string const& program, std::filesystem::path const& folder, int port, int hook_port)
    : Phone{program, folder, port, hook_port, Customer{}}
{
}

Phone::Phone(std::string const& program, std::filesystem::path const& folder, int port, int hook_port, Customer const& customer)
    : port_{port}
{
    pid_ = ::fork();
    if (pid_ == 0) {
        auto const hook = fmt::format("http://127.0.0.1:{}/hooks/support", hook_port);
        auto const listen = fmt::format("127.0.0.1:{}", port);
        auto const state = (folder / "sim").string();
        auto const app_secret = (folder / "app_secret").string();
        auto const token = (folder / "token").string();
        auto const verify = (folder / "verify").string();
        (void)!std::freopen((folder / "sim.log").c_str(), "w", stdout);
        (void)!std::freopen((folder / "sim.err").c_str(), "w", stderr);
        ::execl(program.c_str(), program.c_str(), "simulate", "--listen", listen.c_str(), "--state", state.c_str(), "--hook",
                hook.c_str(), "--app-secret-file", app_secret.c_str(), "--access-token-file", token.c_str(), "--verify-token-file",
                verify.c_str(), "--phone-number-id", Daemon::phone_number_id, static_cast<char*>(nullptr));
        ::_exit(127);
    }
    if (!wait_for([this] { return !get("/sim/state").is_discarded(); }))
        throw std::runtime_error("the simulator does not answer");
    json order{{"name", customer.name}, {"country", "DE"}};
    if (!customer.number.empty())
        order["phone"] = customer.number;
    customer_ = post("/sim/customers", order).at("id").get<std::string>();
}

Phone::~Phone()
{
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
}

std::string Phone::says(std::string const& text) const
{
    return post(chat() + "/messages", {{"type", "text"}, {"content", {{"body", text}}}}).at("id").get<std::string>();
}

std::string Phone::said(std::string const& text, int seconds_ago) const
{
    json const order{{"type", "text"}, {"content", {{"body", text}}}, {"ago_s", seconds_ago}};
    return post(chat() + "/messages", order).at("id").get<std::string>();
}

void Phone::changes_template(json const& order) const
{
    if (!post("/sim/templates", order).contains("templates"))
        throw std::runtime_error("the simulator does not change the template");
}

void Phone::changes_account(json const& order) const
{
    if (!post("/sim/account", order).contains("quality"))
        throw std::runtime_error("the simulator does not change the account");
}

void Phone::sends(std::string const& bytes, std::string const& type) const
{
    auto const request = fmt::format("POST /sim/media?name=parcel.jpg HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {}\r\n"
                                     "Content-Length: {}\r\n\r\n{}",
                                     type, bytes.size(), bytes);
    HttpConnection connection{port_};
    if (connection.send_raw(request) != 200)
        throw std::runtime_error("the simulator takes no file");
    auto const id = json::parse(connection.last_body()).at("id").get<std::string>();
    post(chat() + "/messages", {{"type", "image"}, {"content", {{"id", id}, {"caption", "Look"}}}});
}

void Phone::goes_wrong(std::string const& kind, int count) const
{
    post("/sim/media-faults", {{"kind", kind}, {"count", count}});
}

void Phone::goes_right() const
{
    HttpConnection connection{port_};
    if (connection.send_raw("DELETE /sim/media-faults HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n") / 100 != 2)
        throw std::runtime_error("the simulator does not forget what goes wrong with files");
}

void Phone::refuses(std::string const& kind, int count) const
{
    post("/sim/faults", {{"kind", kind}, {"count", count}});
}

std::string Phone::ticks(std::string const& id) const
{
    for (auto const& message : messages())
        if (message.value("id", "") == id)
            return message.value("status", "");
    return {};
}

bool Phone::shows(std::string const& words) const
{
    for (auto const& message : messages())
        if (message.dump().find(words) != std::string::npos)
            return true;
    return false;
}

json Phone::files() const
{
    auto found = json::array();
    for (auto const& message : messages())
        if (message.value("from", "") == "business" && message.at("content").contains("id") && message.value("status", "") != "failed" &&
            message.value("status", "") != "accepted" && message.value("status", "") != "sent")
            found.push_back(message);
    return found;
}

std::string Phone::bytes_of(std::string const& media) const
{
    return HttpConnection{port_}.read("/sim/media/" + media);
}

std::size_t Phone::uploads() const
{
    auto const ledger = get("/sim/ledger?limit=10000");
    std::size_t count = 0;
    for (auto const& row : ledger.value("rows", json::array()))
        count += row.contains("media") && row.value("verdict", "") == "taken" ? 1U : 0U;
    return count;
}

json Phone::get(std::string const& path) const
{
    return json::parse(HttpConnection{port_}.read(path), nullptr, false);
}

json Phone::post(std::string const& path, json const& order) const
{
    return json::parse(HttpConnection{port_}.post_json(path, order.dump()));
}

json Phone::messages() const
{
    auto const found = get(chat());
    return found.is_object() && found.contains("messages") ? found.at("messages") : json::array();
}

} // namespace fault
