#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace fault {

/// How far a long run has come: a line on standard error when half a minute has passed since the last one, for whoever waits or reads its log.
/// What is over sooner says nothing.
/// Threads: any. Processes that were forked after it was made count together with it.
class Progress {
public:
    using Clock = std::function<std::chrono::milliseconds()>;
    using Say = std::function<void(std::string const& line)>;

    /// @param name   of the tool
    /// @param units  of all that is to be done; 0: nobody knows how many
    Progress(std::string name, std::uint64_t units);
    Progress(std::string name, std::uint64_t units, Clock clock, Say say);
    ~Progress();
    Progress(Progress const&) = delete;
    Progress& operator=(Progress const&) = delete;

    void done(std::uint64_t units = 1, std::uint64_t failed = 0);

private:
    struct Counted;
    std::string name_;
    std::uint64_t units_;
    Clock clock_;
    Say say_;
    std::chrono::milliseconds begun_;
    Counted* counted_; ///< in memory that forked processes share
};

} // namespace fault
