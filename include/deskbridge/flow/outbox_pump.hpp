#pragma once

#include "deskbridge/async/bell.hpp"
#include "deskbridge/async/clock.hpp"
#include "deskbridge/async/pool.hpp"
#include "deskbridge/async/task_group.hpp"
#include "deskbridge/channel/account_context.hpp"
#include "deskbridge/core/log.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/core/breaker.hpp"
#include "deskbridge/core/pacing.hpp"
#include "deskbridge/flow/refusals.hpp"
#include "deskbridge/flow/slowed.hpp"
#include "deskbridge/net/http_client.hpp"
#include "deskbridge/store/media_folder.hpp"
#include "deskbridge/store/outbox_pump.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace deskbridge::flow {

struct OutboxSettings {
    std::size_t in_flight{32}; ///< attempts at once, over all accounts; the bound on what a crash leaves unknown
    std::chrono::milliseconds connect{10000};
    std::chrono::milliseconds exchange{30000};
    std::chrono::milliseconds finish{5000}; ///< how long a send may take to end when the daemon stops
    double per_second_max{60.0};            ///< as far as an account's rate rises by itself
    std::map<std::string, double> per_second{}; ///< by account's name: what its provider allows it; others begin with their channel's
    OutboxRules rules{};
};

/// Carries the outbox out: journals an attempt before the first byte of a request that delivers leaves, sends, records what became
/// of it. Uploads go before the journal: a crash among them leaves nothing in doubt, and their answers are remembered.
///
/// One intent is normally exactly one message. What cannot be known is recorded as unknown, never resent on a guess.
/// Metrics: deskbridge_sends_total{outcome}, deskbridge_uploads_total{outcome}, deskbridge_account_rests_total{reason},
/// deskbridge_send_seconds, deskbridge_doubts_settled_total{by}, deskbridge_messages_duplicated_total, deskbridge_window_templates_total{outcome}.
/// Ownership: everything in `Parts` outlives it. `recover` runs once before the daemon is ready; `run` is spawned once
/// and lasts until cancelled, then lets sends finish. Threads: the reactor.
class OutboxPump {
public:
    struct Parts {
        boost::asio::io_context& io;
        store::Store& store;
        net::Transport& transport;
        async::Clock& clock;
        channel::AccountContexts const& accounts;
        Refusals const& refusals; ///< of webhooks
        Log& log;
        Metrics& metrics;
        std::function<std::uint64_t()> dice; ///< uniformly random; called on the reactor only
        std::int64_t epoch{0};               ///< of this start
        std::function<void(Timestamp)> on_timer{}; ///< an acknowledgement will be due then
        std::function<void()> on_crash{};          ///< a task ended by an exception: the process should stop
        store::MediaFolder const* media{nullptr};  ///< where the files lie that go out; null: none can
        async::Pool* media_pool{nullptr};          ///< reads them
    };
    explicit OutboxPump(Parts parts, OutboxSettings settings = {});
    ~OutboxPump();
    OutboxPump(OutboxPump const&) = delete;
    OutboxPump& operator=(OutboxPump const&) = delete;

    /// Attempts without a result become unknown; accounts that the provider refused may try again.
    /// Answers how many intents are newly unknown. Errors: those of the store.
    [[nodiscard]] boost::asio::awaitable<Result<std::size_t>> recover();

    [[nodiscard]] boost::asio::awaitable<void> run();

    /// Secrets were read anew: accounts that the provider refused try again.
    [[nodiscard]] boost::asio::awaitable<void> try_new_credentials();

    /// The wall clock was set back by so much; what lies in the store is pulled along by others.
    void clock_set_back(std::chrono::milliseconds by);

    /// What a receipt tells late, as if the answer to its send had said so; not what is long over.
    void slow_down(Slowed const& told);

    /// There may be something to do: a message was queued, a receipt came, an account was resumed. Cheap.
    void ring() { bell_.ring(); }

    /// Sends everything that may go now and answers when to look again. Instead of `run`, for virtual time.
    [[nodiscard]] boost::asio::awaitable<Timestamp> pump_until_idle();

    /// Tells the customer's device that the message was read, or that we type. At most once, best effort: no journal,
    /// no retry; dropped when the account is busy, has no such marks or does not want them.
    void mark_read(AccountId account, ExternalMessageId const& message, bool typing);

    [[nodiscard]] std::size_t in_flight() const noexcept { return busy_.size(); }

    /// Accounts that send nothing for a while, since their provider fails or wants it so; and, as an entry of their own, those that send no
    /// templates for longer.
    [[nodiscard]] std::vector<AccountRest> rests(Timestamp now) const;

private:
    struct Sender;
    struct Link;
    struct Prepared;
    using Performed = std::variant<HttpResponse, Outcome>;
    class Slot;
    struct Figures;

    [[nodiscard]] boost::asio::awaitable<Timestamp> round();
    [[nodiscard]] boost::asio::awaitable<void> tend(Sender& sender, Timestamp now, Timestamp& look_again);
    [[nodiscard]] boost::asio::awaitable<void> announce(Sender& sender, std::vector<ConversationId> const& conversations, Timestamp now);
    [[nodiscard]] boost::asio::awaitable<void> start_ready(Sender& sender, Timestamp now, Timestamp& look_again);
    void start(Sender& sender, store::ReadyPage& page, Timestamp now, Timestamp& look_again);
    [[nodiscard]] bool start_one(Sender& sender, store::ReadyHead& head, Timestamp now, Timestamp& look_again);
    [[nodiscard]] std::size_t room(Sender const& sender) const noexcept;
    [[nodiscard]] boost::asio::awaitable<void> wind_down();

