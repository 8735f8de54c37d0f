#include "daemon.hpp"

#include "tally.hpp"
#include "tls.hpp"

#include "support/read_file.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <fstream>
#include <list>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <arpa/inet.h>
#include <csignal>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fault {

namespace fs = std::filesystem;

int exit_status(int waited) noexcept
{
    return WIFEXITED(waited) ? WEXITSTATUS(waited) : 128 + WTERMSIG(waited);
}

HeldPort::HeldPort() : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    int const yes = 1; // set after the choice: while it is made, nobody else's port will do
    if (fd_ < 0 || ::bind(fd_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
        ::setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0)
        throw std::runtime_error("no free port");
    number_ = ntohs(address.sin_port);
}

HeldPort::~HeldPort()
{
    ::close(fd_);
}

int free_port()
{
    static std::mutex mutex;
    static std::list<HeldPort> held;
    std::lock_guard const lock{mutex};
    return held.emplace_back().number();
}

Daemon::Daemon(fs::path program, fs::path folder, int api_port)
    : program_{fs::absolute(program)}, folder_{fs::absolute(folder)}
{
    fs::create_directories(folder_);
    std::ofstream{app_secret_file()} << app_secret << '\n';
    std::ofstream{token_file()} << token << '\n';
    std::ofstream{verify_file()} << token << '\n';
    std::ofstream config{folder_ / "deskbridge.toml"};
    config << fmt::format(R"([server]
listen = "127.0.0.1:{0}"
public_url = "http://127.0.0.1:{0}"
socket = "c.sock"
[store]
path = "deskbridge.db"
[log]
level = "info"
[[account]]
name = "support"
channel = "whatsapp"
phone_number_id = "{1}"
api_base = "http://127.0.0.1:{2}/v25.0"
app_secret = {{ file = "app_secret" }}
access_token = {{ file = "token" }}
verify_token = {{ file = "verify" }}
)",
                          port_.number(), phone_number_id, api_port);
}

Daemon::~Daemon()
{
    if (pid_ > 0)
        kill();
}

double Daemon::start(int seconds)
{
    auto const begun = std::chrono::steady_clock::now();
    auto const config = (folder_ / "deskbridge.toml").string();
    auto const log_file = (folder_ / "log").string();
    pid_ = ::fork();
    if (pid_ == 0) {
        int fd = ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        if (std::array<int, 2> ends{}; lose_log_ && ::pipe(ends.data()) == 0) {
            ::close(ends[0]);
            fd = ends[1];
        }
        ::dup2(fd, 1);
        ::dup2(fd, 2);
        ::execl(program_.c_str(), program_.c_str(), "serve", "--config", config.c_str(), static_cast<char*>(nullptr));
        ::_exit(127);
    }
    auto const since = [&] {
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count();
    };
    while (since() < seconds * 1000.0) {
        HttpConnection connection{port_.number(), over_};
        if (connection.get("/readyz") == 200)
            return since();
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_) {
            pid_ = -1;
            throw NotReady(exit_status(status), fmt::format("the daemon ended with status {}\n{}", exit_status(status), log()));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    throw NotReady(-1, fmt::format("the daemon was not ready within {} s\n{}", seconds, log()));
}

void Daemon::speak_tls()
{
    write_certificate(folder_ / "tls.crt", folder_ / "tls.key");
    auto text = deskbridge::test::read_file(configuration());
    std::string_view const place = "[server]\n";
    text.insert(text.find(place) + place.size(), "certificate = \"tls.crt\"\nkey = \"tls.key\"\n");
    std::ofstream{configuration()} << text;
    over_ = HttpConnection::Over::tls;
}

void Daemon::hang_up()
{
    ::kill(pid_, SIGHUP);
}

void Daemon::kill()
{
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

int Daemon::terminate()
{
    ::kill(pid_, SIGTERM);
    int status = 0;
    auto const ended = [&] { return ::waitpid(pid_, &status, WNOHANG) != 0; };
    if (!wait_for(ended, std::chrono::seconds{30})) {
        kill();
        return -1;
    }
    pid_ = -1;
    return exit_status(status);
}

int Daemon::abort()
{
    ::kill(pid_, SIGABRT);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return status;
}

long Daemon::resident_kib() const
{
    std::ifstream status{fmt::format("/proc/{}/status", pid_)};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:"))
            return std::stol(line.substr(6));
    return 0;
}

std::string Daemon::log() const
{
    return deskbridge::test::try_read_file(folder_ / "log").value_or("");
}

} // namespace fault
