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

ProviderProcess::ProviderProcess(std::string program, std::filesystem::path folder, int port, int hook_port)
    : program_{std::move(program)}, folder_{std::move(folder)}, port_{port}, hook_port_{hook_port}
{
}

ProviderProcess::~ProviderProcess()
{
    if (pid_ > 0)
        stop();
}

void ProviderProcess::start()
{
    pid_ = ::fork();
    if (pid_ == 0) {
        auto const hook = fmt::format("http://127.0.0.1:{}/hooks/support", hook_port_);
        auto const listen = fmt::format("127.0.0.1:{}", port_);
        auto const state = (folder_ / "sim").string();
        auto const app_secret = (folder_ / "app_secret").string();
        auto const token = (folder_ / "token").string();
        auto const verify = (folder_ / "verify").string();
        auto const tells_after = std::to_string(tells_after_.count());
        (void)!std::freopen((folder_ / "sim.log").c_str(), "a", stdout);
        (void)!std::freopen((folder_ / "sim.err").c_str(), "a", stderr);
        ::execl(program_.c_str(), program_.c_str(), "simulate", "--listen", listen.c_str(), "--state", state.c_str(), "--hook", hook.c_str(),
                "--app-secret-file", app_secret.c_str(), "--access-token-file", token.c_str(), "--verify-token-file", verify.c_str(),
                "--phone-number-id", Daemon::phone_number_id, "--messages-per-second", "1000", "--no-sample-customers", "--time-scale", "4",
                "--sent-after-ms", tells_after.c_str(),
                static_cast<char*>(nullptr));
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
