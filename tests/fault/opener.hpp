#pragma once

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace fault {

/// The program that recovers databases with the daemon's own store, in a process of its own.
class Opener {
public:
    /// @param variables  "NAME=value" each, added to its environment
    explicit Opener(std::filesystem::path program, std::vector<std::string> variables = {})
        : program_{std::move(program)}, variables_{std::move(variables)}
    {
    }
    ~Opener();
    Opener(Opener const&) = delete;
    Opener& operator=(Opener const&) = delete;

    /// "ok", or what was wrong with it. A program that dies of it is started again for the next one.
    [[nodiscard]] std::string open(std::filesystem::path const& database);

private:
    std::string start(); ///< why it cannot be, or nothing
    std::string end();
    std::filesystem::path program_;
    std::vector<std::string> variables_;
    pid_t pid_{-1};
    std::FILE* to_{nullptr};
    std::FILE* from_{nullptr};
};

} // namespace fault
