#pragma once

#include "agent_desk.hpp"
#include "arguments.hpp"
#include "daemon.hpp"
#include "provider_ledger.hpp"
#include "provider_process.hpp"

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace fault {

/// The real daemon, the provider simulator, customers who have written, and an agent who answers them and is asked what only people know.
class ProviderScene {
public:
    ProviderScene(std::string const& program, int customers);

    /// Queues an answer; answers its message's number.
    long answer(long ticket, std::string const& text);
    void customer_writes(std::size_t customer, std::string const& text);
    [[nodiscard]] long customers() const noexcept { return static_cast<long>(customers_.size()); }

    /// One look at the outbox by whoever minds it: a paused account goes on; what has been in doubt for a while is looked up at the
    /// provider, as a person would look at the phone, and resolved. Answers how many messages are still open.
    std::size_t mind();
    /// Until nothing is open any more and every webhook was taken.
    [[nodiscard]] bool comes_to_rest();
    /// What `outbox show` tells of a message as soon as it is neither waiting nor on its way.
    [[nodiscard]] nlohmann::json verdict_on(long message) const;

    void restart_daemon(); ///< in good order
    void away(std::chrono::milliseconds how_long);   ///< the daemon is down, and the customers write
    void outage(std::chrono::milliseconds how_long); ///< connections are refused
    void frozen(std::chrono::milliseconds how_long); ///< nobody is behind the connections
    /// Ends both; the database has nobody then.
    void end();

    ScratchFolder folder;
    int const provider_port;
    Daemon daemon;
    ProviderProcess provider;
    AgentDesk desk;
    ProviderLedger ledger;
    std::set<std::string> promised;                      ///< texts that the daemon took
    std::map<std::string, int> resolved;                 ///< by verdict
    std::vector<std::string> trouble;                    ///< what did not go as ordered

private:
    void resolve(nlohmann::json const& line);
    std::vector<std::string> customers_;
    std::map<long, std::string> texts_; ///< by message
    std::map<long, std::chrono::steady_clock::time_point> in_doubt_since_;
    std::chrono::steady_clock::time_point thawed_{};
};

} // namespace fault
