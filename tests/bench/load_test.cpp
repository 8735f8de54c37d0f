#include "limit/bare_http.hpp"
#include "load/load.hpp"
#include "load/verify.hpp"

#include "fault/database.hpp"
#include "support/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace bench;

namespace {

Posts few_posts(std::size_t count, Shape shape = Shape::sentence)
{
    PostPlan plan;
    plan.shape = shape;
    plan.posts = count;
    plan.customers = 300;
    plan.secret = "secret";
    return render_posts(plan);
}

LoadPlan plan_to(int port)
{
    LoadPlan plan;
    plan.port = port;
    plan.connections = 4;
    plan.at_most = std::chrono::minutes{5};
    return plan;
}

/// Every third request is answered with that.
deskbridge::net::Handler answer_thirds(int status, std::string body)
{
    return [=, n = 0](deskbridge::net::Request&) mutable -> boost::asio::awaitable<deskbridge::net::Reply> {
        deskbridge::HttpResponse response;
        if (n++ % 3 == 0) {
            response.status = status;
            response.body = body;
        }
        co_return deskbridge::net::Reply{std::move(response)};
    };
}

} // namespace

TEST_CASE("load: bodies have their size, and every message its own id")
{
    struct Case {
        Shape shape;
        std::size_t least, most;
    };
    auto const c = GENERATE(values<Case>({{Shape::sentence, 450, 700},
                                          {Shape::fifteen_words, 450, 700},
                                          {Shape::kilobyte, 950, 1150},
                                          {Shape::ten_kilobytes, 9500, 10800},
                                          {Shape::hundred, 35000, 60000}}));
    INFO(render_shape(c.shape));
    auto const posts = few_posts(10, c.shape);
    CHECK(posts.ids.size() == 10 * messages_in(c.shape));
    CHECK(posts.customers.size() == posts.ids.size());
    CHECK(std::set<std::string>(posts.ids.begin(), posts.ids.end()).size() == posts.ids.size());
    for (auto const& post : posts.all) {
        auto const body = post.bytes.substr(post.bytes.find("\r\n\r\n") + 4);
        CHECK(body.size() >= c.least);
        CHECK(body.size() <= c.most);
        CHECK(post.bytes.find(fault::signature_of("secret", body)) != std::string::npos);
    }
}

TEST_CASE("load: all posts are brought once, in a closed loop and at a rate")
{
    BareHttp const http;
    auto const posts = few_posts(200);
    auto plan = plan_to(http.port());
    plan.rate = GENERATE(0.0, 2000.0);
    auto const loaded = run_load(posts, plan);
    CHECK(loaded.taken() == 200);
    CHECK(loaded.answered == std::vector<bool>(200, true));
    CHECK(loaded.refused + loaded.broken == 0);
    CHECK(loaded.per_second() > 0);
}

TEST_CASE("load: an answer that is not the expected one is not taken")
{
    struct Case {
        int status;
        std::string body;
    };
    auto const c = GENERATE(values<Case>({{503, ""}, {200, "words"}}));
    BareHttp const http{answer_thirds(c.status, c.body)};
    auto const posts = few_posts(30);
    auto const loaded = run_load(posts, plan_to(http.port()));
    CHECK(loaded.refused == 10);
    CHECK(loaded.taken() == 20);
    CHECK(std::count(loaded.answered.begin(), loaded.answered.end(), false) == 10);
}

TEST_CASE("load: a database that lacks, doubles or invents a message is told")
{
    struct Case {
        std::string label;
        std::string change;
        std::string fault;
    };
    auto const c = GENERATE(values<Case>({{"as it should be", "SELECT 1", ""},
                                          {"missing", "DELETE FROM message WHERE rowid = 1", "a message was answered 200 and is missing"},
                                          {"twice", "INSERT INTO message SELECT * FROM message WHERE rowid = 2", "a message is there more than once"},
                                          {"in no ticket", "UPDATE message SET ticket_id = NULL WHERE rowid = 2", "a message is in no ticket"},
                                          {"a stranger", "INSERT INTO message VALUES ('wamid.x', 'in', 1)", "1 messages are there that nobody sent"},
                                          {"shelved", "INSERT INTO shelf VALUES (1)", "events are on the shelf"}}));
    INFO(c.label);
    deskbridge::test::ScratchFolder const folder;
    auto const file = folder.write("x.db", "");
    auto const posts = few_posts(3);
    {
        fault::Database const db{file};
        (void)db.rows("CREATE TABLE message (external_id TEXT, direction TEXT, ticket_id INTEGER)");
        (void)db.rows("CREATE TABLE shelf (shelf_id INTEGER)");
        for (auto const& id : posts.ids)
            (void)db.rows(("INSERT INTO message VALUES ('" + id + "', 'in', 1)").c_str());
        (void)db.rows(c.change.c_str());
    }
    CHECK(fault_of(file, {{posts, {true, true, true}}}) == c.fault);
}
