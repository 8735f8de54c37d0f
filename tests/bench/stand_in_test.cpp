#include "limit/bare_http.hpp"
#include "load/stand_in.hpp"
#include "load/verify.hpp"

#include "fault/database.hpp"
#include "fault/plan.hpp"
#include "support/scratch_folder.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <thread>

using namespace bench;

namespace {

using Clock = std::chrono::steady_clock;

Posts posts_of(int count)
{
    PostPlan plan;
    plan.posts = static_cast<std::size_t>(count);
    plan.customers = count;
    plan.first_customer = 700;
    return render_posts(plan);
}

std::string message_to(int customer)
{
    return fmt::format(R"({{"messaging_product":"whatsapp","to":"+{}","type":"text"}})", fault::customer_number(customer));
}

/// Three posts at ten a second, all answered.
Loaded loaded_at(Clock::time_point begun)
{
    Loaded loaded;
    loaded.begun = begun;
    loaded.answered = {true, true, true};
    return loaded;
}

} // namespace

TEST_CASE("stand-in: messages are accepted with an id each, and questions are none")
{
    StandIn provider;
    fault::HttpConnection connection{provider.port()};
    CHECK(connection.get("/v25.0/7001") == 200);
    auto const first = connection.post_json("/v25.0/7001/messages", message_to(12));
    auto const second = connection.post_json("/v25.0/7001/messages", message_to(49'999));
    CHECK(connection.post_json("/v25.0/7001/messages", R"({"status":"read"})") == R"({"success":true})");
    CHECK(first.find(R"("id":"wamid.)") != std::string::npos);
    CHECK(first != second);
    REQUIRE(provider.accepted() == 2);
    CHECK(provider.arrivals()[0].customer == 12);
    CHECK(provider.arrivals()[1].customer == 49'999);
    CHECK(provider.arrivals()[0].at <= provider.arrivals()[1].at);
}

TEST_CASE("stand-in: requests that come in pieces, and several at once")
{
    StandIn provider;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&provider, t] {
            fault::HttpConnection connection{provider.port()};
            for (int i = 0; i < 50; ++i)
                (void)connection.post_json("/messages", message_to(t * 100 + i) + std::string(static_cast<std::size_t>(i) * 1000, ' '));
        });
    for (auto& thread : threads)
        thread.join();
    CHECK(provider.accepted() == 400);
}

TEST_CASE("delays count from the moment at which a webhook should have gone, and need every message once")
{
    struct Case {
        std::string label;
        std::vector<int> arrived; ///< by place among the posts; -1: of a stranger
        bool sound;
    };
    auto const c = GENERATE(values<Case>({{"each once, in any order", {2, 0, 1}, true},
                                          {"one is missing", {0, 1}, false},
                                          {"one came twice", {0, 1, 2, 1}, false},
                                          {"one is for somebody else", {0, 1, -1}, false}}));
    INFO(c.label);
    auto const posts = posts_of(3);
    auto const begun = Clock::now();
    std::vector<Arrival> arrivals;
    for (int const place : c.arrived)
        arrivals.push_back({place < 0 ? 5 : posts.customers[static_cast<std::size_t>(place)], begun + std::chrono::milliseconds{300}});
    auto const delays = delays_of(posts, loaded_at(begun), 10, arrivals);
    CHECK(delays.fault.empty() == c.sound);
    if (c.sound) // due at 0, 100 and 200 ms
        CHECK(delays.ms == std::vector<double>{100, 300, 200});
}

TEST_CASE("sends: a database or a provider that lacks or doubles a message is told")
{
    struct Case {
        std::string label;
        std::string change;
        std::vector<int> arrived;
        std::string fault;
    };
    auto const c = GENERATE(values<Case>({{"as it should be", "SELECT 1", {0, 1}, ""},
                                          {"not accepted", "UPDATE intent SET state = 'unknown' WHERE rowid = 1", {0, 1}, "1 of 2 messages are accepted"},
                                          {"an attempt too many", "INSERT INTO attempt VALUES ('accepted')", {0, 1}, "3 attempts for 2 messages"},
                                          {"an attempt in doubt", "UPDATE attempt SET outcome = NULL WHERE rowid = 1", {0, 1}, "1 attempts were accepted, not 2"},
                                          {"never came", "SELECT 1", {0}, "1 messages have come for 1 customers, not 2"},
                                          {"came twice", "SELECT 1", {0, 0}, "2 messages have come for 1 customers, not 2"}}));
    INFO(c.label);
    deskbridge::test::ScratchFolder const folder;
    auto const file = folder.write("x.db", "");
    {
        fault::Database const db{file};
        (void)db.rows("CREATE TABLE intent (state TEXT)");
        (void)db.rows("CREATE TABLE attempt (outcome TEXT)");
        for (int i = 0; i < 2; ++i) {
            (void)db.rows("INSERT INTO intent VALUES ('accepted')");
            (void)db.rows("INSERT INTO attempt VALUES ('accepted')");
        }
        (void)db.rows(c.change.c_str());
    }
    std::vector<Arrival> arrivals;
    for (int const customer : c.arrived)
        arrivals.push_back({customer, {}});
    CHECK(fault_of_sends(file, arrivals, 2) == c.fault);
}
