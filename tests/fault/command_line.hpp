#pragma once

#include <filesystem>
#include <string>

namespace fault {

/// The program's own commands, with the daemon's configuration.
class CommandLine {
public:
    CommandLine(std::filesystem::path program, std::filesystem::path configuration)
        : program_{std::move(program)}, configuration_{std::move(configuration)}
    {
    }
    struct Answer {
        int status{-1};
        std::string words; ///< standard output and standard error
    };
    /// `command` goes through the shell. Throws: std::runtime_error (no shell).
    [[nodiscard]] Answer run(std::string const& command) const;
    [[nodiscard]] bool succeeds(std::string const& command) const { return run(command).status == 0; }
    /// Makes whoever runs the test an administrator's agent; answers whether that worked.
    [[nodiscard]] bool add_tester() const;

private:
    std::filesystem::path program_;
    std::filesystem::path configuration_;
};

} // namespace fault
