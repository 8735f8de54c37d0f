#include "deskbridge/simulator/simulator.hpp"

#include "control_api.hpp"
#include "customer_actions.hpp"
#include "graph_api.hpp"
#include "price.hpp"
#include "statuses.hpp"
#include "telegram/bot_server.hpp"
#include "world.hpp"

#include "deskbridge/core/metrics.hpp"

#include <set>
#include <system_error>

namespace deskbridge::simulator {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

/// Without any of its secrets the WhatsApp half is not there.
bool plays_number(Options const& options)
{
    return !options.app_secret.empty() || !options.access_token.empty();
}

std::optional<std::string> fault_of_numbers(Options const& options)
{
    std::set<std::string> ids{options.phone_number_id};
    for (auto const& number : options.further_numbers) {
        if (number.phone_number_id.empty() || number.display_phone_number.empty())
            return "a further number needs phone_number_id and display_phone_number";
        if (!ids.insert(number.phone_number_id).second)
            return "two numbers have the same phone_number_id";
        if (!number.hook_url.empty() && !net::origin_of(number.hook_url))
            return "the hook of a further number must be an absolute http or https URL";
    }
    return options.hook_certificate.empty() == options.hook_key.empty() ? std::nullopt
                                                                         : std::optional<std::string>{"a certificate for hooks needs its key"};
}

/// What an earlier run used up of the months' free messages, and of the people whom a portfolio may write to first.
void count_used(World& world)
{
    for (auto const* customer : world.book.customers())
        for (auto const& message : customer->messages) {
            if (uses_quota(message.price))
                ++world.quota_used[{message.number, month_of(message.at)}];
            if (message.initiated)
                world.reach_of(world.number_of(message.number)).take(customer->id, message.at);
        }
    for (auto const* group : world.book.groups())
        for (auto const& message : group->messages)
            if (uses_quota(message.price))
                ++world.quota_used[{message.number, month_of(message.at)}];
}

std::optional<std::string> fault_of(Options const& options)
{
    if (options.state_dir.empty())
        return "the simulator needs a state folder";
    bool const plays_bot = !options.telegram_token.empty();
    if ((plays_number(options) || !plays_bot) && (options.app_secret.empty() || options.access_token.empty()))
        return "the simulator needs an app secret and an access token: --app-secret-file FILE --access-token-file FILE";
    if (plays_bot && telegram::bot_id_of(options.telegram_token) == 0)
        return "a bot's token has digits, a colon and a word";
    if (!(options.time_scale > 0))
        return "the time scale must be above 0";
    if (!options.hook_url.empty() && !net::origin_of(options.hook_url))
        return "the hook must be an absolute http or https URL";
    return fault_of_numbers(options);
}

bool is_loopback(std::string_view listen) noexcept
{
    return listen.starts_with("127.") || listen.starts_with("[::1]") || listen.starts_with("localhost:");
}

void invent_sample(World& world)
{
    struct Sample {
        char const* name;
        char const* country;
        bool phone_hidden;
        char const* username;
    };
    for (auto const& sample : {Sample{"Mara Lind", "DE", false, ""}, Sample{"Tomás Rivera", "MX", false, ""},
                               Sample{"ليلى حداد", "AE", true, "layla.h"}}) {
        auto customer = invent_customer(sample.country);
        customer.name = sample.name;
        customer.phone_hidden = sample.phone_hidden;
        customer.username = sample.username;
        world.book.save_customer(customer);
    }
}

} // namespace

class Simulator::Impl {
public:
    Impl(asio::io_context& io, Options options, async::Clock& clock, Log& log)
        : world_{io, std::move(options), clock, log}, statuses_{world_}, actions_{world_, statuses_}, groups_{world_, statuses_, actions_},
          business_phone_{world_}, graph_{world_, statuses_}, control_{world_, {statuses_, actions_, groups_, business_phone_}}
    {
        if (!world_.options.telegram_token.empty())
            bot_.emplace(world_);
    }

