#include "load/posts.hpp"

#include "deskbridge/channel/registry.hpp"
#include "deskbridge/flow/intake.hpp"
#include "deskbridge/store/account.hpp"
#include "deskbridge/store/epoch.hpp"

#include "fault/arguments.hpp"
#include "fault/daemon.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <valgrind/callgrind.h>

#include <cstdio>
#include <exception>
#include <future>
#include <stdexcept>

namespace asio = boost::asio;
using namespace deskbridge;

namespace {

constexpr auto usage = R"(webhook_cost --database FILE [--webhooks N]

Takes N webhooks of known customers in commits of 64, in this process: signature, parsing, intake, store. Run by callgrind with --instr-atstart=no,
instructions are counted from the first of them to the last; before, every customer has written once. FILE must not be there yet.
)";

constexpr std::size_t batch = 64;
Timestamp const noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + std::chrono::hours{12}};

std::unique_ptr<channel::AccountContext> make_account()
{
    auto context = std::make_unique<channel::AccountContext>();
    context->adapter = channel::find_adapter("whatsapp");
    context->hook = "support";
    context->account.name = context->policy.name = context->policy.brand = "support";
    context->account.settings = {{"phone_number_id", fault::Daemon::phone_number_id}, {"api_base", "https://graph.example/v25.0"}};
    context->account.secrets = {{"app_secret", {fault::Daemon::app_secret}}, {"access_token", {"token"}}, {"verify_token", {"token"}}};
    context->adapter->identify(context->account);
    context->policy.settings_version = "a1b2c3d4";
    context->policy.acknowledge = false;
    auto catalogue = Catalogue::load({});
    if (!catalogue)
        throw std::runtime_error(catalogue.error().detail);
    context->catalogue = std::make_shared<Catalogue const>(std::move(*catalogue));
    return context;
}

/// The daemon's inbound half.
struct Inbound {
    NoLog log;
    Metrics metrics;
    /// Before the store: its writer answers here, and ends with the store.
    asio::io_context io{1};
    std::unique_ptr<store::Store> store;
    channel::AccountContexts accounts;
    std::uint64_t rolled{0};
    flow::Dice dice{[this] { return rolled += 0x9e3779b97f4a7c15U; }};
    std::optional<flow::Intake> intake;
    asio::executor_work_guard<asio::io_context::executor_type> working{io.get_executor()}; ///< a late stop would end run_one() in the midst of a batch
};

template <class T>
T expect(Result<T> done)
{
    if (!done)
        throw std::runtime_error(done.error().detail);
    if constexpr (!std::is_void_v<T>)
        return std::move(*done);
}

void open(Inbound& inbound, std::filesystem::path const& database)
{
    store::StoreSettings settings;
    settings.path = database;
    inbound.store = expect(store::Store::open(settings, inbound.log, inbound.metrics));
    auto& account = *inbound.accounts.emplace_back(make_account());
    std::vector<store::ConfiguredAccount> const rows{{"whatsapp", account.account.number, "support", "support", "UTC", "en"}};
    account.id = expect(inbound.store->write_now([&](store::Tx& tx) { return store::configure_accounts(tx, rows, noon); })).front();
    (void)expect(inbound.store->write_now([&](store::Tx& tx) { return store::begin_epoch(tx, noon); }));
    flow::Surroundings const around{inbound.accounts, inbound.dice};
    inbound.intake.emplace(flow::Intake::Parts{*inbound.store, around, inbound.log, inbound.metrics, [] {}, [](Timestamp) {}});
}

HttpRequest request_of(bench::Post const& post)
{
    auto const at = post.bytes.find("\r\n\r\n") + 4;
    HttpRequest request;
    request.method = "POST";
    request.target = "/hooks/support";
    request.body = post.bytes.substr(at);
    request.headers = {{"Content-Type", "application/json"}, {"X-Hub-Signature-256", fault::signature_of(fault::Daemon::app_secret, request.body)}};
    return request;
}

struct Hold {
    std::promise<void> released;
    std::shared_future<void> until{released.get_future().share()};
};

asio::awaitable<void> hold_writer(Inbound& inbound, Hold& hold, int& busy)
{
    constexpr std::size_t whole_commit = 4 << 20;
    auto job = [&hold](store::Tx&) { hold.until.wait(); };
    (void)co_await inbound.store->write(job, store::Lane::outcome, whole_commit);
    --busy;
}

asio::awaitable<void> take(Inbound& inbound, HttpRequest& request, Timestamp at, int& busy)
{
    auto const answer = co_await inbound.intake->receive("support", std::move(request), at);
    if (answer.status != 200)
        throw std::runtime_error(fmt::format("a webhook was answered {}", answer.status));
    --busy;
}

void rethrow(std::exception_ptr const& failed)
{
    if (failed)
        std::rethrow_exception(failed);
}

/// All of them in one commit, and nothing else: the writer waits in one of its own until all are queued.
void take_batch(Inbound& inbound, std::vector<HttpRequest>& requests, std::size_t from, Timestamp at)
{
    auto const end = std::min(from + batch, requests.size());
    Hold hold;
    int busy = static_cast<int>(end - from) + 1;
    asio::co_spawn(inbound.io, hold_writer(inbound, hold, busy), rethrow);
    for (auto i = from; i < end; ++i)
        asio::co_spawn(inbound.io, take(inbound, requests[i], at, busy), rethrow);
    inbound.io.poll();
    hold.released.set_value();
    while (busy > 0)
        inbound.io.run_one();
}

std::vector<HttpRequest> requests_of(int webhooks, Timestamp at, std::uint64_t seed)
{
    bench::PostPlan plan;
    plan.shape = bench::Shape::fifteen_words;
    plan.posts = static_cast<std::size_t>(webhooks);
    plan.customers = webhooks;
    plan.at_s = to_ms(at) / 1000;
    plan.seed = seed;
    plan.secret = fault::Daemon::app_secret;
    std::vector<HttpRequest> requests;
    for (auto const& post : bench::render_posts(plan).all)
        requests.push_back(request_of(post));
    return requests;
}

void take_all(Inbound& inbound, std::vector<HttpRequest>& requests, Timestamp at)
{
    for (std::size_t from = 0; from < requests.size(); from += batch)
        take_batch(inbound, requests, from, at);
}

std::int64_t inbound_messages(Inbound& inbound)
{
    return expect(inbound.store->read_now([](store::Reading& reading) {
        auto q = reading.prepare("SELECT count(*) FROM message WHERE direction = 'in' AND ticket_id IS NOT NULL");
        return q.step() ? q.integer(0) : 0;
    }));
}

} // namespace

int main(int argc, char** argv)
try {
    fault::Arguments const arguments{argc, argv, usage};
    auto const webhooks = arguments.number("--webhooks", 1280);
    Inbound inbound;
    open(inbound, arguments.text("--database"));
    auto first = requests_of(webhooks, noon, 1);
    take_all(inbound, first, noon);
    auto const later = noon + std::chrono::hours{1};
    auto measured = requests_of(webhooks, later, 2);
    CALLGRIND_START_INSTRUMENTATION;
    take_all(inbound, measured, later);
    CALLGRIND_STOP_INSTRUMENTATION;
    if (auto const there = inbound_messages(inbound); there != 2 * webhooks)
        throw std::runtime_error(fmt::format("{} messages are in a ticket, not {}", there, 2 * webhooks));
    fmt::print("{} webhooks taken\n", webhooks);
    return 0;
} catch (std::exception const& failed) {
    std::fprintf(stderr, "webhook_cost: %s\n", failed.what());
    return 1;
}
