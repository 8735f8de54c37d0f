#include "provider_process.hpp"

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

ProviderProcess::ProviderProcess(std::string program, std::filesystem::path folder, int port, std::string hook)
    : program_{std::move(program)}, folder_{std::move(folder)}, port_{port}, hook_{std::move(hook)}
{
}

ProviderProcess::~ProviderProcess()
{
    if (pid_ > 0)
        stop();
}

void ProviderProcess::start()
{
    auto const file = [this](char const* name) { return (folder_ / name).string(); };
    std::vector<std::string> words{program_, "simulate", "--listen", fmt::format("127.0.0.1:{}", port_), "--state", file("sim"), "--hook", hook_,
                                   "--app-secret-file", file("app_secret"), "--access-token-file", file("token"), "--verify-token-file",
                                   file("verify"), "--phone-number-id", Daemon::phone_number_id, "--messages-per-second", "1000",
                                   "--no-sample-customers", "--time-scale", "4", "--sent-after-ms", std::to_string(tells_after_.count())};
    words.insert(words.end(), more_.begin(), more_.end());
    std::vector<char*> arguments;
    for (auto& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
        (void)!std::freopen(file("sim.log").c_str(), "a", stdout);
        (void)!std::freopen(file("sim.err").c_str(), "a", stderr);
        ::execv(program_.c_str(), arguments.data());
        ::_exit(127);
    }
    if (!wait_for([this] { return !ask("/sim/state").is_discarded(); }))
        throw std::runtime_error("the simulator does not answer");
}

void ProviderProcess::stop()
{
    ::kill(pid_, SIGCONT);
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

void ProviderProcess::freeze()
{
    ::kill(pid_, SIGSTOP);
}

void ProviderProcess::thaw()
{
    ::kill(pid_, SIGCONT);
}

json ProviderProcess::ask(std::string const& path) const
{
    return json::parse(HttpConnection{port_}.read(path), nullptr, false);
}

json ProviderProcess::order(std::string const& path, json const& what) const
{
    auto done = json::parse(HttpConnection{port_}.post_json(path, what.dump()), nullptr, false);
    if (done.is_discarded())
        throw std::runtime_error(fmt::format("the simulator does not do {} {}", path, what.dump()));
    return done;
}

} // namespace fault
