#include "opener.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fault {

Opener::~Opener()
{
    if (pid_ > 0)
        end();
}

void Opener::start()
{
    std::vector<char*> environment; // made before the fork: other threads may hold the allocator's locks
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
    pid_ = ::fork();
    if (pid_ == 0) {
        ::dup2(in[0], 0);
        ::dup2(out[1], 1);
        ::execve(program_.c_str(), arguments.data(), environment.data());
        ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    to_ = ::fdopen(in[1], "w");
    from_ = ::fdopen(out[0], "r");
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
        start();
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
