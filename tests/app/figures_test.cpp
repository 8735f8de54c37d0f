#include "figures.hpp"

#include "deskbridge/store/cost.hpp"
#include "deskbridge/store/journal.hpp"
#include "deskbridge/store/shelf.hpp"
#include "store/outbox_box.hpp"
#include "support/fake_clock.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <sstream>

using namespace deskbridge;

namespace {

std::string scrape(app::Figures& figures)
{
    boost::asio::io_context io;
    std::string text;
    boost::asio::co_spawn(io, figures.render(), [&text](std::exception_ptr crash, std::string answer) {
        REQUIRE(!crash);
        text = std::move(answer);
    });
    io.run();
    return text;
}

bool shows(std::string const& text, std::string const& line)
{
    return text.find("\n" + line + "\n") != std::string::npos;
}

std::string intents(std::string const& state, int count)
{
    return "deskbridge_outbox_intents{state=\"" + state + "\"} " + std::to_string(count);
}

ShelfId shelve(store::Tx& tx)
{
    auto const journal = store::add_journal(tx, {.hook = "support", .received_at = test::noon, .body = "no JSON"});
    return store::put_on_shelf(tx, {.journal = journal, .at = test::noon});
}

} // namespace

TEST_CASE("figures: everything the store tells is there from the start")
{
    test::TempStore store;
    test::FakeClock clock;
    app::Figures figures{*store, clock, store.metrics, "1.2.3"};
    auto const text = scrape(figures);
    for (auto const* state : {"held", "queued", "claimed", "retry_wait", "unknown", "kept"}) {
        INFO(state);
        CHECK(shows(text, intents(state, 0)));
    }
    CHECK(shows(text, "deskbridge_outbox_unknown_oldest_seconds 0"));
    CHECK(shows(text, "deskbridge_shelf_open 0"));
    CHECK(shows(text, "deskbridge_accounts_paused 0"));
    CHECK(shows(text, "deskbridge_build_info{version=\"1.2.3\"} 1"));
    CHECK(shows(text, "process_start_time_seconds 1795267200"));
    CHECK(text.find("deskbridge_store_queue_jobs{lane=\"intake\"}") != std::string::npos);
    CHECK(text.find("deskbridge_commit_seconds_count") != std::string::npos);
}

TEST_CASE("figures: the shelf and the outbox as they are when somebody looks, also after a restart")
{
    test::TempStore store;
    test::FakeClock clock;
    app::Figures figures{*store, clock, store.metrics, "1.2.3"};
    auto const entry = store.write([](store::Tx& tx) {
        auto const anna = test::add_customer(tx, test::add_account(tx), "491");
        (void)store::queue_message(tx, test::outgoing(anna, "Hello"));
        (void)shelve(tx);
        return shelve(tx);
    });
    auto text = scrape(figures);
    CHECK(shows(text, intents("queued", 1)));
    CHECK(shows(text, "deskbridge_accounts_unwell{account=\"acme\",severity=\"error\"} 0"));
    CHECK(shows(text, "deskbridge_accounts_unwell{account=\"acme\",severity=\"warning\"} 0"));
    CHECK(shows(text, "deskbridge_accounts_silent{account=\"acme\"} 0"));
    CHECK(shows(text, "deskbridge_shelf_open 2"));

    store.close();
    store.metrics.gauge("deskbridge_shelf_open").set(0);
    store.open();
    app::Figures after{*store, clock, store.metrics, "1.2.3"};
    text = scrape(after);
    CHECK(shows(text, intents("queued", 1)));
    CHECK(shows(text, "deskbridge_shelf_open 2"));

    store.write([entry](store::Tx& tx) { (void)store::resolve_shelf_entry(tx, entry, {store::ShelfResolution::dropped}, test::noon); });
    CHECK(shows(scrape(after), "deskbridge_shelf_open 1"));
}

TEST_CASE("figures: how long the oldest unknown has waited")
{
    test::OutboxBox box;
    test::FakeClock clock{test::noon};
    app::Figures figures{*box.store, clock, box.store.metrics, "1.2.3"};
    (void)box.send(box.queue("Hello"), Unknown{"lost", {}});
    clock.advance(std::chrono::seconds{90});
    auto const text = scrape(figures);
    CHECK(shows(text, intents("unknown", 1)));
    CHECK(shows(text, "deskbridge_outbox_unknown_oldest_seconds 90"));

    SECTION("it goes on counting while a person is asked")
    {
        clock.advance(std::chrono::minutes{15});
        (void)box.tend(clock.now());
        auto const later = scrape(figures);
        CHECK(shows(later, intents("unknown", 0)));
        CHECK(shows(later, intents("held", 1)));
        CHECK(shows(later, "deskbridge_outbox_unknown_oldest_seconds 990"));
    }
}

TEST_CASE("figures: accounts that do not send, as long as they are configured")
{
    test::OutboxBox box;
    test::FakeClock clock{test::noon};
    app::Figures figures{*box.store, clock, box.store.metrics, "1.2.3"};
    box.store.write([&](store::Tx& tx) { return store::pause_account(tx, box.anna.account, {store::PausedBy::provider, "locked", test::noon}, {}); });
    CHECK(shows(scrape(figures), "deskbridge_accounts_paused 1"));
    box.store.write([](store::Tx& tx) { return store::configure_accounts(tx, {}, test::noon); });
    CHECK(shows(scrape(figures), "deskbridge_accounts_paused 0"));
}

TEST_CASE("figures: every family has its meaning from the catalogue")
{
    test::TempStore store;
    test::FakeClock clock;
    app::Figures figures{*store, clock, store.metrics, "1.2.3"};
    std::istringstream in{scrape(figures)};
    std::string help;
    int families = 0;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("# TYPE ")) {
            auto const name = line.substr(7, line.find(' ', 7) - 7);
            CHECK(help.starts_with("# HELP " + name + " "));
            ++families;
        }
        help = line;
    }
    CHECK(families > 8);
}

TEST_CASE("figures: what an account's messages cost this month, from nothing when another begins")
{
    test::TempStore store;
    test::FakeClock clock;
    app::Figures figures{*store, clock, store.metrics, "1.2.3"};
    CHECK(scrape(figures).find("deskbridge_month_messages{") == std::string::npos);
    store.write([&](store::Tx& tx) { store::count_cost(tx, test::add_account(tx), clock.now(), "free_service"); });
    auto text = scrape(figures);
    CHECK(shows(text, "deskbridge_month_messages{account=\"acme\",cost_class=\"free_service\"} 1"));
    CHECK(shows(text, "deskbridge_month_messages{account=\"acme\",cost_class=\"utility\"} 0"));
    clock.advance(std::chrono::hours{24 * 31});
    text = scrape(figures);
    CHECK(shows(text, "deskbridge_month_messages{account=\"acme\",cost_class=\"free_service\"} 0"));
}
