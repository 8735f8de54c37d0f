#include "channels/channel_world.hpp"

#include "async/run.hpp"
#include "deskbridge/store/conversation.hpp"
#include "deskbridge/store/echo_mark.hpp"
#include "deskbridge/store/epoch.hpp"

#include <algorithm>
#include <stdexcept>

namespace deskbridge::test {
namespace {

namespace asio = boost::asio;

/// The fixture in which we write, or the customer does: of those two that the channel names, else "text".
Fixture const& text_in(std::string const& channel, std::string const& direction, std::vector<Fixture> const& fixtures)
{
    auto const conformance = ChannelScene{channel}.conformance();
    auto const name = conformance.contains("ours") ? conformance.at("ours").at(direction).get<std::string>() : "text";
    for (auto const& fixture : fixtures)
        if (fixture.channel == channel && fixture.name == name)
            return fixture;
    throw std::runtime_error{"no fixtures/" + direction + "/" + name + ".json"};
}

Fixture const& accepted_text(std::string const& channel)
{
    return text_in(channel, "outbound", outbound_fixtures());
}

std::string accepted_id(std::string const& channel)
{
    return accepted_text(channel).doc.at("expect").at(0).at("outcome").at("id").get<std::string>();
}

HttpResponse accepting(std::string const& channel)
{
    auto const& answer = accepted_text(channel).doc.at("responses").at(0);
    return {answer.at("status").get<int>(), {}, answer.at("json").dump()};
}

std::shared_ptr<Catalogue const> english()
{
    auto catalogue = Catalogue::load({});
    if (!catalogue)
        throw std::runtime_error{catalogue.error().detail};
    return std::make_shared<Catalogue const>(std::move(*catalogue));
}

/// Every text that is `from` becomes `to`.
Json with_texts(Json doc, std::string const& from, std::string const& to)
{
    if (doc.is_string() && doc == from && !from.empty())
        return to;
    if (doc.is_structured())
        for (auto& child : doc)
            child = with_texts(child, from, to);
    return doc;
}

std::vector<Address> addresses_in(Json const& expect, char const* name)
{
    std::vector<Address> found;
    for (auto const& address : expect.value(name, Json::array()))
        found.push_back(read_address(address.get<std::string>()));
    return found;
}

/// Its sender has addresses of these kinds and no others.
bool is_text_of(Fixture const& fixture, Fixture const& plain, std::vector<Address> const& addresses)
{
    auto const& webhook = fixture.doc.at("webhook");
    auto const& expect = fixture.doc.at("expect");
    auto const& like = plain.doc.at("expect").at(0);
    if (!webhook.contains("json") || webhook.contains("headers") || !expect.is_array() || expect.size() != 1)
        return false;
    auto const& told = expect.at(0);
    for (auto const* const name : {"event", "kind", "account"})
        if (told.value(name, "") != like.value(name, ""))
            return false;
    auto const from = addresses_in(told, "from");
    return !told.contains("group") &&
           std::equal(from.begin(), from.end(), addresses.begin(), addresses.end(),
                      [](Address const& a, Address const& b) { return a.kind == b.kind; });
}

std::string retold(Fixture const& fixture, std::vector<Address> const& addresses, int number)
{
    auto const& told = fixture.doc.at("expect").at(0);
    auto body = fixture.doc.at("webhook").at("json");
    for (auto const& from : addresses_in(told, "from"))
        for (auto const& address : addresses)
            if (address.kind == from.kind)
                body = with_texts(body, from.value, address.value);
    auto const id = told.at("id").get<std::string>();
    return with_texts(body, id, id + std::to_string(number)).dump();
}

bool names_all(std::string const& body, std::vector<Address> const& addresses)
{
    return std::all_of(addresses.begin(), addresses.end(),
                       [&](Address const& one) { return body.find(one.value + '"') != std::string::npos; });
}

bool means(Json const& expect, Json const& event)
{
    if (!expect.is_array() || expect.size() != 1)
        return false;
    for (auto const& [name, value] : event.items())
        if (!expect.at(0).contains(name) || expect.at(0).at(name) != value)
            return false;
    return true;
}

} // namespace

ChannelWorld::ChannelWorld(std::string const& channel) : scene{channel}, clock{scene.received_at()}
{
    dice_ = [this] { return rolled_ += 0x9E3779B97F4A7C15U; };
    std::vector<store::ConfiguredAccount> rows;
    for (auto const& account : scene.accounts()) {
        auto context = std::make_unique<channel::AccountContext>();
        context->account = account;
        context->adapter = &scene.adapter();
        context->hook = scene.account().name;
        context->policy.name = account.name;
        context->policy.brand = "acme";
        context->catalogue = english();
        rows.push_back({channel, account.number, account.name, "acme", "UTC", "en"});
        accounts_.push_back(std::move(context));
    }
    auto const ids = store.write([&](store::Tx& tx) { return store::configure_accounts(tx, rows, clock.now()); });
    for (std::size_t i = 0; i < ids.size(); ++i)
        accounts_[i]->id = ids[i];
    auto const epoch = store.write([&](store::Tx& tx) { return store::begin_epoch(tx, clock.now()).number; });
    transport.otherwise = [channel](HttpRequest const&) { return net::Answer{accepting(channel)}; };
    intake_ = std::make_unique<flow::Intake>(
        flow::Intake::Parts{*store, flow::Surroundings{accounts_, dice_}, log_, store.metrics, [] {}, [](Timestamp) {}});
    pump_ = std::make_unique<flow::OutboxPump>(flow::OutboxPump::Parts{
        io, *store, transport, clock, accounts_, intake_->refusals(), log_, store.metrics, dice_, epoch, {}, {}});
}

ChannelWorld::~ChannelWorld() = default;

asio::awaitable<int> ChannelWorld::receive(std::string body)
{
    auto request = scene.webhook(std::move(body));
    auto const& hook = scene.account().name;
    auto const answer = co_await intake_->receive(hook, std::move(request), clock.now());
    co_return answer.status;
}

int ChannelWorld::deliver(std::string const& body)
{
    return run_task(io, receive(body));
}

void ChannelWorld::customer_writes()
{
    auto const& fixture = text_in(std::string{scene.adapter().name()}, "inbound", inbound_fixtures());
    if (deliver(bodies_of(fixture.doc.at("webhook")).front()) != 200)
        throw std::runtime_error{"the customer's message is not taken"};
}

MessageId ChannelWorld::reply(std::string const& text, MessageClass message_class)
{
    Customer const customer{AccountId{number_of("SELECT account_id FROM message LIMIT 1")}, {},
                            ConversationId{number_of("SELECT conversation_id FROM message LIMIT 1")},
                            TicketId{number_of("SELECT ticket_id FROM message LIMIT 1")}};
    auto const message =
        store.write([&](store::Tx& tx) { return store::queue_message(tx, outgoing(customer, text, clock.now(), message_class)); });
    pump();
    return message;
}

TicketMarks ChannelWorld::ticket_marks()
{
    auto const ticket = store.read([](store::Reading& reading) { return store::find_ticket(reading, TicketId{1}); });
    return store::marks_of(ticket.value());
}

void ChannelWorld::pump()
{
    (void)run_task(io, pump_->pump_until_idle());
}

std::string ChannelWorld::standing_of(MessageId message)
{
    auto const parts = store.read([&](store::Reading& reading) { return store::intents_of(reading, message); });
    return parts.empty() ? "nothing" : standing(parts.front());
}

std::string ChannelWorld::token()
{
    return store.read([](store::Reading& reading) {
        auto q = reading.prepare("SELECT token FROM attempt ORDER BY rowid DESC LIMIT 1");
        return q.step() ? q.text(0) : std::string{};
    });
}

std::int64_t ChannelWorld::number_of(char const* sql)
{
    return store.read([sql](store::Reading& reading) {
        auto q = reading.prepare(sql);
        return q.step() ? q.integer(0) : 0;
    });
}

std::chrono::seconds ChannelWorld::reply_window()
{
    auto const address = store.read([](store::Reading& reading) {
        auto const chat = store::find_conversation(reading, ConversationId{1});
        return chat ? chat->address : Address{};
    });
    return scene.adapter().capabilities(scene.account()).reply_window.of(address);
}

std::optional<std::string> ChannelWorld::body_about_ours(Json const& event)
{
    for (auto const& fixture : inbound_fixtures()) {
        auto const& webhook = fixture.doc.at("webhook");
        if (fixture.channel != scene.adapter().name() || !webhook.contains("json") || !means(fixture.doc.at("expect"), event))
            continue;
        auto const& told = fixture.doc.at("expect").at(0);
        auto const id = told.value("id", "");
        auto const ours = accepted_id(fixture.channel);
        auto const body = with_texts(webhook.at("json"), id, ours);
        if (id != ours && body == webhook.at("json") && id.find(':') != std::string::npos)
            return std::nullopt; // the adapter makes its ids of several parts: which, only it knows
        return with_texts(body, told.value("token", ""), token()).dump();
    }
    return std::nullopt;
}

std::vector<AddressChange> address_changes(std::string const& channel)
{
    std::vector<AddressChange> found;
    for (auto const& fixture : inbound_fixtures()) {
        auto const& expect = fixture.doc.at("expect");
        if (fixture.channel != channel || !means(expect, {{"event", "identity_change"}}) || !fixture.doc.at("webhook").contains("json"))
            continue;
        AddressChange change{fixture.name, fixture.doc.at("webhook").at("json").dump(), addresses_in(expect.at(0), "previous"),
                             addresses_in(expect.at(0), "current")};
        if (!change.previous.empty() && !change.current.empty())
            found.push_back(std::move(change));
    }
    return found;
}

std::string text_from(std::string const& channel, std::vector<Address> const& addresses, int number)
{
    for (auto const& fixture : inbound_fixtures())
        if (fixture.channel == channel && is_text_of(fixture, plain_text_fixture(channel), addresses))
            if (auto const body = retold(fixture, addresses, number); names_all(body, addresses))
                return body;
    return retold(plain_text_fixture(channel), addresses, number);
}

} // namespace deskbridge::test
