#include "world.hpp"

#include <catch2/catch.hpp>

#include <functional>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

Number const support{"700100200300400"};

std::string says(World& world, Customer const& who, std::string const& id)
{
    auto message = message_of(who, id, world.now());
    message["type"] = "text";
    message["text"] = {{"body", "where is my parcel"}};
    return webhook({messages_change(support, who, nlohmann::json::array({message}))});
}

std::string receipt(World& world, std::string const& id, std::string const& status)
{
    return webhook({change("messages", support, {{"statuses", nlohmann::json::array({status_of(id, status, world.now())})}})});
}

/// Whatever is to be written fails until `heal`.
void sicken(World& world, char const* trigger)
{
    world.store.write([trigger](store::Tx& tx) { tx.prepare(trigger).run(); });
}
constexpr auto no_journal = "CREATE TRIGGER sick BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'sick'); END";
constexpr auto no_message = "CREATE TRIGGER sick BEFORE INSERT ON message BEGIN SELECT RAISE(ABORT, 'sick'); END";
constexpr auto heal = "DROP TRIGGER sick";

/// The state of the agents' first message.
std::string first_reply(World& world)
{
    return world.store.read([](store::Reading& reading) {
        auto q = reading.prepare("SELECT state || ' ' || attempts FROM intent WHERE class = 'agent' ORDER BY intent_id LIMIT 1");
        return q.step() ? q.text(0) : std::string{};
    });
}

} // namespace

TEST_CASE("A lost answer is presumed a loss on evidence alone: not when a receipt may have been refused since")
{
    struct Case {
        std::string label;
        std::function<void(World&)> before; ///< the attempt
        std::function<void(World&)> after;  ///< and after a later message's receipt
        std::string reply;
    };
    auto const nothing = [](World&) {};
    auto const refused = [](World& world) {
        sicken(world, no_journal);
        CHECK(world.deliver(world.sign(receipt(world, "wamid.OUT9", "delivered"))).status == 500);
        sicken(world, heal); // and nothing is taken in that could tell the store
    };
    auto const c = GENERATE_COPY(values<Case>({
        {"nothing refused", nothing, nothing, "accepted 2"},
        {"the store could not take one", nothing, refused, "unknown 1"},
        {"what came could not be read", nothing, [](World& world) { CHECK(world.deliver("{\"entry\":").status == 200); }, "unknown 1"},
        {"what came could not take effect", nothing,
         [](World& world) {
             sicken(world, no_message);
             CHECK(world.deliver(says(world, {"eve", "Eve", "4915112345670", "DE.3"}, "wamid.3")).status == 200);
             CHECK(world.log.has("shelved hook=meta reason=effect_failed"));
             sicken(world, heal);
         },
         "unknown 1"},
        {"the server turned one of this hook away", nothing, [](World& world) { world.intake().note_unheard("meta", world.now()); }, "unknown 1"},
        {"the server turned somebody away", nothing, [](World& world) { world.intake().note_unheard({}, world.now()); }, "unknown 1"},
        {"a bad signature is a stranger's", nothing,
         [](World& world) {
             auto forged = world.sign(receipt(world, "wamid.OUT9", "delivered"));
             forged.body += ' ';
             CHECK(world.deliver(std::move(forged), "meta").status == 401);
         },
         "accepted 2"},
        {"another hook's", nothing, [](World& world) { world.intake().note_unheard("other", world.now()); }, "accepted 2"},
        {"before the attempt", refused, nothing, "accepted 2"},
        {"an older refusal does not hide a newer one", nothing,
         [](World& world) {
             world.intake().note_unheard("meta", world.now());
             world.intake().note_unheard({}, world.now() - 1h);
         },
         "unknown 1"},
    }));
    INFO(c.label);
    World world;
    world.policy().acknowledge = false;
    CHECK(world.deliver(says(world, {"mara", "Mara", "4915112345678", "DE.1"}, "wamid.1")).status == 200);
    CHECK(world.deliver(says(world, {"ben", "Ben", "4915112345679", "DE.2"}, "wamid.2")).status == 200);
    c.before(world);
    world.pass(1s);
    world.transport.script = {net::NoAnswer{net::NoAnswer::Written::all, "reset"}};
    world.perform("ana", desk::Reply{.ticket = "1", .text = "it left today", .client_key = "a"});
    REQUIRE(first_reply(world) == "unknown 1");
    world.pass(1s);
    world.perform("ana", desk::Reply{.ticket = "2", .text = "the invoice comes", .client_key = "b"});
    CHECK(world.deliver(receipt(world, "wamid.OUT1", "sent")).status == 200);
    world.pass(1s);
    c.after(world);
    world.pass(2min + 1s);
    CHECK(first_reply(world) == c.reply);
    world.pass(15min);
    CHECK(first_reply(world) == (c.reply == "unknown 1" ? "held 1" : c.reply));
}

TEST_CASE("A presumption that was wrong is told, and counted")
{
    World world;
    world.policy().acknowledge = false;
    auto const counted = [&](std::string const& line) { return world.metrics.render().find(line + "\n") != std::string::npos; };
    CHECK(world.deliver(says(world, {"mara", "Mara", "4915112345678", "DE.1"}, "wamid.1")).status == 200);
    CHECK(world.deliver(says(world, {"ben", "Ben", "4915112345679", "DE.2"}, "wamid.2")).status == 200);
    world.transport.script = {net::NoAnswer{net::NoAnswer::Written::all, "reset"}};
    world.perform("ana", desk::Reply{.ticket = "1", .text = "it left today", .client_key = "a"});
    REQUIRE(first_reply(world) == "unknown 1");
    world.pass(1s);
    world.perform("ana", desk::Reply{.ticket = "2", .text = "the invoice comes", .client_key = "b"});
    CHECK(world.deliver(receipt(world, "wamid.OUT1", "sent")).status == 200);
    CHECK(counted("deskbridge_receipt_delay_seconds_count 1"));
    world.pass(2min + 1s);
    REQUIRE(first_reply(world) == "accepted 2");
    CHECK(counted("deskbridge_doubts_settled_total{by=\"presumption\"} 1"));
    CHECK(counted("deskbridge_messages_duplicated_total 0"));
    auto const token = world.store.read([](store::Reading& reading) {
        auto q = reading.prepare("SELECT token FROM attempt WHERE settled_by = 'presumption'");
        return q.step() ? q.text(0) : std::string{};
    });
    auto late = status_of("wamid.FIRST", "delivered", world.now());
    late["biz_opaque_callback_data"] = token;
    CHECK(world.deliver(webhook({change("messages", support, {{"statuses", nlohmann::json::array({late})}})})).status == 200);
    CHECK(counted("deskbridge_messages_duplicated_total 1"));
    CHECK(world.log.has("message_duplicated"));
}
