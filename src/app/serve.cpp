#include "serve.hpp"

#include "accounts.hpp"
#include "command_line.hpp"
#include "dice.hpp"
#include "figures.hpp"
#include "media_house.hpp"
#include "provider_house.hpp"
#include "public_routes.hpp"
#include "open_store.hpp"
#include "reload.hpp"
#include "systemd.hpp"
#include "watchdog.hpp"

#include "deskbridge/async/clock.hpp"
#include "deskbridge/async/task_group.hpp"
#include "deskbridge/api/api.hpp"
#include "deskbridge/desk/desk.hpp"
#include "deskbridge/flow/acknowledgement.hpp"
#include "deskbridge/flow/intake.hpp"
#include "deskbridge/flow/outbox_pump.hpp"
#include "deskbridge/flow/poller.hpp"
#include "deskbridge/flow/read_marks.hpp"
#include "deskbridge/flow/reply_windows.hpp"
#include "deskbridge/flow/timers.hpp"
#include "deskbridge/flow/upkeep.hpp"
#include "deskbridge/net/http_client.hpp"
#include "deskbridge/net/http_server.hpp"
#include "deskbridge/store/epoch.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <memory>
#include <optional>

namespace deskbridge::app {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds requests_may_finish{3};
constexpr std::size_t pool_threads = 3; // a backup's disk or the secrets' may not answer: users are looked up all the same

/// The whole daemon: the object graph, in the order of dependence. Destruction is the reverse.
class Daemon {
public:
    Daemon(Config config, Log& log) : config_{std::move(config)}, log_{log} {}

    int run();

private:
    [[nodiscard]] Result<void> open();
    void build();
    [[nodiscard]] Result<void> listen();
    [[nodiscard]] asio::awaitable<void> live();
    [[nodiscard]] asio::awaitable<Result<void>> start();
    [[nodiscard]] asio::awaitable<void> until_told_to_stop();
    [[nodiscard]] asio::awaitable<void> stop();
    void take_over(std::optional<Config> const& fresh);

    Config config_;
    Log& log_;
    Metrics metrics_;
    async::SystemClock clock_;
    asio::io_context io_{1};
    int exit_{exit_ok};
    Readiness readiness_;
    flow::Dice dice_{roll};
    std::unique_ptr<store::Store> store_;
    store::Epoch epoch_;
    channel::AccountContexts accounts_;
    std::optional<net::HttpClient> client_;
    MediaHouse media_{config_.media};
    std::optional<flow::Intake> intake_;
    std::optional<flow::OutboxPump> pump_;
    std::optional<flow::Poller> poller_;
    ProviderHouse providers_;
    std::optional<flow::ReadMarks> read_marks_;
    std::optional<flow::Timers> timers_;
    std::optional<flow::ReplyWindows> windows_;
    std::optional<flow::Upkeep> upkeep_;
    std::optional<desk::Desk> desk_;
    std::optional<api::Api> api_;
    std::optional<Figures> figures_;
    std::optional<net::HttpServer> public_server_;
    std::optional<net::HttpServer> metrics_server_;
    std::optional<net::HttpServer> control_server_;
    std::optional<asio::signal_set> signals_;
    std::optional<async::Pool> pool_{pool_threads}; ///< for what may block, and is no file of a customer's
    async::TaskGroup tasks_{io_, log_, [this] { crashed(); }};
    Reload reload_{{tasks_, *pool_, config_, log_, [this](std::optional<Config> const& fresh) { take_over(fresh); }}};

