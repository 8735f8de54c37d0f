#include "world.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

using nlohmann::json;

Number const number{"700100200300400"};
constexpr auto before_phone = "4915112345678";
constexpr auto after_phone = "4915198765432";

json system_message(Customer const& from, json system, Timestamp at)
{
    auto message = message_of(from, "wamid.S1", at);
    message["type"] = "system";
    message["system"] = std::move(system);
    return change("messages", number, {{"messages", json::array({std::move(message)})}});
}

json id_update(json item, Timestamp at)
{
    item["timestamp"] = std::to_string(to_ms(at) / 1000);
    return change("user_id_update", number, {{"user_id_update", json::array({std::move(item)})}});
}

/// What Meta may announce of somebody whose id was DE.1.
json announced(std::string const& how, Customer const& from, Timestamp at)
{
    json const ids{{"previous", "DE.1"}, {"current", "DE.2"}};
    if (how == "number")
        return system_message(from, {{"type", "user_changed_number"}, {"wa_id", after_phone}, {"user_id", "DE.2"}}, at);
    if (how == "hidden number")
        return system_message(from, {{"type", "user_changed_number"}, {"user_id", "DE.2"}}, at);
    if (how == "id")
        return system_message(from, {{"type", "user_changed_user_id"}, {"user_id", "DE.2"}}, at);
    if (how == "id update, new phone")
        return id_update({{"user_id", ids}, {"wa_id", after_phone}}, at);
    if (how == "id update, same phone")
        return id_update({{"user_id", ids}, {"wa_id", before_phone}}, at);
    return id_update({{"user_id", ids}}, at);
}

/// "to 49…" or "recipient DE.…" of the request that was made last.
std::string sent_to(World& world)
{
    auto const body = json::parse(world.transport.asked.back().body);
    return body.contains("to") ? "to " + body.value("to", "") : "recipient " + body.value("recipient", "");
}

void writes(World& world, Customer const& who, std::string const& id)
{
    auto message = message_of(who, id, world.now());
    message["type"] = "text";
    message["text"] = {{"body", "about " + id}};
    REQUIRE(world.deliver(world.sign(webhook({messages_change(number, who, json::array({message}))}))).status == 200);
    world.pass(1min);
}

std::string current_addresses(World& world)
{
    std::string out;
    for (auto const& one : world.perform("Ana", desk::ShowContact{ContactId{1}}).addresses)
        if (!one.valid_to)
            out += (out.empty() ? "" : " ") + one.address.value;
    return out;
}

} // namespace

TEST_CASE("addresses: what waits and what comes follows an announced change, of whichever kind the address was")
{
    struct Case {
        std::string how;
        std::string phone; ///< before; "": hidden
        std::string sent_to;
        std::string addresses; ///< that are theirs afterwards
    };
    auto const c = GENERATE(values<Case>({
        {"number", before_phone, "to +4915198765432", "4915198765432 DE.2"},
        {"number", "", "recipient DE.2", "4915198765432 DE.2"},
        {"hidden number", before_phone, "recipient DE.2", "DE.2"},
        {"hidden number", "", "recipient DE.2", "DE.2"},
        {"id", before_phone, "to +4915112345678", "DE.2 4915112345678"},
        {"id", "", "recipient DE.2", "DE.2"},
        {"id update, new phone", before_phone, "to +4915198765432", "4915198765432 DE.2"},
        {"id update, new phone", "", "recipient DE.2", "4915198765432 DE.2"},
        {"id update, same phone", before_phone, "to +4915112345678", "DE.2 4915112345678"},
        {"id update", before_phone, "to +4915112345678", "DE.2 4915112345678"},
        {"id update", "", "recipient DE.2", "DE.2"},
    }));
    INFO(c.how << (c.phone.empty() ? ", phone hidden" : ""));
    Customer const mara{"mara", "Mara", c.phone, "DE.1"};
    World world;
    writes(world, mara, "wamid.1");
    world.offline = true;
    world.perform("Ana", desk::Reply{.ticket = "1", .text = "This waits for the provider."});
    REQUIRE(world.deliver(world.sign(webhook({announced(c.how, mara, world.now())}))).status == 200);
    world.offline = false;
    auto const sends = world.transport.asked.size();
    world.pass(5min);
    REQUIRE(world.transport.asked.size() == sends + 1);
    CHECK(sent_to(world) == c.sent_to);
    world.perform("Ana", desk::Reply{.ticket = "1", .text = "This comes later."});
    REQUIRE(world.transport.asked.size() == sends + 2);
    CHECK(sent_to(world) == c.sent_to);
    CHECK(current_addresses(world) == c.addresses);
    CHECK(world.number_of("SELECT count(*) FROM contact") == 1);
}

TEST_CASE("addresses: an announcement that comes late does not bring a number back")
{
    Customer const mara{"mara", "Mara", before_phone, "DE.1"};
    World world;
    writes(world, mara, "wamid.1");
    REQUIRE(world.deliver(world.sign(webhook({announced("number", mara, world.now())}))).status == 200);
    REQUIRE(world.deliver(world.sign(webhook({announced("id update, same phone", mara, world.now())}))).status == 200);
    world.perform("Ana", desk::Reply{.ticket = "1", .text = "Hello again."});
    CHECK(sent_to(world) == "to +4915198765432");
    CHECK(current_addresses(world) == "4915198765432 DE.2");
}
