#include "forked.hpp"

#include "command_line.hpp"

#include "support/read_file.hpp"
#include "support/scratch_folder.hpp"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <utility>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace deskbridge::test {
namespace {

[[noreturn]] void become(std::vector<std::string> words)
{
    words.insert(words.begin(), "deskbridge");
    std::vector<char*> argv;
    for (auto& word : words)
        argv.push_back(word.data());
    auto const status = app::run_command_line(static_cast<int>(argv.size()), argv.data());
    std::cout.flush();
    std::fflush(stdout);
    std::fflush(stderr);
    ::_exit(status);
}

int write_to(std::string const& file)
{
    return ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

} // namespace

Ran run(Given given)
{
    ScratchFolder const folder;
    auto const in = folder.path() / "in";
    auto const out = given.output.empty() ? (folder.path() / "out").string() : given.output;
    auto const err = folder.path() / "err";
    std::ofstream{in, std::ios::binary} << given.input;
    std::fflush(nullptr); // or the child tells what the parent was about to tell
    auto const child = ::fork();
    if (child == 0) {
        ::dup2(::open(in.c_str(), O_RDONLY | O_CLOEXEC), STDIN_FILENO);
        ::dup2(write_to(out), STDOUT_FILENO);
        ::dup2(write_to(err.string()), STDERR_FILENO);
        constexpr uid_t nobody = 65534;
        if (given.as_nobody && ::geteuid() == 0 && (::setgid(nobody) != 0 || ::setuid(nobody) != 0))
            ::_exit(1);
        become(std::move(given.words));
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, given.output.empty() ? test::try_read_file(out).value_or("") : std::string{}, test::try_read_file(err).value_or(""),
            WIFSIGNALED(status) ? WTERMSIG(status) : 0};
}

ForkedDaemon::ForkedDaemon(std::string config, std::string socket) : child_{::fork()}
{
    if (child_ == 0) {
        ::dup2(write_to("/dev/null"), STDERR_FILENO);
        become({"serve", "--config", std::move(config)});
    }
    for (int i = 0; i < 100 && !answers_; ++i) {
        if (::waitpid(child_, nullptr, WNOHANG) != 0) {
            child_ = -1; // it could not start, and is gone
            return;
        }
        answers_ = run({{"agent", "ls", "--socket", socket}}).status == app::exit_ok;
        if (!answers_)
            ::usleep(100'000);
    }
}

int ForkedDaemon::stop()
{
    auto const child = std::exchange(child_, -1);
    if (child <= 0)
        return -1;
    ::kill(child, SIGTERM);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace deskbridge::test
