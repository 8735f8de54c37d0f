// whole_loop --deskbridge PROGRAM
//
// The program's two halves as processes of their own: the daemon, and the simulator with its phones. An agent's look makes the
// customer's ticks blue; a token that expired is replaced while the daemon runs; peers that go away while we write do no harm.
#include "arguments.hpp"
#include "daemon.hpp"
#include "http.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <thread>

#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace fault;
using nlohmann::json;

namespace {

int passed = 0;
int failed = 0;

void expect(bool holds, std::string const& what)
{
    (holds ? passed : failed) += 1;
    if (!holds)
        fmt::print("FAILED: {}\n", what);
}

bool wait_for(std::function<bool()> const& holds, std::chrono::seconds limit = std::chrono::seconds{30})
{
    auto const end = std::chrono::steady_clock::now() + limit;
    while (std::chrono::steady_clock::now() < end) {
        if (holds())
            return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
    return holds();
}

/// `deskbridge simulate` as a process of its own, and one customer's phone.
class Phone {
public:
    Phone(std::string const& program, std::filesystem::path const& folder, int port, int hook_port) : port_{port}
    {
        pid_ = ::fork();
        if (pid_ == 0) {
            auto const hook = fmt::format("http://127.0.0.1:{}/hooks/support", hook_port);
            auto const listen = fmt::format("127.0.0.1:{}", port);
            auto const state = (folder / "sim").string();
            (void)!::freopen((folder / "sim.log").c_str(), "w", stdout);
            ::execl(program.c_str(), program.c_str(), "simulate", "--listen", listen.c_str(), "--state", state.c_str(), "--hook",
                    hook.c_str(), "--app-secret", Daemon::app_secret, "--access-token", Daemon::token, "--verify-token",
                    Daemon::token, "--phone-number-id", Daemon::phone_number_id, static_cast<char*>(nullptr));
            ::_exit(127);
        }
        if (!wait_for([this] { return !get("/sim/state").is_discarded(); }))
            throw std::runtime_error("the simulator does not answer");
        customer_ = post("/sim/customers", {{"name", "Mara"}, {"country", "DE"}}).at("id").get<std::string>();
    }
    ~Phone()
    {
        ::kill(pid_, SIGTERM);
        ::waitpid(pid_, nullptr, 0);
    }
    Phone(Phone const&) = delete;
    Phone& operator=(Phone const&) = delete;

    /// Answers the message's id.
    std::string says(std::string const& text)
    {
        return post("/sim/customers/" + customer_ + "/messages", {{"type", "text"}, {"content", {{"body", text}}}}).at("id").get<std::string>();
    }
    /// How the customer's own message stands: sent, delivered, read.
    std::string ticks(std::string const& id)
    {
        for (auto const& message : messages())
            if (message.value("id", "") == id)
                return message.value("status", "");
        return {};
    }
    /// Did a text with these words arrive on the phone?
    bool shows(std::string const& words)
    {
        for (auto const& message : messages())
            if (message.dump().find(words) != std::string::npos)
                return true;
        return false;
    }

private:
    json get(std::string const& path) const { return json::parse(HttpConnection{port_}.read(path), nullptr, false); }
    json post(std::string const& path, json const& order) const
    {
        return json::parse(HttpConnection{port_}.post_json(path, order.dump()));
    }
    json messages() const
    {
        auto const chat = get("/sim/customers/" + customer_);
        return chat.is_object() && chat.contains("messages") ? chat.at("messages") : json::array();
    }

    int port_;
    pid_t pid_{-1};
    std::string customer_;
};

/// The command line of the program, with the daemon's configuration.
struct Desk {
    std::string program;
    std::filesystem::path configuration;
    bool run(std::string const& command) const
    {
        auto const line = fmt::format("'{}' {} --config '{}' >/dev/null", program, command, configuration.string());
        return std::system(line.c_str()) == 0;
    }
};

bool logged(Daemon const& daemon, std::string const& words)
{
    return daemon.log().find(words) != std::string::npos;
}

void check_ticks(Phone& phone, Desk const& desk)
{
    auto const asked = phone.says("My parcel has not arrived");
    expect(wait_for([&] { return desk.run("ticket show 1"); }), "no ticket");
    expect(wait_for([&] { return phone.ticks(asked) == "delivered"; }), "the message is not shown as delivered");
    std::this_thread::sleep_for(std::chrono::milliseconds{500});
    expect(phone.ticks(asked) == "delivered", "ticks are blue before anybody looked");
    expect(desk.run("ticket reply 1 -m 'We are looking for it.'"), "no reply");
    expect(wait_for([&] { return phone.ticks(asked) == "read"; }), "the ticks stay grey after an agent has looked");
    expect(wait_for([&] { return phone.shows("We are looking for it."); }), "the reply did not arrive");
}

void check_rotation(Daemon& daemon, Phone& phone, Desk const& desk)
{
    std::ofstream{daemon.token_file()} << "expired\n";
    daemon.hang_up();
    expect(wait_for([&] { return logged(daemon, "secrets_reloaded"); }), "SIGHUP reads nothing");
    expect(desk.run("ticket reply 1 -m 'It is in Leipzig.'"), "no reply with an expired token");
    expect(wait_for([&] { return logged(daemon, "account_paused"); }), "a refused token does not pause the account");
    expect(!phone.shows("It is in Leipzig."), "a message went out with an expired token");
    std::ofstream{daemon.token_file()} << Daemon::token << '\n';
    daemon.hang_up();
    expect(wait_for([&] { return phone.shows("It is in Leipzig."); }), "SIGHUP with a new token does not resume sends");
}

void check_peers_that_leave(Daemon& daemon, Phone& phone)
{
    for (int i = 0; i < 50; ++i) {
        HttpConnection connection{daemon.port()};
        connection.send_and_leave("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    }
    auto const asked = phone.says("Is it there now?");
    expect(wait_for([&] { return phone.ticks(asked) == "delivered"; }), "a webhook is not taken after peers went away");
    expect(HttpConnection{daemon.port()}.get("/readyz") == 200, "the daemon is gone after peers went away");
}

void check_lost_log(Daemon& daemon, Phone& phone)
{
    expect(daemon.terminate() == 0, "SIGTERM: not a clean end");
    daemon.lose_log();
    daemon.start();
    auto const asked = phone.says("Hello again");
    expect(wait_for([&] { return phone.ticks(asked) == "delivered"; }), "a webhook is not taken when nobody reads the log");
    expect(HttpConnection{daemon.port()}.get("/readyz") == 200, "the daemon is gone when nobody reads its log");
    expect(daemon.terminate() == 0, "SIGTERM with a lost log: not a clean end");
}

void run(Arguments const& arguments)
{
    std::string const program = std::filesystem::absolute(arguments.text("--deskbridge"));
    ScratchFolder const folder;
    int const provider = free_port();
    Daemon daemon{program, folder.path(), provider};
    Phone phone{program, folder.path(), provider, daemon.port()};
    daemon.start();
    Desk const desk{program, daemon.configuration()};
    auto const* user = ::getpwuid(::getuid());
    expect(desk.run(fmt::format("agent add Tester --user {}", user ? user->pw_name : "root")), "no agent");
    check_ticks(phone, desk);
    check_rotation(daemon, phone, desk);
    check_peers_that_leave(daemon, phone);
    check_lost_log(daemon, phone);
}

} // namespace

int main(int argc, char** argv)
{
    try {
        run(Arguments{argc, argv});
    } catch (std::exception const& error) { // so that the processes it started end with it
        expect(false, error.what());
    }
    fmt::print("{} passed, {} failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
