#pragma once

#include "ledger.hpp"
#include "payloads.hpp"

#include "deskbridge/async/bell.hpp"
#include "deskbridge/async/clock.hpp"
#include "deskbridge/async/task_group.hpp"
#include "deskbridge/core/log.hpp"
#include "deskbridge/net/http_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <map>

namespace deskbridge::simulator {

/// Where webhooks go and how they are signed.
struct HookSettings {
    std::string url;
    std::string app_secret;
    std::string verify_token;
    bool raw_utf8{false};
    double time_scale{1.0};
    std::chrono::milliseconds timeout{10000};
    [[nodiscard]] bool shares_with(HookSettings const& other) const
    {
        return url == other.url && app_secret == other.app_secret && verify_token == other.verify_token;
    }
};

/// How unkindly webhooks travel; the defaults are kind.
struct Chaos {
    std::size_t batch{1};                    ///< up to so many updates in one POST
    std::chrono::milliseconds batch_wait{0}; ///< how long one waits for company
    double duplicate{0};                     ///< probability that a POST is made twice, concurrently
    double reorder{0};                       ///< probability that a POST is held back
    std::chrono::milliseconds held_back{400};
    std::size_t concurrency{8};              ///< POSTs in flight at once
    bool early_status{false};                ///< `sent` leaves before the answer to the send does
};

/// What the page shows about the webhook.
struct HookState {
    std::string handshake{"none"}; ///< none, waiting, verified, refused
    std::string handshake_why{};
    int last_status{0};            ///< of the last post; 0: none yet or no answer
    std::chrono::milliseconds last_took{0};
    std::size_t unanswered{0};
    std::uint64_t taken{0};
};

/// Posts updates as signed webhooks until they are answered 200: at least once, in any order, several at a time.
///
/// What is unanswered is in the ledger and goes on in the next run.
/// Threads: the reactor.
class Emitter {
public:
    struct Parts {
        boost::asio::io_context& io;
        async::Clock& clock;
        Log& log;
        Ledger& ledger;
        net::HttpClient& http;
        async::TaskGroup& tasks;
        Chaos const& chaos;
    };
    /// `name`: the first of the numbers behind it, by phone number id; tells its webhooks in the ledger from those of others.
    Emitter(Parts parts, std::string name, HookSettings settings);

    void start(std::vector<Webhook> unfinished);
    void stop();  ///< no new posts; those in flight are left to the task group

    void emit(Update update);
    /// With another secret from now on: what waits is signed with it too.
    void sign_with(std::string app_secret) { settings_.app_secret = std::move(app_secret); }
    [[nodiscard]] std::string const& name() const noexcept { return name_; }
    /// Any bytes, signed rightly or, with `signature`, by that header value; empty: without the header.
    void post_raw(std::string body, std::optional<std::string> signature);

    [[nodiscard]] HookSettings const& settings() const noexcept { return settings_; }
    /// Where to go from now on; the handshake begins anew.
    void aim(std::string url);
    [[nodiscard]] HookState state() const;
    [[nodiscard]] std::vector<std::string> waiting_message_ids() const;
    std::function<void(std::vector<std::string> const& message_ids)> on_taken{};
    std::function<void()> on_state{};

private:
    [[nodiscard]] boost::asio::awaitable<void> pump();
    [[nodiscard]] boost::asio::awaitable<void> post(Webhook hook);
    [[nodiscard]] boost::asio::awaitable<void> shake_hands(std::uint64_t round);
    void pack_some();
    void schedule(Webhook hook, Timestamp when);
    void start_due(Timestamp now);
    void settle(Webhook hook, int status, std::chrono::milliseconds took, std::string const& why);
    void tell_state();
    [[nodiscard]] bool chance(double probability);

    Parts parts_;
    std::string name_;
    HookSettings settings_;
    HookState state_;
    async::Bell bell_;
    std::deque<Update> queue_;
    std::multimap<Timestamp, Webhook> due_;
    std::size_t in_flight_{0};
    std::uint64_t handshake_round_{0};
    bool stopping_{false};
};

} // namespace deskbridge::simulator
