#pragma once

#include "meta.hpp"

#include "async/run.hpp"
#include "deskbridge/desk/desk.hpp"
#include "deskbridge/flow/intake.hpp"
#include "deskbridge/flow/outbox_pump.hpp"
#include "support/fake_clock.hpp"
#include "support/scripted_transport.hpp"
#include "support/temp_store.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace deskbridge::test {

/// Keeps what was logged, as "event key=value …".
class KeptLog final : public Log {
public:
    void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) override;
    [[nodiscard]] bool has(std::string_view part) const;
    std::vector<std::string> lines;
};

/// The daemon's inbound half and its outbox on a real store, a virtual clock, and a provider that plays along.
class World {
public:
    explicit World(store::StoreSettings settings = {});
    ~World();
    World(World const&) = delete;
    World& operator=(World const&) = delete;

    /// Before the first webhook: changes an account's policy.
    [[nodiscard]] AccountPolicy& policy(std::string const& account = "support");

    /// The first number that a query answers; 0: it has no row.
    [[nodiscard]] std::int64_t number_of(char const* sql);

    /// A signed webhook through the real intake; everything that is due afterwards happens.
    HttpResponse deliver(std::string const& body);
    HttpResponse deliver(HttpRequest request, std::string const& hook = "meta");
    [[nodiscard]] HttpRequest sign(std::string const& body) const;
    /// Time passes; alarms fire and sends go out at their own moments.
    void pass(std::chrono::milliseconds duration);
    /// Sends and fires whatever is due now.
    void settle();

    /// An agent's use case; throws what it answers if it fails.
    template <class Request>
    typename Request::Answer perform(std::string const& agent, Request request)
    {
        auto const caller = caller_of(agent);
        auto answer = run(desk_->perform(caller, request));
        if (!answer)
            throw std::runtime_error{"desk: " + answer.error().detail};
        settle();
        return std::move(*answer);
    }

    template <class T>
    T run(boost::asio::awaitable<T> task)
    {
        return run_task(io, std::move(task));
    }

    [[nodiscard]] Timestamp now() const noexcept { return clock.now(); }
    [[nodiscard]] channel::AccountContext const& account(std::string const& name = "support") const;
    [[nodiscard]] flow::Intake& intake();
    [[nodiscard]] flow::Surroundings around() const { return {accounts, dice_}; }

    boost::asio::io_context io{1};
    KeptLog log;
    TempStore store;
    Metrics& metrics{store.metrics};
    FakeClock clock{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + std::chrono::hours{9}};
    channel::AccountContexts accounts;
    ScriptedTransport transport;
    bool offline{false};

private:
    void start();
    [[nodiscard]] Timestamp next_moment();
    void fire_timers();
    [[nodiscard]] desk::Caller caller_of(std::string const& agent);
    [[nodiscard]] net::Answer answer_send(HttpRequest const& request);

    std::uint64_t rolled_{0};
    flow::Dice dice_;
    std::unique_ptr<flow::Intake> intake_;
    std::unique_ptr<flow::OutboxPump> pump_;
    std::unique_ptr<desk::Desk> desk_;
    std::map<std::string, AgentId> agents_;
    std::optional<Timestamp> look_again_;
    int sent_{0};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> working_{io.get_executor()};
};

} // namespace deskbridge::test
