#pragma once

#include "ground.hpp"

#include <deque>

namespace bench {

/// A daemon on a database that has grown large: 100,000 customers with a ticket each, and as many messages as asked for. Everything that was
/// ever brought to it is judged at the end.
class FullDaemon {
public:
    FullDaemon(Ground& ground, std::size_t messages);

    /// @param ago  how long since they were written, by the provider's clock.
    Loaded bring(Shape shape, std::size_t posts, LoadPlan plan, std::chrono::seconds ago = {});
    [[nodiscard]] fault::Daemon& daemon() noexcept { return *daemon_; }
    [[nodiscard]] std::size_t messages() const noexcept { return messages_; } ///< answered 200 so far
    [[nodiscard]] double megabytes() const; ///< of the database and its log
    /// Ends it and looks into its database. Throws: std::runtime_error.
    void conclude();

    static constexpr int customers = 100'000;

private:
    struct Lot {
        Posts posts;
        std::vector<bool> answered;
    };
    void fill(std::size_t messages);
    Ground& ground_;
    std::unique_ptr<fault::Daemon> daemon_;
    std::deque<Lot> lots_;
    std::size_t messages_{0};
    std::uint64_t seeds_{1000};
};

} // namespace bench
