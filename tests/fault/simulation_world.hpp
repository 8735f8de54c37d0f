#pragma once

#include "simulation_provider.hpp"

#include "deskbridge/desk/desk.hpp"
#include "deskbridge/flow/intake.hpp"
#include "deskbridge/flow/outbox_pump.hpp"
#include "flow/meta.hpp"
#include "support/scratch_folder.hpp"

#include <boost/asio/co_spawn.hpp>

#include <optional>
#include <set>

namespace deskbridge::test::sim {

struct Setup {
    std::uint64_t seed{1};
    bool keeps{true};       ///< a template is configured for closed windows
    std::size_t in_flight{32};
    int numbers{2};
    bool aloud{false};
};

/// Customers, the provider and the daemon: intake, threading, desk and outbox on a real store, which may die at any moment and
/// starts again with nothing but its file.
class World {
public:
    explicit World(Setup const& setup);
    ~World();
    World(World const&) = delete;
    World& operator=(World const&) = delete;

    void start();
    [[nodiscard]] bool alive() const noexcept { return life_ != nullptr; }
    /// Everything until then, in true time.
    void pass(milliseconds duration);
    /// A signed webhook, again and again until it is answered 200, and sometimes once more.
    void post(std::string body, std::vector<std::string> ids, int tries = 0);
    /// Messages in one webhook; an empty text stands for a kind that nobody knows yet.
    void write(Number const& number, Customer const& customer, std::vector<std::string> const& texts);
    template <class Request>
    void perform(Request request);
    /// Somebody sets the daemon's clock; it notices one that was set back a few seconds later.
    void set_clock(milliseconds by);
    /// Dies at the next event, and starts again soon.
    void crash();
    void kick();
    /// An operator mends refused credentials, now and every so often.
    void mend_credentials(milliseconds every);
    /// Nothing waits or is in flight: all is over, or before a person's eyes.
    [[nodiscard]] bool settled();
    /// What a query of one column answers; the daemon must be alive.
    [[nodiscard]] std::vector<std::string> ask(char const* sql);
    void close();
    [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "deskbridge.db"; }
    [[nodiscard]] store::Store& store();
    [[nodiscard]] channel::AccountContexts const& accounts() const { return accounts_; }

    Agenda agenda;
    Fate fate;
    Dice dice;
    FatefulLog log{fate};
    Provider provider;
    std::set<std::string> acknowledged;                    ///< ids of inbound messages whose webhook was answered 200
    std::map<std::string, std::string> written;            ///< all that customers wrote, and to which number
    std::map<std::string, std::vector<Timestamp>> written_at; ///< by the customer's phone and the number
    std::map<std::string, std::set<std::string>> told;     ///< by message id: statuses whose webhook was answered 200
    std::size_t most_unknown{0};                           ///< after any start
    int starts{0};
    std::string broken;                                    ///< a promise that was seen to break on the way
    std::size_t const in_flight;

private:
    struct Life;
    [[nodiscard]] std::unique_ptr<store::Store> open_store();
    [[nodiscard]] std::int64_t configure(store::Store& opened);
    void bury();
    void run();
    void tell(Sent const& sent, std::string const& status, int code);
    void flush_statuses();
    void spawn(std::string const& what, boost::asio::awaitable<void> task);
    [[nodiscard]] boost::asio::awaitable<void> pumping();
    [[nodiscard]] boost::asio::awaitable<void> receiving(std::string body, std::vector<std::string> ids, int tries);
    void look_again();
    void fire_timers();

    ScratchFolder folder_;
    channel::AccountContexts accounts_;
    std::unique_ptr<Life> life_;
    std::map<std::string, std::vector<nlohmann::json>> statuses_; ///< of one moment, by number
    std::vector<std::string> status_ids_;
    Metrics metrics_;
    int pumps_{0};
    int written_{0};
    std::uint64_t lives_{0};
    bool recovered_{false};
};

/// The agent that works here.
desk::Caller agent();

struct World::Life {
    Life(World& world, std::unique_ptr<store::Store> opened, std::int64_t epoch);
    boost::asio::io_context io{1};
    std::unique_ptr<store::Store> store;
    Dice dice;
    std::function<std::uint64_t()> roll;
    flow::Intake intake;
    flow::OutboxPump pump;
    desk::Desk desk;
};

template <class Request>
void World::perform(Request request)
{
    if (!alive())
        return;
    auto work = [](World& world, Request asked) -> boost::asio::awaitable<void> {
        auto const caller = agent();
        (void)co_await world.life_->desk.perform(caller, asked); // what it refuses is not what is looked at here
    };
    spawn("desk", work(*this, std::move(request)));
    run();
}

/// The promises that the file at `world.file()` breaks, judged by the provider's ledger; "" if none. Nothing is open there.
[[nodiscard]] std::string judge(World const& world);

/// The same of what is true of any database of the daemon's.
[[nodiscard]] std::string judge_whole(World const& world);

} // namespace deskbridge::test::sim
