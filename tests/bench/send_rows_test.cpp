#include "limit/send_rows.hpp"
#include "load/posts.hpp"
#include "snapshot.hpp"

#include "deskbridge/store/outbox.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace bench;
using namespace deskbridge;
using namespace deskbridge::test;

namespace {

constexpr int sends = 40;

/// Customers who wrote an hour ago, and an agent's message queued for each.
std::vector<QueuedSend> prepare_sends(World& world)
{
    world.policy().acknowledge = false;
    for (int i = 0; i < sends; ++i)
        REQUIRE(world.deliver(render_one(i, fmt::format("wamid.{:04}", i), to_ms(world.now()) / 1000, "my parcel has not arrived")).status == 200);
    world.pass(std::chrono::hours{1});
    world.store.write([&](store::Tx& tx) {
        for (std::int64_t i = 1; i <= sends; ++i) {
            store::Outgoing out;
            out.conversation = ConversationId{i};
            out.ticket = TicketId{i};
            out.account = world.account().id;
            out.actor = {ActorKind::agent, 1};
            out.shown.text = "We have found your parcel.";
            out.parts = {out.shown};
            out.now = world.now();
            (void)store::queue_message(tx, out);
        }
    });
    std::vector<QueuedSend> queued;
    world.store.write([&](store::Tx& tx) { queued = queued_sends(tx); });
    REQUIRE(queued.size() == sends);
    CHECK(queued.front().number == "4915110000000");
    CHECK(queued.front().text == "We have found your parcel.");
    return queued;
}

std::map<std::string, Written> sent_by_daemon()
{
    World world{in_lock_step()};
    (void)prepare_sends(world);
    auto const before = look(world);
    world.settle();
    world.pass(std::chrono::seconds{10}); // twenty a second
    REQUIRE(world.number_of("SELECT count(*) FROM intent WHERE state = 'accepted'") == sends);
    return difference(before, look(world));
}

std::map<std::string, Written> sent_by_rows()
{
    World world{in_lock_step()};
    auto const queued = prepare_sends(world);
    auto const before = look(world);
    world.store.write([&](store::Tx& tx) {
        SendRows const rows{1};
        for (auto const& send : queued) {
            auto const token = fmt::format("{:032x}", send.intent);
            rows.begin(tx, send, token, world.now());
            rows.end(tx, send, token, fmt::format("wamid.OUT{}", send.intent), world.now());
        }
    });
    return difference(before, look(world));
}

} // namespace

TEST_CASE("the bare client writes and changes as many rows of every table as the daemon does when it sends, and as many bytes")
{
    auto const daemon = sent_by_daemon();
    CHECK(daemon.at("attempt").inserted == sends);
    CHECK(daemon.at("intent").changed == sends);
    check_same(daemon, sent_by_rows());
}
