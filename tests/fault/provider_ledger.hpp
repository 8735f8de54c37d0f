#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace fault {

/// The simulator's own account of what it took and told, read from its file.
class ProviderLedger {
public:
    struct Sent {
        std::string id;    ///< what the provider calls it
        std::string token; ///< the attempt's, as it came
        std::string text;  ///< of a plain text
    };
    explicit ProviderLedger(std::filesystem::path file) : file_{std::move(file)} {}
    /// What was written since the last time.
    void read_on();
    [[nodiscard]] int times(std::string const& text) const;
    /// Statuses of this message in webhooks that the daemon answered 200.
    [[nodiscard]] std::set<std::string> told(std::string const& id) const;

    /// For whoever tries the judge: a status that was never told.
    void plant_status(std::string const& id, std::string const& status) { told_[id].insert(status); }

    std::vector<Sent> sends;             ///< messages that were taken, in their order
    std::map<std::string, int> struck;   ///< how often each fault, by kind and whether the message was taken
    int strangers{0};                    ///< statuses that were told of messages nobody sent

private:
    void read_line(std::string const& line);
    using Statuses = std::vector<std::pair<std::string, std::string>>;
    std::filesystem::path file_;
    std::streamoff read_{0};
    std::map<long, Statuses> on_their_way_;
    std::map<std::string, std::set<std::string>> told_;
    std::set<std::string> ids_;
    std::map<std::string, int> texts_;
};

} // namespace fault
