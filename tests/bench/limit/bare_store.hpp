#pragma once

#include "load/load.hpp"

#include <chrono>
#include <filesystem>

namespace bench {

/// The store of the daemon without the daemon: from now on, on a file that the daemon has made.
class BareStore {
public:
    /// Throws: std::runtime_error (cannot open).
    explicit BareStore(std::filesystem::path const& file);
    ~BareStore();
    BareStore(BareStore const&) = delete;
    BareStore& operator=(BareStore const&) = delete;

    /// Webhooks per second when `writers` of them wait for their commit at any time.
    [[nodiscard]] double write_all(Posts const& posts, int writers, std::chrono::milliseconds at_most);
    /// The same rows for each post of a load over our bare HTTP server.
    [[nodiscard]] Loaded serve(Posts const& posts, LoadPlan plan);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace bench
