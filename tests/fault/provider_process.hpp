#pragma once

#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace fault {

/// `deskbridge simulate` as a process that comes and goes, on one port and with one state folder: the provider and its outages.
class ProviderProcess {
public:
    /// `folder`: the daemon's, whose secrets it shares. `port`: where the provider listens; `hook`: the URL of the daemon's hook.
    ProviderProcess(std::string program, std::filesystem::path folder, int port, std::string hook);
    ~ProviderProcess();
    ProviderProcess(ProviderProcess const&) = delete;
    ProviderProcess& operator=(ProviderProcess const&) = delete;

    /// Throws if it does not answer.
    void start();
    /// From the next start on: so long after a message was taken its first receipt is told.
    void tells_after(std::chrono::milliseconds delay) noexcept { tells_after_ = delay; }
    /// From the next start on: more arguments of the command.
    void takes(std::vector<std::string> arguments) { more_ = std::move(arguments); }
    void stop();   ///< connections are refused from now on
    void freeze(); ///< connections are made, and nobody is there
    void thaw();
    [[nodiscard]] nlohmann::json ask(std::string const& path) const;
    /// Throws if the provider does not do it.
    nlohmann::json order(std::string const& path, nlohmann::json const& what) const;
    [[nodiscard]] std::filesystem::path ledger() const { return folder_ / "sim" / "ledger.jsonl"; }

private:
    std::string program_;
    std::filesystem::path folder_;
    int port_;
    std::string hook_;
    std::vector<std::string> more_;
    std::chrono::milliseconds tells_after_{150};
    pid_t pid_{-1};
};

} // namespace fault
