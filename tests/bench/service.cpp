#include "service.hpp"

#include "fault/tally.hpp"

#include "support/read_file.hpp"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

#include <csignal>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bench {

namespace fs = std::filesystem;

Setup wide_open(int api_port)
{
    Setup setup;
    setup.in_flight = 256;
    setup.per_second = 10'000;
    setup.api_port = api_port;
    return setup;
}

std::unique_ptr<fault::Daemon> make_daemon(fs::path const& program, fs::path const& folder, Setup const& setup)
{
    auto daemon = std::make_unique<fault::Daemon>(program, folder, setup.api_port);
    auto text = deskbridge::test::read_file(daemon->configuration());
    std::string_view const server = "[server]\n";
    text.insert(text.find(server) + server.size(), "max_per_address = 4096\n");
    text.insert(text.find("[log]\n"), fmt::format("[outbox]\nin_flight = {}\n", setup.in_flight));
    if (!setup.acknowledge)
        text += "acknowledge = false\n"; // the account's table is the last one
    if (setup.at_once)
        text += "acknowledgement_delay = \"0 s\"\n";
    if (setup.per_second > 0)
        text += fmt::format("messages_per_second = {}\n", setup.per_second);
    std::ofstream{daemon->configuration()} << text;
    if (setup.tls)
        daemon->speak_tls();
    return daemon;
}

Peer::Peer(fs::path const& folder, fs::path const& database) : port_{fault::free_port()}
{
    auto const port = std::to_string(port_);
    pid_ = ::fork();
    if (pid_ == 0) {
        if (::chdir(folder.c_str()) == 0)
            ::execlp("node", "node", "server.mjs", port.c_str(), database.c_str(), fault::Daemon::app_secret, static_cast<char*>(nullptr));
        ::_exit(127);
    }
    auto const ready = [&] { return fault::HttpConnection{port_}.get("/readyz") == 200; };
    if (!fault::wait_for(ready, std::chrono::seconds{20})) {
        end(SIGKILL);
        throw std::runtime_error("the peer does not answer");
    }
}

Peer::~Peer()
{
    if (pid_ > 0)
        end(SIGKILL);
}

int Peer::end(int signal)
{
    int status = -1;
    ::kill(pid_, signal);
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return status;
}

nlohmann::json Peer::versions() const
{
    return nlohmann::json::parse(fault::HttpConnection{port_}.read("/versions"));
}

void Peer::terminate()
{
    if (end(SIGTERM) != 0)
        throw std::runtime_error("the peer did not end well");
}

void lay(fs::path const& from, fs::path const& to)
{
    for (auto const* suffix : {"-wal", "-shm"})
        fs::remove(to.string() + suffix);
    fs::copy_file(from, to, fs::copy_options::overwrite_existing);
    int const fd = ::open(to.c_str(), O_RDWR | O_CLOEXEC);
    bool const synced = fd >= 0 && ::fsync(fd) == 0;
    ::close(fd);
    if (!synced)
        throw std::runtime_error("cannot sync " + to.string());
}

} // namespace bench
