#include "world.hpp"

#include "deskbridge/store/ticket.hpp"
#include "deskbridge/store/timer.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

using nlohmann::json;

Number const support{"700100200300400"};

std::string question(World& world, std::string const& words)
{
    auto message = message_of(mara, "wamid.1", world.now());
    message["type"] = "text";
    message["text"] = {{"body", words}};
    return webhook({messages_change(support, mara, json::array({message}))});
}

std::string echo(World& world, std::string const& id)
{
    json const message{{"id", id}, {"from", support.display}, {"to", mara.phone}, {"to_user_id", mara.user_id}, {"type", "text"},
                       {"text", {{"body", "typed somewhere"}}}, {"timestamp", std::to_string(to_ms(world.now()) / 1000)}};
    return webhook({change("smb_message_echoes", support, {{"message_echoes", json::array({message})}})});
}

std::string picture(World& world)
{
    return world.store.read([](store::Reading& reading) {
        auto const ticket = *store::find_ticket(reading, TicketId{1});
        return std::string{render_status(ticket.status)} + (ticket.unseen ? " unseen " : " seen ") + ticket.last_step +
               (ticket.unanswered_agent_at ? " asked" : "") + (store::find_timer(reading, TicketId{1}) ? " armed" : "");
    });
}

/// What is sent next is echoed before its answer; `looked` is the ticket in between.
void overtake(World& world, std::string const& id, std::string& looked)
{
    world.transport.before_answer = [&world, &looked, id]() -> boost::asio::awaitable<void> {
        if (!looked.empty())
            co_return;
        auto request = world.sign(echo(world, id));
        (void)co_await world.intake().receive("meta", std::move(request), world.now());
        looked = picture(world);
    };
}

void queue_notice(World& world, std::string const& words)
{
    store::Outgoing text;
    text.conversation = ConversationId{1};
    text.ticket = TicketId{1};
    text.account = world.account().id;
    text.message_class = MessageClass::notice;
    text.purpose = "status";
    text.shown.text = words;
    text.parts = {text.shown};
    text.now = world.now();
    world.store.write([&](store::Tx& tx) { (void)store::queue_message(tx, text); });
}

std::int64_t outgoing(World& world)
{
    return world.number_of("SELECT count(*) FROM message WHERE direction = 'out'");
}

} // namespace

TEST_CASE("own echoes: the acknowledgement's overtakes its answer, and the ticket is as if it had not")
{
    World world;
    std::string between;
    REQUIRE(world.deliver(world.sign(question(world, "where is my parcel"))).status == 200);
    overtake(world, "wamid.OUT1", between);
    world.pass(10s);
    CHECK(between == "open seen answered asked");
    CHECK(outgoing(world) == 1);
    CHECK(picture(world) == "new unseen received");
    world.pass(1min);
    REQUIRE(world.deliver(world.sign(echo(world, "wamid.TYPED"))).status == 200);
    CHECK(picture(world) == "open seen answered asked"); // an agent did
}

TEST_CASE("own echoes: a text whose answer was lost is found to be ours by its receipt")
{
    World world;
    std::string between;
    REQUIRE(world.deliver(world.sign(question(world, "where is my parcel"))).status == 200);
    world.transport.script = {net::NoAnswer{net::NoAnswer::Written::all, "reset"}};
    overtake(world, "wamid.LOST", between);
    world.pass(10s);
    CHECK(picture(world) == "open seen answered asked"); // nobody can tell yet
    CHECK(outgoing(world) == 2);
    world.pass(1min);
    auto sent = status_of("wamid.LOST", "sent", world.now());
    sent["biz_opaque_callback_data"] = world.store.read([](store::Reading& reading) {
        auto q = reading.prepare("SELECT token FROM attempt ORDER BY rowid DESC LIMIT 1");
        return q.step() ? q.text(0) : std::string{};
    });
    REQUIRE(world.deliver(world.sign(webhook({change("messages", support, {{"statuses", json::array({sent})}})}))).status == 200);
    CHECK(outgoing(world) == 1);
    CHECK(picture(world) == "new unseen received");
}

TEST_CASE("own echoes: of another text, one leaves the acknowledgement that waits")
{
    World world;
    std::string between;
    REQUIRE(world.deliver(world.sign(question(world, "where is my parcel"))).status == 200);
    CHECK(picture(world) == "new unseen received armed");
    queue_notice(world, "We are looking into it.");
    overtake(world, "wamid.OUT1", between);
    world.settle();
    CHECK(between == "open seen answered asked");
    CHECK(picture(world) == "new unseen received armed");
    world.pass(10s);
    CHECK(world.number_of("SELECT count(*) FROM message WHERE purpose = 'acknowledgement'") == 1);
}

TEST_CASE("own echoes: of two texts whose answers were lost, settled in either order, nothing is left")
{
    bool const in_turn = GENERATE(true, false);
    INFO(in_turn);
    World world;
    REQUIRE(world.deliver(world.sign(question(world, "where is my parcel"))).status == 200);
    int sent = 0;
    world.transport.script = {net::NoAnswer{net::NoAnswer::Written::all, "reset"}, net::NoAnswer{net::NoAnswer::Written::all, "reset"}};
    world.transport.before_answer = [&world, &sent]() -> boost::asio::awaitable<void> {
        auto request = world.sign(echo(world, "wamid.LOST" + std::to_string(++sent)));
        (void)co_await world.intake().receive("meta", std::move(request), world.now());
    };
    for (int i = 0; i < 2; ++i) {
        queue_notice(world, "We are looking into it.");
        world.settle();
        world.pass(1s);
    }
    REQUIRE(sent == 2);
    CHECK(outgoing(world) == 4);
    auto const told = [&world](int n) {
        auto status = status_of("wamid.LOST" + std::to_string(n), "sent", world.now());
        status["biz_opaque_callback_data"] = world.store.read([n](store::Reading& reading) {
            auto q = reading.prepare("SELECT token FROM attempt ORDER BY rowid LIMIT 1 OFFSET ?1");
            q.bind(1, n - 1);
            return q.step() ? q.text(0) : std::string{};
        });
        REQUIRE(world.deliver(world.sign(webhook({change("messages", support, {{"statuses", json::array({status})}})}))).status == 200);
    };
    world.transport.before_answer = {};
    told(in_turn ? 1 : 2);
    CHECK(picture(world) == "open seen answered asked"); // the other one still counts as an agent's
    told(in_turn ? 2 : 1);
    CHECK(picture(world) == "new unseen received armed");
    CHECK(outgoing(world) == 2);
}
