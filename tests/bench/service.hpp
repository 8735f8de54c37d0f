#pragma once

#include "fault/daemon.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace bench {

/// How a daemon under measurement is configured, beside what every judge's daemon has.
struct Setup {
    bool acknowledge{false};
    bool at_once{false}; ///< acknowledgements wait for nothing more
    bool tls{false};
    int in_flight{32}; ///< sends on their way
    int per_second{0}; ///< messages that the account may send; 0: as the channel says
    int api_port{0};   ///< where the provider's stand-in listens
};
/// Nothing of its configuration holds its sends up: 256 on their way, 10,000 a second.
[[nodiscard]] Setup wide_open(int api_port);
/// Not started yet. Its limits for connections are above what a load opens.
[[nodiscard]] std::unique_ptr<fault::Daemon> make_daemon(std::filesystem::path const& program, std::filesystem::path const& folder, Setup const& setup);

/// The comparison, in a process of its own: tests/bench/peer, as `install.sh` put it into a folder.
class Peer {
public:
    /// Starts it on this database and waits until it answers. Throws: std::runtime_error.
    Peer(std::filesystem::path const& folder, std::filesystem::path const& database);
    ~Peer();
    Peer(Peer const&) = delete;
    Peer& operator=(Peer const&) = delete;
    [[nodiscard]] int port() const noexcept { return port_; }
    /// What it says of itself.
    [[nodiscard]] nlohmann::json versions() const;
    /// SIGTERM; throws std::runtime_error if it does not end well.
    void terminate();

private:
    int end(int signal);
    int port_;
    pid_t pid_{-1};
};

/// A copy that is on the disk before this returns, so that nobody's sync waits for it.
void lay(std::filesystem::path const& from, std::filesystem::path const& to);

} // namespace bench
