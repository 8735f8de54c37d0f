#pragma once

#include "plan.hpp"

#include <atomic>
#include <vector>

namespace fault {

/// Posts a storm over several connections, as a provider does: whatever is not answered 200 is posted again.
class Sender {
public:
    Sender(Storm const& storm, int port, int connections);

    /// Until everything was answered 200, or `stop` turns true (the server was killed on purpose).
    void run(std::atomic<bool> const& stop);

    /// Per event: was a POST with it answered 200?
    [[nodiscard]] std::vector<bool> answered() const;
    [[nodiscard]] bool finished() const noexcept;
    [[nodiscard]] int refused() const noexcept { return refused_; } ///< answers that were no 200 and no broken connection

private:
    void work(std::atomic<bool> const& stop);
    Storm const& storm_;
    int port_;
    int connections_;
    std::atomic<std::size_t> next_{0};
    std::vector<std::atomic<bool>> done_; // per delivery
    std::atomic<int> refused_{0};
};

} // namespace fault
