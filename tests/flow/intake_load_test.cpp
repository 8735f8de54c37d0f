#include "world.hpp"

#include <boost/asio/detached.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <future>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

std::string message_body(World& world, std::string const& id)
{
    auto message = message_of(mara, id, world.now());
    message["type"] = "text";
    message["text"] = {{"body", "hello"}};
    return webhook({messages_change({"700100200300400"}, mara, nlohmann::json::array({message}))});
}

boost::asio::awaitable<void> receive(World& world, std::string body, std::vector<HttpResponse>& answers)
{
    answers.push_back(co_await world.intake().receive("meta", world.sign(body), world.now()));
}

/// A job that keeps the writer busy until it is released.
struct Hold {
    std::promise<void> begun;
    std::promise<void> released;
    bool over{false};
};

boost::asio::awaitable<void> hold_writer(World& world, Hold& hold)
{
    auto job = [&hold](store::Tx&) {
        hold.begun.set_value();
        hold.released.get_future().wait();
    };
    (void)co_await world.store->write(job, store::Lane::outcome);
    hold.over = true;
}

/// Fails rather than hangs.
void run_until(World& world, std::function<bool()> const& done)
{
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (!done() && std::chrono::steady_clock::now() < end)
        world.io.run_one_for(std::chrono::seconds{1});
    REQUIRE(done());
}

/// What became of the deliveries, for whoever reads a failure.
std::string told(World& world, std::vector<HttpResponse> const& answers)
{
    std::string text = "answers:";
    for (auto const& answer : answers)
        text += ' ' + std::to_string(answer.status);
    text += "; shelf:";
    for (auto const& line : world.store.read([](store::Reading& reading) {
             std::vector<std::string> found;
             auto q = reading.prepare("SELECT reason || ' ' || coalesce(detail, '') FROM shelf ORDER BY shelf_id");
             while (q.step())
                 found.push_back(q.text(0));
             return found;
         }))
        text += " [" + line + ']';
    for (auto const& line : world.log.lines)
        text += '\n' + line;
    return text;
}

} // namespace

TEST_CASE("A full queue is answered 503 with Retry-After, and the retry is taken")
{
    store::StoreSettings settings;
    settings.max_queued_jobs = 5;
    World world{settings};
    (void)world.intake();
    Hold hold;
    auto begun = hold.begun.get_future();
    boost::asio::co_spawn(world.io, hold_writer(world, hold), boost::asio::detached);
    world.io.poll();
    begun.wait(); // what comes now stays in the queue

    constexpr std::size_t deliveries = 12;
    std::vector<HttpResponse> answers;
    for (std::size_t i = 0; i < deliveries; ++i)
        boost::asio::co_spawn(world.io, receive(world, message_body(world, "wamid." + std::to_string(i)), answers), boost::asio::detached);
    run_until(world, [&] { return answers.size() >= deliveries - settings.max_queued_jobs; });
    REQUIRE_FALSE(answers.empty());
    for (auto const& answer : answers) {
        CHECK(answer.status == 503);
        CHECK(answer.headers.find("Retry-After").has_value());
    }
    CHECK(world.log.has("webhook_refused hook=meta status=503 reason=too_busy"));
    hold.released.set_value();
    run_until(world, [&] { return hold.over && answers.size() == deliveries; });
    auto const refused = static_cast<std::size_t>(
        std::count_if(answers.begin(), answers.end(), [](HttpResponse const& answer) { return answer.status == 503; }));
    CHECK(refused < deliveries);
    CHECK(world.number_of("SELECT count(*) FROM message WHERE direction = 'in'") == static_cast<std::int64_t>(deliveries - refused));

    CHECK(world.intake().refusals().last("meta") == world.now());
    // What was refused comes again.
    for (std::size_t i = 0; i < deliveries; ++i)
        CHECK(world.deliver(message_body(world, "wamid." + std::to_string(i))).status == 200);
    CHECK(world.number_of("SELECT count(*) FROM message WHERE direction = 'in'") == deliveries);
    CHECK(world.number_of("SELECT count(*) FROM ticket") == 1);
}

