#include "simulation_memory.hpp"
#include "simulation_ready_made.hpp"
#include "simulation_world.hpp"

#include "deskbridge/flow/acknowledgement.hpp"
#include "deskbridge/store/account.hpp"
#include "deskbridge/store/agent.hpp"
#include "deskbridge/store/epoch.hpp"
#include "deskbridge/store/timer.hpp"
#include "deskbridge/store/waits.hpp"

#include <algorithm>
#include <stdexcept>

namespace deskbridge::test::sim {

namespace asio = boost::asio;
using namespace std::chrono_literals;

desk::Caller agent()
{
    return {AgentId{1}, "ada", store::AgentRole::administrator};
}

World::Life::Life(World& world, std::unique_ptr<store::Store> opened, std::int64_t epoch)
    : store{std::move(opened)},
      dice{world.dice.roll()},
      roll{[this] { return dice.roll(); }},
      intake{flow::Intake::Parts{.store = *store, .around = {world.accounts_, roll}, .log = world.log, .metrics = world.metrics_,
                                 .on_queued = [&world] { world.kick(); }, .on_timer = [&world](Timestamp) { world.look_again(); }}},
      pump{flow::OutboxPump::Parts{.io = io, .store = *store, .transport = world.provider, .clock = world.agenda,
                                   .accounts = world.accounts_, .refusals = intake.refusals(), .log = world.log, .metrics = world.metrics_,
                                   .dice = [this, &world] { world.fate.step("dice"); return dice.roll(); }, .epoch = epoch,
                                   .on_timer = [&world](Timestamp) { world.look_again(); }},
           flow::OutboxSettings{.in_flight = world.in_flight, .finish = 50ms}},
      desk{desk::Desk::Parts{.store = *store, .clock = world.agenda, .accounts = world.accounts_, .dice = roll,
                             .on_queued = [&world] { world.kick(); },
                             .settle = [](store::Tx& tx, store::OutboxEffect const& effect, Timestamp now) {
                                 (void)flow::settle_acknowledgement(tx, effect, now);
                             }}}
{
}

World::World(Setup const& setup)
    : dice{setup.seed}, provider{agenda, fate, Dice{setup.seed ^ 0x5eedU}}, in_flight{setup.in_flight}, hold{setup.hold}
{
    log.aloud = setup.aloud;
    place_empty_database(file());
    for (int n = 0; n < setup.numbers; ++n)
        accounts_.push_back(make_account(n, setup.keeps, setup.hold));
    provider.tell = [this](Sent const& sent, std::string const& status, int code) { tell(sent, status, code); };
}

World::~World()
{
    if (alive())
        close();
    forget_in_memory(file());
}

store::Store& World::store()
{
    return *life_->store;
}

std::unique_ptr<store::Store> World::open_store()
{
    store::StoreSettings settings;
    settings.path = file();
    settings.readers = 1;
    settings.lock_step = true;
    settings.query_limit = settings.job_limit = 60s;
    auto opened = store::Store::open(settings, log, metrics_);
    if (!opened)
        throw std::runtime_error{opened.error().detail};
    return std::move(*opened);
}

/// Accounts and the agent as the configuration has them, and a new epoch.
std::int64_t World::configure(store::Store& opened)
{
    std::vector<store::ConfiguredAccount> rows;
    for (auto const& context : accounts_)
        rows.push_back({"whatsapp", context->account.number, context->account.name, context->policy.brand, "UTC", "en"});
    auto const now = agenda.now();
    auto const epoch = opened.write_now([&](store::Tx& tx) {
        auto const ids = store::configure_accounts(tx, rows, now);
        for (std::size_t i = 0; i < ids.size(); ++i)
            accounts_[i]->id = ids[i];
        if (starts == 1)
            (void)store::add_agent(tx, {"ada", std::nullopt, store::AgentRole::administrator}, {}, now);
        return store::begin_epoch(tx, now).number;
    });
    if (!epoch)
        throw std::runtime_error{epoch.error().detail};
    return *epoch;
}

void World::start()
{
    fate.revive();
    started.push_back(agenda.true_now());
    ++starts;
    ++lives_;
    pumps_ = 0;
    recovered_ = false;
    auto opened = open_store();
    auto const epoch = configure(*opened);
    life_ = std::make_unique<Life>(*this, std::move(opened), epoch);
    provider.io = &life_->io;
    auto recover = [](World& world) -> asio::awaitable<void> {
        auto const unknown = co_await world.life_->pump.recover();
        if (!unknown)
            throw std::runtime_error{unknown.error().detail};
        world.recovered_ = true;
        world.most_unknown = std::max(world.most_unknown, *unknown);
        if (*unknown > world.in_flight)
            world.broken = std::to_string(*unknown) + " unknown after a crash with " + std::to_string(world.in_flight) + " in flight at most";
        world.kick();
    };
    spawn("recover", recover(*this));
    run();
}

void World::spawn(std::string const& what, asio::awaitable<void> task)
{
    asio::co_spawn(life_->io, std::move(task), [this, what](std::exception_ptr crash) {
        if (!crash)
            return;
        try {
            std::rethrow_exception(crash);
        } catch (SimulatedCrash const&) {
        } catch (std::exception const& error) {
            broken = what + " threw: " + error.what();
        }
    });
}

/// Everything that can go on without time passing.
void World::run()
{
    if (!alive())
        return;
    life_->io.restart();
    while (life_->io.poll() > 0) {
    }
    if (fate.dead())
        bury();
}

void World::bury()
{
    provider.wake_all();
    while (life_->pump.in_flight() > 0 || pumps_ > 0)
        if (life_->io.run_one_for(5s) == 0)
            throw std::runtime_error{"a dead daemon does not end"};
    while (life_->io.poll() > 0) {
    }
    provider.io = nullptr;
    life_.reset();
    agenda.after(100ms + dice.within(30s), [this] { start(); });
}

void World::set_clock(milliseconds by)
{
    agenda.jump(by);
    clock_set.push_back(agenda.true_now());
    if (by > 0ms)
        return;
    agenda.after(dice.within(5s), [this, by, life = lives_] {
        if (!alive() || lives_ != life || fate.dead())
            return; // the next start sees it in the event log
        life_->pump.clock_set_back(-by);
        auto pull = [](World& world, milliseconds back) -> asio::awaitable<void> {
            auto work = [now = world.agenda.now(), back](store::Tx& tx) { store::pull_waits(tx, now, back); };
            (void)co_await world.life_->store->write(work, store::Lane::outcome);
            world.kick();
            world.look_again();
        };
        spawn("clock", pull(*this, -by));
        run();
    });
}

void World::crash()
{
    if (!alive())
        return;
    fate.die();
    bury();
}

void World::close()
{
    if (life_->pump.in_flight() > 0 || pumps_ > 0) {
        fate.die();
        bury();
    }
    life_.reset();
    provider.io = nullptr;
}

asio::awaitable<void> World::pumping()
{
    struct Count {
        int& n;
        explicit Count(int& pumps) : n{pumps} { ++n; }
        ~Count() { --n; }
    } const count{pumps_};
    auto const again = co_await life_->pump.pump_until_idle();
    auto const life = lives_;
    auto look = [now = agenda.now()](store::Reading& reading) {
        auto q = reading.prepare("SELECT EXISTS (SELECT 1 FROM intent WHERE state IN ('queued', 'retry_wait')) OR "
                                 "EXISTS (SELECT 1 FROM intent WHERE settled_at_ms IS NULL AND state = 'unknown') OR "
                                 "EXISTS (SELECT 1 FROM intent WHERE settled_at_ms IS NULL AND state = 'kept' AND state_reason = 'window_closed')");
        bool const open = q.step() && q.integer(0) != 0;
        return std::pair{open, open ? std::nullopt : store::next_due(reading, now)};
    };
    auto const more = co_await life_->store->read(look);
    auto const wake = [this, life] {
        if (alive() && lives_ == life)
            kick();
    };
    if (more && more->first)
        agenda.when(again, wake);
    else if (more && more->second)
        agenda.when(*more->second, wake);
}

void World::kick()
{
    if (!alive() || pumps_ > 3 || fate.dead() || !recovered_)
        return;
    spawn("pump", pumping());
    agenda.after(0ms, [] {}); // `pass` runs what was spawned
}

void World::look_again()
{
    agenda.after(0ms, [this] { fire_timers(); });
}

void World::pass(milliseconds duration)
{
    auto const until = agenda.true_now() + duration;
    while (agenda.step(until)) {
        run();
        if (!broken.empty())
            return;
    }
}

bool World::settled()
{
    return alive() && pumps_ == 0 &&
           ask("SELECT 1 FROM intent WHERE settled_at_ms IS NULL AND (state IN ('queued', 'claimed', 'retry_wait', 'unknown') "
               "OR (state = 'kept' AND state_reason = 'window_closed')) LIMIT 1").empty();
}

std::vector<std::string> World::ask(char const* sql)
{
    std::vector<std::string> rows;
    if (!alive())
        return rows;
    auto const done = life_->store->read_now([&](store::Reading& reading) {
        auto q = reading.prepare(sql);
        while (q.step())
            rows.push_back(q.text(0));
    });
    return done ? rows : std::vector<std::string>{};
}

} // namespace deskbridge::test::sim
