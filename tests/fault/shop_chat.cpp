#include "arguments.hpp"
#include "command_line.hpp"
#include "daemon.hpp"
#include "http.hpp"
#include "tally.hpp"

#include "support/read_file.hpp"

#include <fmt/format.h>

#include <array>
#include <csignal>
#include <fstream>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace fault;
namespace fs = std::filesystem;

namespace {

constexpr int skipped = 77;

constexpr auto usage = R"(shop_chat --deskbridge PROGRAM --interpreter NAME --shop FILE

A program that speaks the signed channel, as a process of its own, against the real daemon: a message becomes a ticket, the
agent's answer arrives, its receipts come back, and neither side takes what is not signed. 77: there is no such interpreter, or
the program says that it lacks something.

  --deskbridge PROGRAM   the daemon
  --interpreter NAME     what runs the shop: python3, node
  --shop FILE            examples/signed/shop.py, examples/signed/shop.mjs, tests/clients/standard_webhooks.mjs
)";

/// The shop's program; what is said to it goes to its standard input.
class Shop {
public:
    Shop(std::string const& interpreter, std::string const& script, fs::path const& folder, int hook_port)
        : port_{free_port()}, output_{folder / "shop.log"}
    {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0)
            throw std::runtime_error("no pipe");
        auto const hook = fmt::format("http://127.0.0.1:{}/hooks/shop", hook_port);
        auto const port = std::to_string(port_);
        auto const inbound = (folder / "inbound").string();
        auto const outbound = (folder / "outbound").string();
        pid_ = ::fork();
        if (pid_ == 0) {
            int const log = ::open(output_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
            ::dup2(ends[0], 0);
            ::dup2(log, 1);
            ::dup2(log, 2);
            ::execlp(interpreter.c_str(), interpreter.c_str(), script.c_str(), "--hook", hook.c_str(), "--port", port.c_str(),
                     "--inbound-secret-file", inbound.c_str(), "--outbound-secret-file", outbound.c_str(), static_cast<char*>(nullptr));
            ::_exit(skipped);
        }
        ::close(ends[0]);
        input_ = ends[1];
    }
    ~Shop()
    {
        if (pid_ > 0)
            ::kill(pid_, SIGKILL);
        (void)end();
    }
    Shop(Shop const&) = delete;
    Shop& operator=(Shop const&) = delete;

    /// Answers whether it listens; false: it ended instead, or never did.
    bool is_up()
    {
        bool ended = false;
        auto const settled = [&] {
            int status = 0;
            ended = ::waitpid(pid_, &status, WNOHANG) == pid_;
            if (ended) {
                pid_ = -1;
                status_ = exit_status(status);
            }
            return ended || HttpConnection{port_}.post("/", "{}", "") != 0;
        };
        return wait_for(settled, std::chrono::seconds{30}) && !ended;
    }
    void says(std::string const& line) const
    {
        auto const text = line + "\n";
        expect(::write(input_, text.data(), text.size()) == static_cast<ssize_t>(text.size()), "the shop reads nothing");
    }
    [[nodiscard]] std::string shown() const
    {
        return deskbridge::test::try_read_file(output_).value_or("");
    }
    [[nodiscard]] bool shows(std::string const& words) const
    {
        return wait_for([&] { return shown().find(words) != std::string::npos; });
    }
    [[nodiscard]] int port() const noexcept { return port_; }
    /// Its standard input ends; answers what it exits with.
    int end()
    {
        if (input_ >= 0)
            ::close(input_);
        input_ = -1;
        int status = 0;
        if (pid_ > 0 && ::waitpid(pid_, &status, 0) == pid_)
            status_ = exit_status(status);
        pid_ = -1;
        return status_;
    }

private:
    int port_;
    fs::path output_;
    pid_t pid_{-1};
    int input_{-1};
    int status_{-1};
};

void write_configuration(Daemon const& daemon, int shop_port)
{
    auto const folder = daemon.configuration().parent_path();
    std::ofstream{folder / "inbound"} << "whsec_aW5ib3VuZC1zZWNyZXQtb2YtdGhlLXRlc3Q=\n";
    std::ofstream{folder / "outbound"} << "whsec_b3V0Ym91bmQtc2VjcmV0LW9mLXRoZS10ZXN0\n";
    std::ofstream{daemon.configuration()} << fmt::format(R"([server]
listen = "127.0.0.1:{0}"
public_url = "http://127.0.0.1:{0}"
socket = "c.sock"
[store]
path = "deskbridge.db"
[[account]]
name = "shop"
channel = "signed"
account_id = "shop"
endpoint = "http://127.0.0.1:{1}/"
receipts = "token"
inbound_secret = {{ file = "inbound" }}
outbound_secret = {{ file = "outbound" }}
)",
                                                         daemon.port(), shop_port);
}