    Result<std::uint16_t> start();
    asio::awaitable<void> stop();

private:
    Result<void> read_state();
    Result<std::uint16_t> listen();

    World world_;
    Statuses statuses_;
    CustomerActions actions_;
    GroupActions groups_;
    BusinessPhone business_phone_;
    GraphApi graph_;
    ControlApi control_;
    std::optional<telegram::BotServer> bot_;
    Metrics metrics_;
    std::optional<net::HttpServer> server_;
};

Result<void> Simulator::Impl::read_state()
{
    auto const& options = world_.options;
    std::error_code failed;
    std::filesystem::create_directories(options.state_dir / "media", failed);
    if (failed)
        return Error{Fault::storage, "cannot create " + options.state_dir.string() + ": " + failed.message()};
    if (auto const opened = world_.book.open(options.state_dir / "chats.jsonl", options.fsync); !opened)
        return opened.error();
    if (auto const opened = world_.ledger.open(options.state_dir / "ledger.jsonl", options.fsync); !opened)
        return opened.error();
    if (auto const opened = bot_ ? bot_->open() : Result<void>{}; !opened)
        return opened.error();
    if (options.sample_customers && plays_number(options) && world_.book.customers().empty())
        invent_sample(world_);
    count_used(world_);
    return {};
}

Result<std::uint16_t> Simulator::Impl::listen()
{
    std::vector<net::Route> routes;
    if (plays_number(world_.options)) // without them every token would be as good as the right one
        graph_.add_routes(routes);
    control_.add_routes(routes);
    if (bot_)
        bot_->add_routes(routes);
    net::ServerLimits limits;
    limits.handle = 10min; // a hanging answer is one of the faults that can be asked for
    limits.chunked_bodies = true; // clients of the Bot API stream files without their length
    server_.emplace(world_.io, std::move(routes), limits, world_.log, metrics_);
    net::Listen where;
    where.address = world_.options.listen;
    if (is_loopback(where.address)) // keeps out pages of sites whose name was made to point here
        where.hosts = {"127.0.0.1", "localhost", "::1", "[::1]"};
    return server_->listen(where);
}

Result<std::uint16_t> Simulator::Impl::start()
{
    if (auto const fault = fault_of(world_.options))
        return Error{Fault::malformed, *fault};
    if (auto const read = read_state(); !read)
        return read.error();
    auto const port = listen();
    if (!port)
        return port.error();
    auto const colon = world_.options.listen.rfind(':');
    world_.public_base = "http://" + world_.options.listen.substr(0, colon) + ":" + std::to_string(*port);
    world_.book.on_change = [this](Json const& change) { control_.publish(change); };
    world_.hooks.for_each([this](Emitter& emitter) {
        emitter.on_state = [this] { control_.publish_hooks(); };
        emitter.on_taken = [this](std::vector<std::string> const& ids) {
            for (auto const& id : ids)
                world_.book.raise_status(id, Message::Status::delivered);
        };
    });
    world_.hooks.start();
    actions_.resume();
    statuses_.resume();
    if (bot_)
        bot_->start();
    world_.log.info("simulator_listening", {{"port", *port}, {"customers", world_.book.customers().size()}});
    return *port;
}

asio::awaitable<void> Simulator::Impl::stop()
{
    world_.stopping = true;
    world_.closing.cancel();
    world_.hooks.stop();
    if (bot_)
        bot_->stop();
    world_.feed.close();
    if (server_)
        co_await server_->stop(2s);
    world_.tasks.cancel();
    co_await world_.tasks.join();
}

Simulator::Simulator(asio::io_context& io, Options options, async::Clock& clock, Log& log)
    : impl_{std::make_unique<Impl>(io, std::move(options), clock, log)}
{
}

Simulator::~Simulator() = default;

Result<std::uint16_t> Simulator::start()
{
    return impl_->start();
}

asio::awaitable<void> Simulator::stop()
{
    return impl_->stop();
}

} // namespace deskbridge::simulator