TEST_CASE("Whenever the queue fills up, what is not answered 503 is there")
{
    store::StoreSettings settings;
    settings.max_queued_jobs = 5;
    for (int round = 0; round < 24; ++round) {
        World world{settings};
        (void)world.intake();
        Hold hold;
        boost::asio::co_spawn(world.io, hold_writer(world, hold), boost::asio::detached); // begins somewhere among the deliveries
        std::vector<HttpResponse> answers;
        constexpr std::size_t deliveries = 12;
        for (std::size_t i = 0; i < deliveries; ++i)
            boost::asio::co_spawn(world.io, receive(world, message_body(world, "wamid." + std::to_string(i)), answers), boost::asio::detached);
        auto const patience = static_cast<std::size_t>(round) % (deliveries - settings.max_queued_jobs + 1);
        while (answers.size() < patience && world.io.poll_one() > 0) {
        }
        hold.released.set_value(); // the rest of the deliveries comes while the queue empties
        run_until(world, [&] { return hold.over && answers.size() == deliveries; });
        auto const taken = std::count_if(answers.begin(), answers.end(), [](HttpResponse const& answer) { return answer.status == 200; });
        auto const refused = std::count_if(answers.begin(), answers.end(), [](HttpResponse const& answer) { return answer.status == 503; });
        INFO(told(world, answers));
        REQUIRE(taken + refused == deliveries);
        REQUIRE(world.number_of("SELECT count(*) FROM message WHERE direction = 'in'") == taken);
    }
}

TEST_CASE("A store that cannot write is a 5xx, and nothing of the body stays")
{
    World world;
    (void)world.intake();
    world.store.write([](store::Tx& tx) {
        tx.prepare("CREATE TRIGGER sick BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'sick'); END").run();
    });
    CHECK(world.deliver(world.sign(message_body(world, "wamid.1"))).status == 500);
    CHECK(world.number_of("SELECT count(*) FROM message") == 0);
    CHECK(world.number_of("SELECT count(*) FROM inbound_event") == 0);
    CHECK(world.log.has("intake_failed hook=meta"));
    world.store.write([](store::Tx& tx) { tx.prepare("DROP TRIGGER sick").run(); });
    CHECK(world.deliver(message_body(world, "wamid.1")).status == 200);
    CHECK(world.number_of("SELECT count(*) FROM message WHERE direction = 'in'") == 1);
}

TEST_CASE("The same event in twenty parallel requests takes effect once")
{
    World world;
    (void)world.intake();
    std::vector<HttpResponse> answers;
    for (int i = 0; i < 20; ++i)
        boost::asio::co_spawn(world.io, receive(world, message_body(world, "wamid.1"), answers), boost::asio::detached);
    run_until(world, [&] { return answers.size() == 20; });
    for (auto const& answer : answers)
        CHECK(answer.status == 200);
    CHECK(world.number_of("SELECT count(*) FROM message WHERE direction = 'in'") == 1);
    CHECK(world.number_of("SELECT count(*) FROM journal") == 1);
}

TEST_CASE("An album in ten parallel requests is one ticket")
{
    World world;
    (void)world.intake();
    std::vector<HttpResponse> answers;
    for (int i = 0; i < 10; ++i)
        boost::asio::co_spawn(world.io, receive(world, message_body(world, "wamid." + std::to_string(i)), answers), boost::asio::detached);
    run_until(world, [&] { return answers.size() == 10; });
    CHECK(world.number_of("SELECT count(*) FROM ticket") == 1);
    CHECK(world.number_of("SELECT count(*) FROM message WHERE direction = 'in' AND ticket_id = 1") == 10);
    CHECK(world.number_of("SELECT count(*) FROM timer") == 1);
}
