#include "arguments.hpp"
#include "command_line.hpp"
#include "daemon.hpp"
#include "http.hpp"
#include "phone.hpp"
#include "tally.hpp"

#include <chrono>
#include <fstream>
#include <thread>

using namespace fault;

namespace {

constexpr auto usage = R"(whole_loop --deskbridge PROGRAM

The program's two halves as processes of their own: the daemon, and the simulator with its phones. An agent's look makes the
customer's ticks blue; a token that expired is replaced while the daemon runs; peers that go away while we write do no harm.
)";

bool logged(Daemon const& daemon, std::string const& words)
{
    return daemon.log().find(words) != std::string::npos;
}

void check_ticks(Phone& phone, CommandLine const& desk)
{
    auto const asked = phone.says("My parcel has not arrived");
    expect(wait_for([&] { return desk.succeeds("ticket show 1"); }), "no ticket");
    expect(wait_for([&] { return phone.ticks(asked) == "delivered"; }), "the message is not shown as delivered");
    std::this_thread::sleep_for(std::chrono::milliseconds{500});
    expect(phone.ticks(asked) == "delivered", "ticks are blue before anybody looked");
    expect(desk.succeeds("ticket reply 1 -m 'We are looking for it.'"), "no reply");
    expect(wait_for([&] { return phone.ticks(asked) == "read"; }), "the ticks stay grey after an agent has looked");
    expect(wait_for([&] { return phone.shows("We are looking for it."); }), "the reply did not arrive");
}

void check_rotation(Daemon& daemon, Phone& phone, CommandLine const& desk)
{
    std::ofstream{daemon.token_file()} << "expired\n";
    daemon.hang_up();
    expect(wait_for([&] { return logged(daemon, "secrets_reloaded"); }), "SIGHUP reads nothing");
    expect(desk.succeeds("ticket reply 1 -m 'It is in Leipzig.'"), "no reply with an expired token");
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
    CommandLine const desk{program, daemon.configuration()};
    expect(desk.add_tester(), "no agent");
    check_ticks(phone, desk);
    check_rotation(daemon, phone, desk);
    check_peers_that_leave(daemon, phone);
    check_lost_log(daemon, phone);
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
