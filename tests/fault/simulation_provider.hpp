#pragma once

#include "deskbridge/async/clock.hpp"
#include "deskbridge/core/log.hpp"
#include "deskbridge/net/http_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

/// A world whose only source of time and chance is a seed.
namespace deskbridge::test::sim {

using std::chrono::milliseconds;

/// splitmix64.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_{seed} {}
    std::uint64_t roll();
    [[nodiscard]] std::uint64_t below(std::uint64_t n) { return roll() % n; }
    [[nodiscard]] bool chance(std::uint64_t per_mille) { return below(1000) < per_mille; }
    [[nodiscard]] milliseconds within(milliseconds longest) { return milliseconds{static_cast<std::int64_t>(below(static_cast<std::uint64_t>(longest.count()) + 1))}; }

private:
    std::uint64_t state_;
};

/// What happens when, in true time; what the daemon's clock says may differ.
class Agenda final : public async::Clock {
public:
    [[nodiscard]] Timestamp now() const noexcept override { return true_now_ + skew_; }
    [[nodiscard]] milliseconds running() const noexcept override { return true_now_.time_since_epoch(); }
    [[nodiscard]] boost::asio::awaitable<void> sleep_until(Timestamp) override { co_return; }
    [[nodiscard]] Timestamp true_now() const noexcept { return true_now_; }
    void jump(milliseconds by)
    {
        skew_ += by;
        turned_back_ += std::max(-by, milliseconds{0});
    }
    /// How far the daemon's clock was set back, all times together.
    [[nodiscard]] milliseconds turned_back() const noexcept { return turned_back_; }
    void after(milliseconds delay, std::function<void()> what);
    /// At that moment of the daemon's clock, but not before the next millisecond.
    void when(Timestamp daemons, std::function<void()> what);
    /// Does what is next; false: nothing is.
    bool step(Timestamp until);

private:
    struct Entry {
        Timestamp at;
        std::uint64_t place;
        std::function<void()> what;
        friend bool operator<(Entry const& a, Entry const& b) { return std::tie(b.at, b.place) < std::tie(a.at, a.place); }
    };
    std::priority_queue<Entry> entries_;
    std::uint64_t placed_{0};
    Timestamp true_now_{from_ms(1'795'267'200'000)};
    milliseconds skew_{0};
    milliseconds turned_back_{0};
};

/// Deliberately no std::exception: nothing may catch it on its way out.
struct SimulatedCrash {};

/// When the daemon dies. Every step of a send asks.
class Fate {
public:
    void die_at_step(int n) { left_ = n; }
    /// At the step of that name, after letting it pass so many times.
    void die_at(std::string step, int passes = 0)
    {
        named_ = std::move(step);
        left_ = -1;
        passes_ = passes;
    }
    void die();
    void revive();
    void step(char const* where);
    [[nodiscard]] bool dead() const noexcept { return dead_; }
    std::map<std::string, int> deaths; ///< by step

private:
    std::thread::id reactor_{std::this_thread::get_id()};
    int left_{-1};
    std::string named_;
    int passes_{0};
    bool dead_{false};
};

/// Steps of a send as the log and the network tell them.
class FatefulLog final : public Log {
public:
    explicit FatefulLog(Fate& fate) : fate_{fate} {}
    void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) override;
    bool aloud{false};

private:
    Fate& fate_;
};

/// What the provider does with a request and with receipts, and how likely each is, per mille.
struct Weather {
    std::uint64_t each{0};             ///< of every fault of a request
    std::uint64_t lost_receipts{0};    ///< of messages: nothing is ever told of them
    std::uint64_t missing_receipts{0}; ///< of messages: one of their receipts never comes
    std::uint64_t phones_off{100};     ///< of messages: delivered hours after they were sent
    std::uint64_t doubled_receipts{200}; ///< of receipts: told twice, the second time up to hours later
    std::uint64_t strange_receipts{0}; ///< of messages: a receipt for another one of which we know nothing comes along
    std::uint64_t bare_receipts{0};    ///< of messages whose receipts do not bring our token back
    bool floods_in_order{true};        ///< what waited in a silence comes in its order, or as it likes within minutes
};

/// A message that the provider took.
struct Sent {
    Timestamp at;
    std::string number, to, token, id;
    bool is_template{false};
    bool bare{false}; ///< its receipts come without our token
    bool lost{false}; ///< no receipt will ever come
};

/// A request that delivers and of which the provider saw a part, at the moment in which its connection was asked for.
struct Asked {
    Timestamp at;
    std::string number, to;
};

/// Nothing comes over the path of a number's receipts meanwhile; what is due comes afterwards.
struct Silence {
    std::string number;
    Timestamp from, until;
};

/// WhatsApp's side: answers sends, keeps its own ledger, and tells later what became of them.
class Provider final : public net::Transport {
public:
    Provider(Agenda& agenda, Fate& fate, Dice dice) : agenda_{agenda}, fate_{fate}, dice_{dice} {}
    boost::asio::awaitable<Result<std::unique_ptr<net::Connection>>> connect(net::Origin const& origin, milliseconds limit) override;

    /// The daemon died: whoever waits here does so no more.
    void wake_all();
    /// From now on for so long no receipt of that number comes through.
    void fall_silent(std::string const& number, milliseconds duration);
    /// All that can be found in `faults`.
    [[nodiscard]] std::vector<std::string> all_faults_of_the_weather() const;

    Weather weather;
    std::vector<Sent> ledger;
    std::vector<Asked> requests;
    std::vector<Silence> silences;
    std::map<std::string, int> faults; ///< how often each was staged
    std::function<void(Sent const& sent, std::string const& status, int code)> tell;
    boost::asio::io_context* io{nullptr};

private:
    class Wire;
    struct Fault {
        char const* name;
        bool reaches;          ///< the provider takes the message
        bool answered;
        net::NoAnswer::Written written;
        int status;
        char const* body;
        char const* retry_after;
    };
    static std::vector<Fault> const all_faults;
    [[nodiscard]] boost::asio::awaitable<void> wait(milliseconds delay);
    [[nodiscard]] boost::asio::awaitable<net::Answer> serve(HttpRequest const& request, Timestamp connected, milliseconds limit);
    [[nodiscard]] Fault const* draw();
    static void answer(Fault const* fault, std::string const& id, HttpResponse& response);
    std::string accept(std::string const& number, nlohmann::json const& asked);
    void plan_receipts(Sent& sent);
    [[nodiscard]] std::vector<std::string> receipt_faults() const;
    void plan(Sent const& sent, std::string const& status, int code, milliseconds delay);
    void come(Sent const& sent, std::string const& status, int code);
    bool happens(std::uint64_t per_mille, char const* fault);

    Agenda& agenda_;
    Fate& fate_;
    Dice dice_;
    std::vector<std::weak_ptr<boost::asio::steady_timer>> waiting_;
    int strangers_{0};
};

} // namespace deskbridge::test::sim
