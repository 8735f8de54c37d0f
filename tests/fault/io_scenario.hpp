#pragma once

#include "daemon.hpp"
#include "http.hpp"
#include "image_judge.hpp"
#include "mixed_load.hpp"
#include "opener.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace fault {

/// A start, some work and an end of the daemon, to be repeated with one call failing after the other.
class Scenario {
public:
    struct Programs {
        std::filesystem::path daemon{};
        std::filesystem::path layer{};
        std::filesystem::path opener{};
    };
    struct Result {
        bool touched{false};                ///< the fault was met
        bool started{false};
        int status{0};                      ///< of the process: what it exited with, 128 + signal
        int refused{0};                     ///< requests that were not answered 2xx
        std::vector<std::string> failures{};
    };

    /// @param name  work (on what an earlier run left), birth (from an empty folder), checkpoint (enough for the log to be
    ///              taken into the database several times)
    Scenario(Programs programs, std::string name, std::uint64_t seed);

    /// Makes what every run begins with.
    void prepare(std::filesystem::path const& origin);
    /// Where runs happen from now on.
    void work_in(std::filesystem::path const& scratch);
    /// @param order  kind:n:error:how, see faultfs.h
    [[nodiscard]] Result run(std::string const& order);

private:
    void play(Daemon& daemon, std::string const& order, Result& result);
    void lose_power(std::string const& order, Result& result);
    void start_again(Daemon& daemon, Result& result);
    [[nodiscard]] std::filesystem::path folder() const { return scratch_ / "state"; }
    [[nodiscard]] std::filesystem::path record() const { return scratch_ / "record"; }

    Programs programs_;
    std::string name_;
    std::uint64_t seed_;
    MixedLoad load_;
    std::filesystem::path origin_;
    std::filesystem::path scratch_;
    std::unique_ptr<ProviderSink> sink_;
    std::unique_ptr<Opener> opener_;
};

} // namespace fault
