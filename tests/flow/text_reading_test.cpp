#include "world.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

constexpr int customers = 40; // more than are read before the transaction

Customer customer(int n)
{
    return {"c", "C", "4915112345" + std::to_string(100 + n), "DE." + std::to_string(100 + n)};
}

/// Everybody writes the same, in one body.
std::string body_of_all(World& world, std::string const& round, std::string const& text)
{
    std::vector<nlohmann::json> changes;
    for (int n = 0; n < customers; ++n) {
        auto message = message_of(customer(n), "wamid." + round + std::to_string(n), world.now());
        message["type"] = "text";
        message["text"] = {{"body", text}};
        changes.push_back(messages_change({"700100200300400"}, customer(n), nlohmann::json::array({message})));
    }
    return webhook(changes);
}

} // namespace

TEST_CASE("Words are read the same before the transaction and inside it")
{
    World world;
    REQUIRE(world.deliver(body_of_all(world, "a", "My parcel has still not arrived, where could it be?")).status == 200);
    CHECK(world.number_of("SELECT count(*) FROM contact WHERE language = 'en' AND language_set_by = 'detected'") == customers);
    for (int ticket = 1; ticket <= customers; ++ticket)
        (void)world.perform("Ana", desk::SetStatus{.ticket = std::to_string(ticket), .status = TicketStatus::solved});
    REQUIRE(world.number_of("SELECT count(*) FROM ticket WHERE status = 'solved'") == customers);
    world.pass(std::chrono::minutes{5});
    REQUIRE(world.deliver(body_of_all(world, "b", "Thanks!")).status == 200);
    CHECK(world.number_of("SELECT count(*) FROM ticket WHERE status = 'solved'") == customers);
    REQUIRE(world.deliver(body_of_all(world, "c", "Wo bleibt denn mein Paket, ich warte schon seit einer Woche")).status == 200);
    CHECK(world.number_of("SELECT count(*) FROM contact WHERE language = 'de' AND language_set_by = 'detected'") == customers);
    CHECK(world.number_of("SELECT count(*) FROM ticket WHERE status = 'open'") == customers);
}
