#include "limit/rows.hpp"
#include "load/posts.hpp"
#include "snapshot.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace bench;
using namespace deskbridge;
using namespace deskbridge::test;

namespace {

constexpr int webhooks = 40;

std::string body_of(int customer, std::string const& id, Timestamp at)
{
    return bench::render_one(customer, id, to_ms(at) / 1000, "my parcel has not arrived and nobody called back since monday");
}

std::string id_of(int n)
{
    return fmt::format("wamid.HBgNNDkxNTExABCDEFGHIJKLMNOPQRSTUVWXYZ{:04}AA==", n);
}

/// Customers with an open ticket each, an hour ago.
void prepare(World& world)
{
    world.policy().acknowledge = false;
    for (int i = 0; i < webhooks; ++i)
        REQUIRE(world.deliver(body_of(i, id_of(i), world.now())).status == 200);
    world.pass(std::chrono::hours{1});
}

std::map<std::string, Written> written_by_daemon()
{
    World world{in_lock_step()};
    prepare(world);
    auto const before = look(world);
    for (int i = 0; i < webhooks; ++i)
        REQUIRE(world.deliver(body_of(i, id_of(1000 + i), world.now())).status == 200);
    return difference(before, look(world));
}

std::map<std::string, Written> written_by_rows()
{
    World world{in_lock_step()};
    prepare(world);
    auto const before = look(world);
    world.store.write([&](store::Tx& tx) {
        bench::Rows const rows{tx};
        for (int i = 0; i < webhooks; ++i) {
            auto const body = body_of(i, id_of(1000 + i), world.now());
            rows.write(tx, bench::read_webhook(body), world.now());
        }
    });
    return difference(before, look(world));
}

} // namespace

TEST_CASE("the limit writes and changes as many rows of every table as the daemon does, and as many bytes")
{
    auto const daemon = written_by_daemon();
    CHECK(daemon.at("message").inserted == webhooks);
    check_same(daemon, written_by_rows());
}

TEST_CASE("a webhook is taken apart by its quotes, and nothing else is")
{
    auto const body = body_of(49999, "wamid.X", Timestamp{});
    auto const webhook = bench::read_webhook(body);
    CHECK(webhook.customer == 49999);
    CHECK(webhook.id == "wamid.X");
    CHECK(webhook.text.starts_with("my parcel"));
    CHECK(webhook.body == body);
    CHECK_THROWS(bench::read_webhook("{}"));
}
