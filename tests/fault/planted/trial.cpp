#include "trial.hpp"

#include "support/read_file.hpp"

#include <atomic>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace planted {
namespace {

std::vector<char*> pointers(std::vector<std::string>& words)
{
    std::vector<char*> out;
    for (auto& word : words)
        out.push_back(word.data());
    out.push_back(nullptr);
    return out;
}

std::vector<std::string> environment_with(std::string const& bug)
{
    std::vector<std::string> words{"DESKBRIDGE_PLANTED=" + bug};
    for (char** each = ::environ; *each != nullptr; ++each)
        if (std::strncmp(*each, "DESKBRIDGE_PLANTED=", 19) != 0)
            words.emplace_back(*each);
    return words;
}

/// A process group of its own: its daemons die with it, also when it cannot see to that itself.
pid_t start(std::vector<std::string> command, std::string const& bug, std::filesystem::path const& output)
{
    auto environment = environment_with(bug);
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_addopen(&files, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::posix_spawn_file_actions_adddup2(&files, 1, 2);
    posix_spawnattr_t how;
    ::posix_spawnattr_init(&how);
    ::posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP);
    ::posix_spawnattr_setpgroup(&how, 0);
    pid_t pid = -1;
    int const failed = ::posix_spawn(&pid, command.front().c_str(), &files, &how, pointers(command).data(), pointers(environment).data());
    ::posix_spawnattr_destroy(&how);
    ::posix_spawn_file_actions_destroy(&files);
    if (failed != 0)
        throw std::runtime_error{"cannot start " + command.front() + ": " + std::strerror(failed)};
    return pid;
}

} // namespace

Trial try_judge(std::vector<std::string> const& command, std::string const& bug, std::filesystem::path const& scratch,
                std::chrono::seconds limit)
{
    using Clock = std::chrono::steady_clock;
    static std::atomic<int> numbered{0};
    auto const output = scratch / ("said-" + std::to_string(++numbered));
    auto const begun = Clock::now();
    auto const pid = start(command, bug, output);
    Trial trial;
    int status = 0;
    while (::waitpid(pid, &status, WNOHANG) == 0) {
        trial.broken_off = Clock::now() - begun > limit;
        if (trial.broken_off) {
            ::kill(pid, SIGKILL);
            ::waitpid(pid, &status, 0);
            break;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    ::kill(-pid, SIGKILL);
    trial.took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun);
    if (!trial.broken_off && WIFEXITED(status))
        trial.status = WEXITSTATUS(status);
    trial.said = deskbridge::test::try_read_file(output).value_or("");
    return trial;
}

} // namespace planted
