#include "payloads.hpp"
#include "price.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::simulator;

namespace {

Number const number{"700100200300400", "880011223344556", "49301234567"};

Customer customer(bool hidden)
{
    Customer one;
    one.id = "c1";
    one.name = "Mara Lind";
    one.phone = "4917604069001";
    one.user_id = "DE.8842019375501127";
    one.username = "mara.l";
    one.phone_hidden = hidden;
    return one;
}

Message message(std::string const& id, bool from_business)
{
    Message one;
    one.id = id;
    one.from_business = from_business;
    one.at = from_ms(1'795'267'200'123);
    one.content = Json{{"body", "Where is my order?"}};
    return one;
}

} // namespace

TEST_CASE("a customer's message has the provider's shape")
{
    auto const update = message_update(number, customer(false), message("wamid.A", false), nullptr);
    CHECK(update.item == Json::parse(R"({"from":"4917604069001","from_user_id":"DE.8842019375501127","id":"wamid.A",
        "timestamp":"1795267200","type":"text","text":{"body":"Where is my order?"}})"));
    CHECK(pack({update}, Packing::together) ==
          Json::parse(R"({"object":"whatsapp_business_account","entry":[{"id":"880011223344556","changes":[{"field":"messages","value":{
            "messaging_product":"whatsapp","metadata":{"display_phone_number":"49301234567","phone_number_id":"700100200300400"},
            "contacts":[{"profile":{"name":"Mara Lind","username":"mara.l"},"wa_id":"4917604069001","user_id":"DE.8842019375501127"}],
            "messages":[{"from":"4917604069001","from_user_id":"DE.8842019375501127","id":"wamid.A","timestamp":"1795267200",
                         "type":"text","text":{"body":"Where is my order?"}}]}}]}]})"));
}

TEST_CASE("a hidden phone appears nowhere")
{
    auto quoting = message("wamid.B", false);
    quoting.quoted = "wamid.A";
    auto const own = message("wamid.A", false);
    auto answer = message("wamid.OUT", true);
    answer.answered_to = "DE.8842019375501127";
    auto const who = customer(true);
    auto after = who;
    after.phone = "4917604069002";
    for (auto const& update : {message_update(number, who, quoting, &own), event_update(number, who, "reaction", {{"message_id", "wamid.A"}}, own.at),
                               status_update(number, who, answer, Message::Status::read, std::nullopt, own.at), echo_update(number, who, answer)}) {
        auto const body = pack({update}, Packing::together).dump();
        INFO(body);
        CHECK(body.find("4917604069001") == std::string::npos);
        CHECK(body.find("DE.8842019375501127") != std::string::npos);
    }
}

TEST_CASE("a quote names its author")
{
    struct Case {
        std::string label;
        bool of_business;
        std::string author;
    };
    auto const c = GENERATE(values<Case>({{"the business", true, "49301234567"}, {"the customer", false, "4917604069001"}}));
    INFO(c.label);
    auto quoting = message("wamid.B", false);
    quoting.quoted = "wamid.A";
    auto const quoted = message("wamid.A", c.of_business);
    auto const update = message_update(number, customer(false), quoting, &quoted);
    CHECK(update.item.at("context") == Json{{"id", "wamid.A"}, {"from", c.author}});
}

TEST_CASE("a status says what the provider says")
{
    struct Case {
        std::string label;
        Message::Status status;
        bool to_user_id;
        bool has_user_id;
        bool has_pricing;
    };
    auto const c = GENERATE(values<Case>({
        {"sent", Message::Status::sent, false, true, true},
        {"delivered", Message::Status::delivered, false, true, true},
        {"read", Message::Status::read, false, true, false},
        {"failed, to a phone", Message::Status::failed, false, false, false},
        {"failed, to a user id", Message::Status::failed, true, true, false},
    }));
    INFO(c.label);
    auto out = message("wamid.OUT", true);
    out.callback_data = "att=771";
    out.price = price_of({}, "x");
    out.answered_to = c.to_user_id ? "DE.8842019375501127" : "4917604069001";
    std::optional<LateError> error;
    if (c.status == Message::Status::failed)
        error = LateError{131047, "too late"};
    auto const item = status_update(number, customer(false), out, c.status, error, out.at).item;
    CHECK(item.at("biz_opaque_callback_data") == "att=771");
    CHECK(item.at("recipient_id") == "4917604069001");
    CHECK(item.at("timestamp") == "1795267200");
    CHECK(item.contains("recipient_user_id") == c.has_user_id);
    CHECK(item.contains("pricing") == c.has_pricing);
    CHECK(item.contains("errors") == error.has_value());
    if (error) {
        CHECK(item.at("errors").at(0).at("code") == 131047);
        CHECK(item.at("errors").at(0).at("error_data").at("details") == "too late");
    }
}

TEST_CASE("a batch holds every update once, however it is packed")
{
    struct Case {
        std::string label;
        Packing packing;
        std::size_t entries;
        std::size_t changes;
    };
    auto const c = GENERATE(values<Case>({
        {"together: one value, one more for another field", Packing::together, 1, 2},
        {"one change each", Packing::changes, 1, 5},
        {"one entry each", Packing::entries, 5, 5},
    }));
    INFO(c.label);
    auto other = customer(false);
    other.user_id = "DE.2";
    std::vector<Update> const updates{message_update(number, customer(false), message("wamid.1", false), nullptr),
                                      message_update(number, customer(false), message("wamid.2", false), nullptr),
                                      message_update(number, other, message("wamid.3", false), nullptr),
                                      status_update(number, customer(false), message("wamid.4", true), Message::Status::sent, std::nullopt, from_ms(0)),
                                      echo_update(number, customer(false), message("wamid.5", true))};
    auto const body = pack(updates, c.packing);
    std::vector<std::string> ids;
    std::size_t changes = 0;
    std::size_t contacts = 0;
    for (auto const& entry : body.at("entry")) {
        for (auto const& change : entry.at("changes")) {
            ++changes;
            contacts = std::max(contacts, items(at(change, {"value", "contacts"})).size());
            for (auto const* array : {"messages", "statuses", "message_echoes"})
                for (auto const& item : items(at(change, {"value", array})))
                    ids.push_back(item.at("id").get<std::string>());
        }
    }
    CHECK(ids == std::vector<std::string>{"wamid.1", "wamid.2", "wamid.3", "wamid.4", "wamid.5"});
    CHECK(body.at("entry").size() == c.entries);
    CHECK(changes == c.changes);
    CHECK(contacts == (c.packing == Packing::together ? 2 : 1));
}
