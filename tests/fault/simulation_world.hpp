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
    bool hold{false};       ///< only people settle what is unknown: of this channel receipts prove nothing
    bool aloud{false};
};

/// What was in doubt, and what the provider has more than once, by its reason.
struct Doubts {
    int unknown{0};        ///< attempts of agents' messages without a verdict
    int presumed{0};       ///< of those sent again since nothing was told of them
    int by_presumption{0}; ///< of those the provider had already
    int unnamed{0};        ///< the same, but no receipt ever named it: lost, or without our token
    int by_people{0};      ///< somebody said that it should be sent again
    int reopened{0};       ///< the provider gave it up, and it went again when the customer wrote, or had written
    Doubts& operator+=(Doubts const& more);
    /// One in 10,000 unknown ones may be doubled by presumption, and none of fewer: "" or how many were.
    [[nodiscard]] std::string excess() const;
    [[nodiscard]] std::string told() const;
    using Numbers = std::array<int, 6>;
    [[nodiscard]] Numbers numbers() const { return {unknown, presumed, by_presumption, unnamed, by_people, reopened}; }
    [[nodiscard]] static Doubts of(Numbers const& n) { return {n[0], n[1], n[2], n[3], n[4], n[5]}; }
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
    std::map<std::string, Timestamp> heard;                ///< by attempt: when the first receipt of it was answered 200
    std::vector<Timestamp> refused;                        ///< when a webhook was not
    std::vector<Timestamp> started, clock_set;             ///< when the daemon started, and somebody set its clock
    std::size_t most_unknown{0};                           ///< after any start
    int starts{0};
    std::string broken;                                    ///< a promise that was seen to break on the way
    std::size_t const in_flight;
    bool const hold;

private:
    struct Life;
    [[nodiscard]] std::unique_ptr<store::Store> open_store();
    [[nodiscard]] std::int64_t configure(store::Store& opened);
    void bury();
    void run();
    void note_answered(std::string const& id);
    void note_refused(bool dead);
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
/// @param doubts  counted on the way.
[[nodiscard]] std::string judge(World const& world, Doubts& doubts);

} // namespace deskbridge::test::sim
