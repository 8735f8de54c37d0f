#include "opener.hpp"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fault {

Opener::~Opener()
{
    if (pid_ > 0)
        end();
}

std::string Opener::start()
{
    std::vector<char*> environment;
    for (auto& variable : variables_)
        environment.push_back(variable.data());
    for (auto** each = environ; *each; ++each)
        environment.push_back(*each);
    environment.push_back(nullptr);
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0)
        throw std::runtime_error("no pipe");
    std::array<char*, 2> const arguments{const_cast<char*>(program_.c_str()), nullptr}; // execve only reads
    posix_spawn_file_actions_t files; // not fork: it copies the page tables of all images in memory
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_adddup2(&files, in[0], 0);
    ::posix_spawn_file_actions_adddup2(&files, out[1], 1);
    int const failed = ::posix_spawn(&pid_, program_.c_str(), &files, nullptr, arguments.data(), environment.data());
    ::posix_spawn_file_actions_destroy(&files);
    ::close(in[0]);
    ::close(out[1]);
    if (failed != 0) {
        pid_ = -1;
        ::close(in[1]);
        ::close(out[0]);
        return "cannot start " + program_.string() + ": " + std::strerror(failed);
    }
    to_ = ::fdopen(in[1], "w");
    from_ = ::fdopen(out[0], "r");
    return {};
}

std::string Opener::end()
{
    std::fclose(to_);
    std::fclose(from_);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return fmt::format("the opener ended with status {:#x}", status);
}

std::string Opener::open(std::filesystem::path const& database)
{
    if (pid_ < 0)
        if (auto why = start(); !why.empty())
            return why;
    std::array<char, 4096> line{};
    fmt::print(to_, "{}\n", database.string());
    if (std::fflush(to_) != 0 || !std::fgets(line.data(), line.size(), from_))
        return end();
    std::string answer{line.data()};
    while (!answer.empty() && answer.back() == '\n')
        answer.pop_back();
    return answer;
}

} // namespace fault