void check_chat(Shop& shop, CommandLine const& desk)
{
    shop.says("My parcel has not arrived");
    expect(wait_for([&] { return desk.succeeds("ticket show 1"); }), "no ticket");
    shop.says("status");
    expect(shop.shows("< ") && shop.shows("#"), "status is not answered with the reference");
    expect(desk.succeeds("ticket reply 1 -m 'It is on its way.'"), "no reply");
    expect(shop.shows("< It is on its way."), "the reply does not arrive");
    auto const is_read = [&] {
        auto const ticket = desk.run("ticket show 1").words;
        return ticket.find("\"delivery\":\"read\"", ticket.find("It is on its way.")) != std::string::npos;
    };
    expect(wait_for(is_read), "no receipt comes back:\n" + desk.run("ticket show 1").words);
    shop.says("Thank you");
    expect(wait_for([&] { return desk.run("ticket show 1").words.find("Thank you") != std::string::npos; }), "the second message is lost");
    expect(shop.shown().find("! ") == std::string::npos, "something was refused:\n" + shop.shown());
}

/// What an agent attaches comes through the link in the message, and through no other.
void check_file(Shop const& shop, CommandLine const& desk, Daemon const& daemon)
{
    auto const file = daemon.configuration().parent_path() / "invoice.pdf";
    std::string const bytes = "%PDF-1.7\n" + std::string(300'000, 'x');
    std::ofstream{file} << bytes;
    expect(desk.succeeds(fmt::format("ticket reply 1 -m 'Your invoice' --file {}", file.string())), "no reply with a file");
    expect(shop.shows("< Your invoice"), "the caption does not arrive");
    expect(shop.shows(fmt::format("[file] invoice.pdf (application/pdf, {} bytes)", bytes.size())), "the file is not fetched:\n" + shop.shown());
    auto const is_read = [&] {
        auto const ticket = desk.run("ticket show 1").words;
        return ticket.find("\"delivery\":\"read\"", ticket.find("Your invoice")) != std::string::npos;
    };
    expect(wait_for(is_read), "the file has no receipt:\n" + desk.run("ticket show 1").words);
    auto const forged = fmt::format("/files/1.1.{}.{}", 4'000'000'000, std::string(64, '0'));
    expect(HttpConnection{daemon.port()}.get(forged) == 404, "a link that nobody signed gives a file");
}

void check_forgeries(Shop const& shop, Daemon const& daemon)
{
    std::string const event = R"({"type":"message.created","account":"shop","data":{"id":"x","from":{"id":"u"},"text":"forged"}})";
    expect(HttpConnection{daemon.port()}.post("/hooks/shop", event, "sha256=00") == 401, "an unsigned event is taken");
    std::string const message = R"({"type":"message.send","data":{"token":"x","to":{"id":"u"},"kind":"text","text":"forged"}})";
    expect(HttpConnection{shop.port()}.post("/", message, "") == 401, "the shop takes an unsigned message");
    expect(shop.shown().find("forged") == std::string::npos, "the shop shows an unsigned message");
}

/// False: skipped.
bool run(Arguments const& arguments)
{
    std::string const program = fs::absolute(arguments.text("--deskbridge"));
    ScratchFolder const folder;
    Daemon daemon{program, folder.path(), free_port()};
    write_configuration(daemon, 1);
    Shop shop{arguments.text("--interpreter"), arguments.text("--shop"), folder.path(), daemon.port()};
    if (!shop.is_up()) {
        bool const lacks = shop.end() == skipped;
        return lacks ? false : expect(false, "the shop does not start:\n" + shop.shown());
    }
    write_configuration(daemon, shop.port());
    daemon.start();
    CommandLine const desk{program, daemon.configuration()};
    expect(desk.add_tester(), "no agent");
    check_chat(shop, desk);
    check_file(shop, desk, daemon);
    check_forgeries(shop, daemon);
    expect(shop.end() == 0, "the shop does not end when nobody writes any more");
    expect(daemon.terminate() == 0, "SIGTERM: not a clean end");
    return true;
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    Arguments const arguments{argc, argv, usage};
    try {
        if (!run(arguments) && tally().failed == 0) {
            fmt::print("skipped: {} cannot run {} here\n", arguments.text("--interpreter"), arguments.text("--shop"));
            return skipped;
        }
    } catch (std::exception const& error) { // so that the processes it started end with it
        expect(false, error.what());
    }
    return conclude();
}
