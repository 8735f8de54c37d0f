#pragma once

#include <filesystem>
#include <memory>

namespace bench {

/// The daemon's HTTP client and its store without the daemon: sends what is queued in a file that the daemon has made, each attempt journalled
/// before its first byte leaves and its outcome after, many in one commit. It asks the database nothing while it sends, and knows no rule.
class BareClient {
public:
    /// Reads what is queued. Throws: std::runtime_error (cannot open).
    BareClient(std::filesystem::path const& file, int provider_port);
    ~BareClient();
    BareClient(BareClient const&) = delete;
    BareClient& operator=(BareClient const&) = delete;

    /// Messages per second until the last outcome is durable, this many on their way at once. Throws: std::runtime_error (one was not accepted).
    [[nodiscard]] double send_all(int in_flight);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace bench