    [[nodiscard]] boost::asio::awaitable<void> deliver(Sender& sender, store::ReadyHead head);
    [[nodiscard]] boost::asio::awaitable<std::optional<Prepared>> prepare(Sender& sender, store::ReadyHead const& head,
                                                                          channel::Delivery& delivery);
    [[nodiscard]] boost::asio::awaitable<bool> connect(Sender& sender, store::ReadyHead const& head, channel::Step const& step,
                                                       Link& link);
    [[nodiscard]] boost::asio::awaitable<bool> begin(Sender& sender, store::ReadyHead const& head, channel::Delivery& delivery,
                                                     Prepared& prepared);
    [[nodiscard]] boost::asio::awaitable<Outcome> exchange(Sender& sender, channel::Delivery const& delivery, Prepared& prepared);
    [[nodiscard]] boost::asio::awaitable<Performed> perform(Sender& sender, channel::Step& step, Link& link);
    [[nodiscard]] boost::asio::awaitable<net::Answer> ask(Sender& sender, net::Origin const& origin, channel::Step& step, Link& link);
    [[nodiscard]] boost::asio::awaitable<net::Answer> upload(Sender& sender, channel::Step& step, Link& link);
    [[nodiscard]] boost::asio::awaitable<bool> is_there(channel::StepFile const& file);
    [[nodiscard]] boost::asio::awaitable<bool> may_go_on(Sender& sender);
    [[nodiscard]] boost::asio::awaitable<void> recall_upload(Sender& sender, channel::Delivery& delivery);
    [[nodiscard]] boost::asio::awaitable<void> forget_upload(Sender& sender, store::ReadyHead const& head, channel::Delivery const& delivery);
    [[nodiscard]] boost::asio::awaitable<void> remember_upload(Sender& sender, store::ReadyHead const& head, channel::Delivery const& delivery,
                                                               HttpResponse const& response);
    [[nodiscard]] boost::asio::awaitable<void> postpone(Sender& sender, store::ReadyHead const& head, NotSent const& why);
    struct Ended; ///< an attempt
    [[nodiscard]] boost::asio::awaitable<void> record(Sender& sender, store::ReadyHead const& head, Ended const& ended);
    /// Of an attempt in which nothing could be delivered: begins and ends it in one commit, so that a crash leaves it in no doubt.
    /// @param since  when it began to be made ready
    [[nodiscard]] boost::asio::awaitable<void> conclude(Sender& sender, store::ReadyHead const& head, Ended& ended, Timestamp since);
    void cannot_begin(Sender& sender, store::ReadyHead const& head, Error const& error, Timestamp now);
    /// Both answer whether it tells anew that customers complain about the account.
    bool slow(Sender& sender, Slowed const& told);
    [[nodiscard]] bool learn_pace(Sender& sender, ConversationId pair, Outcome const& outcome, Timestamp begun);
    void judge_provider(Sender& sender, Sign sign, Timestamp now);
    void report(Sender const& sender, store::ReadyHead const& head, Outcome const& outcome, store::RecordedOutcome const& recorded);
    /// Of what the store did not take: is it to be told? While it takes nothing at all, which it says itself, of each event the first.
    [[nodiscard]] bool is_news(std::string_view event, Error const& error);
    void report_failed(Sender& sender, store::Tended const& tended);
    void report_rest(Sender const& sender, RestReason reason, std::chrono::seconds rest, int code);
    void report_moves(std::vector<store::OutboxEffect> const& effects);
    [[nodiscard]] boost::asio::awaitable<void> send_mark(Sender& sender, HttpRequest request);
    [[nodiscard]] std::string fresh_token();
    /// Hands every effect to the acknowledgement of its ticket; answers the earliest timer that was armed.
    [[nodiscard]] std::optional<Timestamp> settle(store::Tx& tx, std::vector<store::OutboxEffect> const& effects, Timestamp now);
    void rest_lane(ConversationId lane, Timestamp now);
    [[nodiscard]] Timestamp rests_until(ConversationId lane, Timestamp now);
    void armed(std::optional<Timestamp> timer);
    void resume_refused(store::Tx& tx, Timestamp now);
    void crashed();

    Parts parts_;
    OutboxSettings settings_;
    std::unique_ptr<Figures> figures_;
    std::vector<std::unique_ptr<Sender>> senders_;
    std::size_t first_sender_{0};       // whose turn it is to go first
    std::set<ConversationId> busy_;     // lanes with an attempt on its way, from before its journal to after its result
    std::uint64_t started_{0};          // sends, since the start
    std::map<ConversationId, Timestamp> resting_; // lanes whose head the store refused
    async::Bell bell_;
    async::Bell ended_;                 // rung by every send that ends
    bool stopping_{false};
    std::set<std::string_view> away_; ///< events that were told while the store takes nothing
    async::TaskGroup sends_;
    async::TaskGroup marks_;
};

} // namespace deskbridge::flow
