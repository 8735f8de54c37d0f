#pragma once

#include "deskbridge/async/clock.hpp"
#include "deskbridge/async/task_group.hpp"
#include "deskbridge/flow/intake.hpp"
#include "deskbridge/net/http_client.hpp"

#include <functional>
#include <string>
#include <vector>

namespace deskbridge::flow {

/// Fetches webhooks from the accounts whose provider is asked for them: one question at a time for each.
///
/// What comes goes through intake like a delivery, proof included. The next question tells the provider how far it may forget:
/// up to what is stored, so nothing is lost, and what comes twice is known by its key. The cursor needs no place in the
/// database: a question without one brings whatever was never acknowledged.
/// Threads: the reactor.
class Poller {
public:
    struct Parts {
        boost::asio::io_context& io;
        net::Transport& transport;
        Intake& intake;
        async::Clock& clock;
        channel::AccountContexts const& accounts;
        Log& log;
        Dice dice;
        std::function<void()> on_crash;
    };

    explicit Poller(Parts parts);

    /// Until cancelled.
    [[nodiscard]] boost::asio::awaitable<void> run();

    /// One question to each account; how long the most patient of them wants to rest.
    [[nodiscard]] boost::asio::awaitable<std::chrono::seconds> ask_each_once();

private:
    struct Source {
        channel::AccountContext const& account;
        std::string cursor{};
        int failures{0}; ///< in a row
    };
    [[nodiscard]] boost::asio::awaitable<void> follow(Source& source);
    [[nodiscard]] boost::asio::awaitable<std::chrono::seconds> ask(Source& source);
    [[nodiscard]] boost::asio::awaitable<channel::Polled> fetch(Source const& source);
    [[nodiscard]] boost::asio::awaitable<std::string> take(Source& source, channel::Polled::Item& item);
    [[nodiscard]] boost::asio::awaitable<net::Answer> exchange(HttpRequest& request, std::chrono::milliseconds limit);
    [[nodiscard]] std::chrono::seconds rest_after(Source& source, channel::Polled const& polled);

    Parts parts_;
    std::vector<Source> sources_;
    async::TaskGroup loops_;
};

} // namespace deskbridge::flow
