#pragma once

#include "deskbridge/async/task_group.hpp"
#include "deskbridge/flow/call_budget.hpp"
#include "deskbridge/flow/health.hpp"
#include "deskbridge/flow/templates.hpp"

#include <optional>
#include <string>

namespace deskbridge::app {

/// What asks providers about the accounts: for their templates, and how they are.
class ProviderHouse {
public:
    struct Around {
        boost::asio::io_context& io;
        store::Store& store;
        net::Transport& transport;
        async::Clock& clock;
        channel::AccountContexts const& accounts;
        std::string public_url;
        Log& log;
        Metrics& metrics;
        std::function<std::uint64_t()> dice;
    };
    void build(Around around);
    void spawn(async::TaskGroup& tasks);
    void ring();
    void try_new_credentials();

private:
    flow::CallBudget budget_{};
    std::optional<flow::Templates> templates_;
    std::optional<flow::Health> health_;
};

} // namespace deskbridge::app
