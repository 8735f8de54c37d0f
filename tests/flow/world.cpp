#include "world.hpp"

#include "deskbridge/channel/digest.hpp"
#include "deskbridge/channel/registry.hpp"
#include "deskbridge/flow/acknowledgement.hpp"
#include "deskbridge/store/account.hpp"
#include "deskbridge/store/agent.hpp"
#include "deskbridge/store/epoch.hpp"
#include "deskbridge/store/outbox_pump.hpp"
#include "deskbridge/store/timer.hpp"

#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace deskbridge::test {
namespace {

constexpr Timestamp never{std::chrono::milliseconds{std::numeric_limits<std::int64_t>::max()}};

std::unique_ptr<channel::AccountContext> make_account(std::string const& name, std::string const& number)
{
    auto context = std::make_unique<channel::AccountContext>();
    context->adapter = channel::find_adapter("whatsapp");
    context->hook = "meta";
    context->account.name = name;
    context->account.settings = {{"phone_number_id", number}, {"waba_id", waba_id}, {"api_base", "https://graph.test/v25.0"}};
    context->account.secrets = {{"app_secret", {app_secret}}, {"access_token", {"test-token"}}, {"verify_token", {"verify-me"}}};
    context->adapter->identify(context->account);
    context->policy.name = name;
    context->policy.brand = "acme";
    context->policy.settings_version = "test";
    context->policy.automatic_per_hour = 100;
    return context;
}

} // namespace

void KeptLog::write(LogLevel, std::string_view event, std::initializer_list<LogField> fields)
{
    std::string line{event};
    for (auto const& field : fields)
        line += ' ' + std::string{field.key} + '=' + field.value;
    lines.push_back(std::move(line));
}

bool KeptLog::has(std::string_view part) const
{
    return std::any_of(lines.begin(), lines.end(), [part](std::string const& line) { return line.find(part) != line.npos; });
}

World::World(store::StoreSettings settings) : store{std::move(settings)}
{
    accounts.push_back(make_account("support", "700100200300400"));
    accounts.push_back(make_account("sales", "700100200300499"));
    // A fixed sequence (splitmix64), so that a failure is the same twice.
    dice_ = [this] {
        auto z = (rolled_ += 0x9e3779b97f4a7c15U);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31);
    };
    transport.otherwise = [this](HttpRequest const& request) { return answer_send(request); };
}

World::~World() = default;

AccountPolicy& World::policy(std::string const& name)
{
    for (auto& context : accounts)
        if (context->account.name == name)
            return context->policy;
    throw std::runtime_error{"no account " + name};
}

channel::AccountContext const& World::account(std::string const& name) const
{
    for (auto const& context : accounts)
        if (context->account.name == name)
            return *context;
    throw std::runtime_error{"no account " + name};
}

void World::start()
{
    if (intake_)
        return;
    std::vector<store::ConfiguredAccount> rows;
    for (auto& context : accounts) {
        CatalogueSettings settings;
        settings.default_language = context->policy.default_language;
        settings.reference_prefix = context->policy.reference_prefix;
        auto catalogue = Catalogue::load(settings);
        if (!catalogue)
            throw std::runtime_error{catalogue.error().detail};
        context->catalogue = std::make_shared<Catalogue const>(std::move(*catalogue));
        rows.push_back({std::string{context->adapter->name()}, context->account.number, context->account.name, context->policy.brand, "UTC", "en"});
    }
    auto const ids = store.write([&](store::Tx& tx) { return store::configure_accounts(tx, rows, clock.now()); });
    for (std::size_t i = 0; i < ids.size(); ++i)
        accounts[i]->id = ids[i];
    auto const epoch = store.write([&](store::Tx& tx) { return store::begin_epoch(tx, clock.now()); });
    intake_ = std::make_unique<flow::Intake>(flow::Intake::Parts{*store, around(), log, metrics, [] {}, [](Timestamp) {},
                                                                  [this](flow::Slowed const& told) { pump_->slow_down(told); }});
    pump_ = std::make_unique<flow::OutboxPump>(flow::OutboxPump::Parts{
        io, *store, transport, clock, accounts, intake_->refusals(), log, metrics, [this] { return dice_(); }, epoch.number, {}, {}});
    desk_ = std::make_unique<desk::Desk>(
        desk::Desk::Parts{*store, clock, accounts, [this] { return dice_(); }, [] {},
                          [](store::Tx& tx, store::OutboxEffect const& effect, Timestamp now) {
                              (void)flow::settle_acknowledgement(tx, effect, now);
                          }});
}

