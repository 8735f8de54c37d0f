#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace deskbridge::test {

struct Ran {
    int status{-1};
    std::string told; ///< on standard output
    std::string said; ///< on standard error
    int signal{0};    ///< that ended it
};

struct Given {
    std::vector<std::string> words;
    std::string input{};
    std::string output{}; ///< where standard output goes; "": it is told
    bool as_nobody{false}; ///< without root's rights, if it has them
};

/// The program in a process of its own, with standard streams of its own.
Ran run(Given given);

/// The daemon in a process of its own, until this ends.
class ForkedDaemon {
public:
    /// Waits until its control socket answers, ten seconds at most.
    ForkedDaemon(std::string config, std::string socket);
    ~ForkedDaemon() { stop(); }
    ForkedDaemon(ForkedDaemon const&) = delete;
    ForkedDaemon& operator=(ForkedDaemon const&) = delete;

    /// SIGTERM; answers its exit status.
    int stop();
    [[nodiscard]] bool answers() const noexcept { return answers_; }

private:
    pid_t child_{-1};
    bool answers_{false};
};

} // namespace deskbridge::test