    void crashed()
    {
        exit_ = exit_failure;
        std::raise(SIGTERM);
    }
};

int Daemon::run()
{
    auto const opened = open();
    if (!opened) {
        log_.error("start_failed", {{"reason", opened.error().detail}});
        return opened.error().fault == Fault::malformed ? exit_usage : exit_failure;
    }
    build();
    asio::co_spawn(io_, live(), [](std::exception_ptr crash) {
        if (crash)
            std::rethrow_exception(crash);
    });
    io_.run();
    if (epoch_.number)
        end_run(*store_, epoch_, clock_.now(), log_);
    pool_.reset();
    store_.reset(); // finishes what is queued, while all that those jobs refer to is still there
    log_.info("stopped", {{"exit_status", exit_}});
    return exit_;
}

Result<void> Daemon::open()
{
    auto opened = open_store(config_.store, log_, metrics_);
    if (!opened)
        return opened.error();
    store_ = std::move(*opened);
    readiness_.store = store_.get();
    if (auto const ready = media_.prepare(log_); !ready)
        return ready.error();
    auto const now = clock_.now();
    auto const epoch = begin_run(*store_, now, log_);
    if (!epoch)
        return epoch.error();
    epoch_ = *epoch;
    auto accounts = build_accounts(config_, *store_, now);
    if (!accounts)
        return accounts.error();
    accounts_ = std::move(*accounts);
    return {};
}

void Daemon::build()
{
    net::ClientSettings client;
    client.ca_file = config_.ca_file;
    client.certificates_at_once = true;
    client.idle_per_origin = std::max(client.idle_per_origin, static_cast<std::size_t>(config_.outbox.in_flight)); // what sends need again
    client_.emplace(io_, client, log_);
    auto const timer_due = [this](Timestamp due) { timers_->expect(due); };
    auto const queued = [this] { pump_->ring(); };
    flow::Surroundings const around{accounts_, dice_};
    intake_.emplace(flow::Intake::Parts{*store_, around, log_, metrics_, queued, timer_due, [this](auto const& told) { pump_->slow_down(told); }});
    pump_.emplace(flow::OutboxPump::Parts{io_, *store_, *client_, clock_, accounts_, intake_->refusals(), log_, metrics_, roll, epoch_.number, timer_due,
                                          [this] { crashed(); }, &media_.folder, &media_.pool},
                  outbox_settings(config_));
    poller_.emplace(flow::Poller::Parts{io_, *client_, *intake_, clock_, accounts_, log_, roll, [this] { crashed(); }});
    providers_.build({io_, *store_, *client_, clock_, accounts_, config_.server.public_url, log_, metrics_, roll});
    read_marks_.emplace(flow::ReadMarks::Parts{*store_, clock_, *pump_}, io_.get_executor());
    auto const set_back = [this](std::chrono::milliseconds by) { pump_->clock_set_back(by); };
    timers_.emplace(flow::Timers::Parts{*store_, clock_, around, log_, metrics_, queued, set_back}, io_.get_executor());
    media_.build({io_, *store_, *client_, clock_, accounts_, log_, metrics_, roll, [this] { crashed(); }});
    windows_.emplace(flow::ReplyWindows::Parts{*store_, clock_, around, log_, metrics_, queued});
    upkeep_.emplace(flow::Upkeep::Parts{*store_, clock_, log_, metrics_, &media_.folder, &media_.pool});
    auto const settle = [this](store::Tx& tx, store::OutboxEffect const& effect, Timestamp at) {
        if (auto const due = flow::settle_acknowledgement(tx, effect, at)) // on the writer's thread
            asio::post(io_, [this, due] { timers_->expect(*due); });
    };
    auto const replay = [this](store::ReplayWish const& wish) { return intake_->replay(wish); };
    auto const rests = [this] { return pump_->rests(clock_.now()); };
    desk_.emplace(desk::Desk::Parts{*store_, clock_, accounts_, dice_, queued, settle, replay, rests, &*pool_});
    figures_.emplace(*store_, clock_, metrics_, program_version(), rests);
    api_.emplace(api::Api::Parts{io_, *store_, clock_, *desk_, log_, *pool_, &media_.folder, &media_.pool, media_.config().max_bytes, media_.room});
    store_->on_events(io_.get_executor(), [this] {
        pump_->ring();
        read_marks_->ring();
        providers_.ring();
        media_.fetcher->ring();
        api_->on_events();
    });
}

Result<void> Daemon::listen()
{
    net::ServerLimits const limits;
    control_server_.emplace(io_, api_->routes(), limits, log_, metrics_);
    net::Listen const control{.address = {}, .unix_path = config_.server.socket, .unix_group = config_.server.socket_group};
    if (auto const bound = control_server_->listen(control); !bound)
        return bound.error();
    if (!config_.metrics_listen.empty()) {
        metrics_server_.emplace(io_, metrics_routes(*figures_), limits, log_, metrics_);
        if (auto const bound = metrics_server_->listen({.address = config_.metrics_listen}); !bound)
            return bound.error();
    }
    auto const& server = config_.server;
    net::ServerLimits const strangers{.max_connections = server.max_connections, .max_per_address = server.max_per_address};
    auto* const with_figures = config_.metrics_listen.empty() ? &*figures_ : nullptr;
    public_server_.emplace(io_, public_routes(*intake_, clock_, readiness_, with_figures, &*media_.door), strangers, log_, metrics_);
    net::Listen const where{.address = server.listen, .certificate = server.certificate, .key = server.key, .client_ca = server.client_ca,
                            .trusted_proxies = server.trusted_proxies};
    auto const port = public_server_->listen(where);
    if (!port)
        return port.error();
    log_.info("listening", {{"port", *port}, {"tls", !where.certificate.empty()}, {"socket", config_.server.socket.string()}});
    return {};
}

asio::awaitable<Result<void>> Daemon::start()
{
    auto const recovered = co_await pump_->recover();
    if (!recovered)
        co_return recovered.error();
    log_.info("recovered", {{"unknown", *recovered}, {"clean_start", epoch_.clean_start}, {"epoch", epoch_.number}});
    auto const listening = listen();
    if (!listening)
        co_return listening.error();
    tasks_.spawn("outbox", pump_->run());
    tasks_.spawn("poller", poller_->run());
    providers_.spawn(tasks_);
    tasks_.spawn("timers", timers_->run());
    tasks_.spawn("read_marks", read_marks_->run());
    tasks_.spawn("reply_windows", windows_->run());
    tasks_.spawn("upkeep", upkeep_->run());
    tasks_.spawn("media", media_.fetcher->run());
    if (auto const every = watchdog_interval())
        tasks_.spawn("watchdog", feed_watchdog(*store_, log_, *every));
    co_return Result<void>{};
}

asio::awaitable<void> Daemon::live()
{
    signals_.emplace(io_, SIGTERM, SIGINT, SIGHUP);
    auto const started = co_await start();
    if (started) {
        readiness_.ready = true;
        notify_systemd("READY=1");
        log_.info("ready", {{"accounts", accounts_.size()}});
        co_await until_told_to_stop();
    } else {
        log_.error("start_failed", {{"reason", started.error().detail}});
        exit_ = started.error().fault == Fault::malformed ? exit_usage : exit_failure;
    }
    co_await stop();
}

asio::awaitable<void> Daemon::until_told_to_stop()
{
    for (;;) {
        auto const [ec, signal] = co_await signals_->async_wait(asio::as_tuple(asio::use_awaitable));
        if (ec || signal != SIGHUP) {
            log_.info("stopping", {{"signal", signal}});
            co_return;
        }
        reload_.begin();
    }
}

/// Nothing that was taken in is lost: requests in work end with their commit, sends in work end or become unknown.
asio::awaitable<void> Daemon::stop()
{
    readiness_.ready = false;
    notify_systemd("STOPPING=1");
    tasks_.cancel();
    // All at once: what one of them waits for must not take time from the others.
    for (auto* server : {&public_server_, &metrics_server_, &control_server_})
        if (*server)
            tasks_.spawn("stop", (*server)->stop(requests_may_finish));
    co_await tasks_.join();
    signals_.reset();
    client_.reset();
    io_.stop();
}

void Daemon::take_over(std::optional<Config> const& fresh)
{
    if (fresh) {
        replace_secrets(accounts_, *fresh);
        intake_->note_unheard({}, clock_.now()); // what the old secrets and certificates turned away is still to come
        tasks_.spawn("credentials", pump_->try_new_credentials());
        tasks_.spawn("media_credentials", media_.fetcher->try_new_credentials());
        providers_.try_new_credentials();
    }
    if (auto const reloaded = public_server_->reload_certificates(); !reloaded)
        log_.error("reload_refused", {{"reason", reloaded.error().detail}});
}

} // namespace

int serve(Config config, Log& log)
{
    Daemon daemon{std::move(config), log};
    return daemon.run();
}

} // namespace deskbridge::app