flow::Intake& World::intake()
{
    start();
    return *intake_;
}

HttpRequest World::sign(std::string const& body) const
{
    HttpRequest request;
    request.method = "POST";
    request.target = "/hooks/meta";
    request.headers = {{"Content-Type", "application/json"},
                       {"X-Hub-Signature-256", "sha256=" + channel::hmac_sha256_hex(app_secret, body)}};
    request.body = body;
    return request;
}

std::int64_t World::number_of(char const* sql)
{
    return store.read([sql](store::Reading& reading) {
        auto q = reading.prepare(sql);
        return q.step() ? q.integer(0) : 0;
    });
}

HttpResponse World::deliver(std::string const& body)
{
    auto response = deliver(sign(body));
    settle();
    return response;
}

HttpResponse World::deliver(HttpRequest request, std::string const& hook)
{
    start();
    return run(intake_->receive(hook, std::move(request), clock.now()));
}

net::Answer World::answer_send(HttpRequest const& request)
{
    if (offline)
        return net::NoAnswer{net::NoAnswer::Written::nothing, "offline"};
    HttpResponse response;
    response.headers = {{"Content-Type", "application/json"}};
    auto const asked = nlohmann::json::parse(request.body, nullptr, false);
    if (asked.is_object() && asked.contains("status")) {
        response.body = R"({"success":true})";
        return response;
    }
    nlohmann::json const answer{{"messaging_product", "whatsapp"},
                                {"messages", {{{"id", "wamid.OUT" + std::to_string(++sent_)}}}}};
    response.body = answer.dump();
    return response;
}

void World::fire_timers()
{
    auto const due = store.read([](store::Reading& reading) { return store::next_timer_due(reading); });
    if (due && *due <= clock.now())
        store.write([&](store::Tx& tx) { return flow::fire_due(tx, around(), clock.now(), 100); });
}

void World::settle()
{
    start();
    fire_timers();
    look_again_ = run(pump_->pump_until_idle());
    fire_timers(); // a send that died may have armed one anew
    look_again_ = run(pump_->pump_until_idle());
}

Timestamp World::next_moment()
{
    auto const [timer, outbox, waiting] = store.read([this](store::Reading& reading) {
        auto q = reading.prepare("SELECT EXISTS (SELECT 1 FROM intent WHERE state IN ('queued', 'retry_wait'))");
        bool const queued = q.step() && q.integer(0) != 0;
        return std::tuple{store::next_timer_due(reading), store::next_due(reading, clock.now()), queued};
    });
    // An idle pump looks in every few seconds; days of that would take minutes.
    auto const pump = waiting ? look_again_.value_or(never) : outbox.value_or(never);
    return std::min(timer.value_or(never), pump);
}

void World::pass(std::chrono::milliseconds duration)
{
    if (!intake_ && duration == std::chrono::milliseconds::zero())
        return; // policies are still being set
    start();
    auto const until = clock.now() + duration;
    for (;;) {
        auto const next = next_moment();
        if (next > until)
            break;
        clock.set(std::max(next, clock.now() + std::chrono::milliseconds{1}));
        settle();
    }
    clock.set(until);
    settle();
}

desk::Caller World::caller_of(std::string const& agent)
{
    start();
    auto& id = agents_[agent];
    if (!id)
        id = store.write([&](store::Tx& tx) {
            return store::add_agent(tx, {agent, std::nullopt, store::AgentRole::administrator}, {}, clock.now());
        });
    return {id, agent, store::AgentRole::administrator};
}

} // namespace deskbridge::test
