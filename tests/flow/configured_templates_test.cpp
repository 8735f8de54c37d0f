#include "listing.hpp"

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr auto phone_number_id = "700100200300400";

void mara_writes(Listing& listing, std::chrono::hours ago = 0h)
{
    auto message = message_of(mara, "wamid.1", listing.world.now() - ago);
    message["type"] = "text";
    message["text"] = {{"body", "where is my parcel"}};
    CHECK(listing.world.deliver(webhook({messages_change({phone_number_id}, mara, json::array({message}))})).status == 200);
}

/// Mara wrote and fell silent for a day and a half.
void silence(Listing& listing)
{
    mara_writes(listing);
    listing.world.pass(36h);
}

std::size_t said(Listing const& listing, std::string_view event)
{
    auto const& lines = listing.world.log.lines;
    return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [&](auto const& line) { return line.starts_with(event); }));
}

constexpr auto window_templates = "SELECT count(*) FROM message WHERE purpose = 'window_template'";

} // namespace

TEST_CASE("a configured template that may not be sent: the reply is refused at once, with the reason")
{
    Listing listing;
    listing.world.policy().window_template = "reply";
    listing.world.policy().window_template_language = "en";
    listing.answers = {page(json::array({listed("reply", "PAUSED", "Please write to us.")}))};
    silence(listing);
    SECTION("no list: it is sent as the configuration names it")
    {
        (void)listing.world.perform("ana", desk::Reply{"1", "it comes on Monday", {}, ""});
        CHECK(listing.world.number_of("SELECT count(*) FROM message WHERE purpose = 'window_template'") == 1);
    }
    SECTION("paused")
    {
        listing.look();
        CHECK_THROWS_WITH(listing.world.perform("ana", desk::Reply{"1", "it comes on Monday", {}, ""}),
                          Catch::Contains("is paused by the provider") && Catch::Contains("deskbridge ticket template"));
        CHECK(listing.world.number_of("SELECT count(*) FROM intent WHERE class = 'agent'") == 0);
    }
    SECTION("it wants a value that the configuration does not give")
    {
        listing.answers = {page(json::array({listed("reply")}))};
        listing.look();
        CHECK_THROWS_WITH(listing.world.perform("ana", desk::Reply{"1", "it comes on Monday", {}, ""}),
                          Catch::Contains("The value for \"1\" is missing."));
    }
    SECTION("approved again: it goes out, and the timeline has its words")
    {
        listing.look();
        listing.webhook_says("message_template_status_update", {{"event", "APPROVED"}, {"reason", nullptr}});
        (void)listing.world.perform("ana", desk::Reply{"1", "it comes on Monday", {}, ""});
        CHECK(listing.world.number_of("SELECT count(*) FROM message WHERE purpose = 'window_template' AND text = 'Please write to us.'") == 1);
    }
}

TEST_CASE("a window's template that may not be sent when a text is kept: said once, and it goes out when it may")
{
    Listing listing;
    auto& world = listing.world;
    world.policy().window_template = "reply";
    world.policy().window_template_language = "en";
    listing.answers = {page(json::array({listed("reply", "PAUSED", "Please write to us.")}))};
    mara_writes(listing);
    listing.look();
    world.pass(23h);
    world.offline = true;
    (void)world.perform("ana", desk::Reply{"1", "it comes on Monday", {}, ""}); // while the window is open
    world.pass(3h);
    CHECK(world.number_of("SELECT count(*) FROM intent WHERE class = 'agent' AND state = 'kept'") == 1);
    CHECK(world.number_of(window_templates) == 0);
    CHECK(said(listing, "window_template_refused account=support count=1 reason=The template reply (en) is paused") == 1);
    world.offline = false;
    listing.webhook_says("message_template_status_update", {{"event", "APPROVED"}, {"reason", nullptr}});
    world.settle();
    CHECK(world.number_of(window_templates) == 1);
    CHECK(said(listing, "window_template_refused") == 1);
}

TEST_CASE("an acknowledgement's template is checked against the list, and its withholding is told")
{
    struct Case {
        std::string label;
        std::string status;
        std::string text;
        std::string because; ///< of the withholding; empty: it goes out
    };
    auto const c = GENERATE(values<Case>({
        {"approved", "APPROVED", "Received: {{1}}", ""},
        {"rejected", "REJECTED", "Received: {{1}}", "template_refused"},
        {"it wants more than the reference", "APPROVED", "Received: {{1}} {{2}}", "template_refused"},
    }));
    INFO(c.label);
    Listing listing;
    auto& world = listing.world;
    world.policy().acknowledgement_template = "reply";
    world.policy().acknowledgement_template_language = "en";
    listing.answers = {page(json::array({listed("reply", c.status, c.text)}))};
    listing.look();
    mara_writes(listing, 30h);
    world.pass(1min);
    auto const withheld = world.number_of("SELECT count(*) FROM event WHERE type = 'message.withheld' AND data LIKE "
                                          "'%\"template_refused\"%'");
    CHECK(withheld == (c.because.empty() ? 0 : 1));
    CHECK(world.number_of("SELECT count(*) FROM message WHERE purpose = 'acknowledgement' AND text LIKE 'Received: #%'") == (c.because.empty() ? 1 : 0));
}

TEST_CASE("an agent sends a template into a conversation whose window is closed")
{
    Listing listing;
    auto& world = listing.world;
    listing.answers = {page(json::array({listed("reply"), listed("sale", "PAUSED")}))};
    silence(listing);
    auto const send = [&](std::string const& name, TemplateValues values) {
        return world.perform("ana", desk::SendTemplate{"1", name, "en", std::move(values), ""});
    };
    CHECK_THROWS_WITH(send("reply", {{"1", "Mara"}}), Catch::Contains("deskbridge template sync support")); // nobody knows its words yet
    listing.look();
    CHECK_THROWS_WITH(send("reply", {}), Catch::Contains("The value for \"1\" is missing."));
    CHECK_THROWS_WITH(send("sale", {{"1", "Mara"}}), Catch::Contains("is paused by the provider"));
    CHECK_THROWS_WITH(send("other", {}), Catch::Contains("There is no template \"other\""));
    CHECK(world.number_of("SELECT count(*) FROM intent WHERE class = 'agent'") == 0);
    auto const sent = send("reply", {{"1", "Mara"}});
    CHECK(sent.message.text == "Hello Mara");
    CHECK(world.number_of("SELECT count(*) FROM intent WHERE class = 'agent' AND state = 'accepted'") == 1);
    auto const body = json::parse(world.transport.asked.back().body);
    CHECK(body.at("type") == "template");
    CHECK(body.at("template") == json::parse(R"({"name": "reply", "language": {"code": "en"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "Mara"}]}]})"));
}

namespace {

json marketing(std::string const& name)
{
    auto one = listed(name);
    one["category"] = "MARKETING";
    return one;
}

std::string preference(std::string const& value, Timestamp at)
{
    json const item{{"wa_id", mara.phone}, {"user_id", mara.user_id}, {"category", "marketing_messages"}, {"value", value},
                    {"detail", "x"}, {"timestamp", to_ms(at) / 1000}};
    return webhook({change("user_preferences", {phone_number_id}, {{"user_preferences", json::array({item})}})});
}

/// Sends are answered with this error from now on.
void refuse_sends(Listing& listing, int code)
{
    listing.world.transport.otherwise = [lists = listing.world.transport.otherwise, code](HttpRequest const& request) -> net::Answer {
        if (request.target.find("/messages?") == std::string::npos)
            return lists(request);
        return HttpResponse{400, {}, json{{"error", {{"code", code}, {"message", "Meta's own title"}}}}.dump()};
    };
}

std::string delivery_reason(Listing& listing)
{
    auto const detail = listing.world.perform("ana", desk::ShowTicket{"1"});
    auto const by_agent = [](store::TimelineItem const& item) { return item.message.actor.kind == ActorKind::agent; };
    auto const found = std::find_if(detail.timeline.rbegin(), detail.timeline.rend(), by_agent);
    REQUIRE(found != detail.timeline.rend());
    return found->delivery_reason;
}

} // namespace

TEST_CASE("who wants no marketing from this number gets none until they want it again; what is of use still goes")
{
    Listing listing;
    auto& world = listing.world;
    listing.answers = {page(json::array({listed("reply"), marketing("sale")}))};
    silence(listing);
    listing.look();
    auto const send = [&](std::string const& name) { return world.perform("ana", desk::SendTemplate{"1", name, "en", {{"1", "Mara"}}, ""}); };
    CHECK(world.deliver(preference("stop", world.now())).status == 200);
    CHECK(world.number_of("SELECT count(*) FROM event WHERE type = 'contact.marketing_changed'") == 1);
    CHECK_THROWS_WITH(send("sale"), Catch::Contains("does not want marketing messages from this number"));
    (void)send("reply");
    world.clock.advance(1s);
    CHECK(world.deliver(preference("resume", world.now())).status == 200);
    (void)send("sale");
    CHECK(world.number_of("SELECT count(*) FROM intent WHERE class = 'agent' AND state = 'accepted'") == 2);

    refuse_sends(listing, 131050); // the provider knows it, and tells it so
    (void)send("sale");
    CHECK(delivery_reason(listing) == "opted_out: The customer does not want marketing messages from this number.");
    CHECK_THROWS_WITH(send("sale"), Catch::Contains("does not want marketing messages from this number"));
}

TEST_CASE("a template that the provider refuses is unusable at once, agents read why, and its list is asked for")
{
    Listing listing;
    auto& world = listing.world;
    listing.answers = {page(json::array({listed("reply")}))};
    silence(listing);
    listing.look();
    auto const asked = listing.asked.size();
    refuse_sends(listing, 132015);
    (void)world.perform("ana", desk::SendTemplate{"1", "reply", "en", {{"1", "Mara"}}, ""});
    CHECK(delivery_reason(listing) == "template_unusable: WhatsApp has paused the template because of its quality.");
    CHECK(listing.names() == "reply:paused");
    CHECK_THROWS_WITH(world.perform("ana", desk::SendTemplate{"1", "reply", "en", {{"1", "Mara"}}, ""}), Catch::Contains("is paused by the provider"));
    listing.look();
    CHECK(listing.asked.size() == asked + 1);
    CHECK(listing.names() == "reply:approved"); // the list has the last word
}

TEST_CASE("a code goes to the phone number that a customer has shared, and to nobody whose number is hidden")
{
    Listing listing;
    auto& world = listing.world;
    auto code = listed("code", "APPROVED", "{{1}} is your code");
    code["category"] = "AUTHENTICATION";
    listing.answers = {page(json::array({code}))};
    listing.look();
    Customer const hidden{"mara", "Mara", "", "DE.1"};
    auto const says = [&](std::string const& id, std::string const& type, json const& content) {
        auto message = message_of(hidden, id, world.now());
        message["type"] = type;
        message[type] = content;
        CHECK(world.deliver(webhook({messages_change({phone_number_id}, hidden, json::array({message}))})).status == 200);
    };
    auto const send = [&] { return world.perform("ana", desk::SendTemplate{"1", "code", "en", {{"1", "4711"}}, ""}); };
    says("wamid.1", "text", {{"body", "I cannot sign in"}});
    CHECK_THROWS_WITH(send(), Catch::Contains("WhatsApp hides this customer's. Ask for it first"));
    CHECK(world.number_of("SELECT count(*) FROM intent WHERE class = 'agent'") == 0);

    json const own{{"name", {{"formatted_name", "Mara"}}}, {"phones", json::array({json{{"wa_id", mara.phone}}})}, {"origin", "contact_request"}};
    says("wamid.2", "contacts", json::array({own}));
    world.pass(1min);
    says("wamid.3", "text", {{"body", "that is it"}}); // the number is hidden again
    (void)send();
    auto const sent = json::parse(world.transport.asked.back().body);
    CHECK(sent.value("to", "") == "+" + mara.phone);
    CHECK_FALSE(sent.contains("recipient"));
    (void)world.perform("ana", desk::Reply{"1", "there it comes", {}, ""});
    CHECK(json::parse(world.transport.asked.back().body).value("recipient", "") == hidden.user_id);
}

TEST_CASE("a message that fails later tells agents why in our sentence")
{
    Listing listing;
    auto& world = listing.world;
    mara_writes(listing);
    (void)world.perform("ana", desk::Reply{"1", "it comes on Monday", {}, ""});
    auto const sent = world.store.read([](store::Reading& reading) {
        auto q = reading.prepare("SELECT external_id FROM attempt ORDER BY intent_id DESC LIMIT 1");
        REQUIRE(q.step());
        return q.text(0);
    });
    json const failed{{"statuses", json::array({status_of(sent, "failed", world.now(), 131026)})}};
    CHECK(world.deliver(webhook({change("messages", {phone_number_id}, failed)})).status == 200);
    CHECK_THAT(delivery_reason(listing), Catch::StartsWith("WhatsApp cannot deliver to this customer: no WhatsApp"));
}

TEST_CASE("complaints of customers hold back templates, and replies go on")
{
    Listing listing;
    auto& world = listing.world;
    listing.answers = {page(json::array({listed("reply")}))};
    silence(listing);
    listing.look();
    auto const before = world.transport.otherwise;
    refuse_sends(listing, 131048);
    (void)world.perform("ana", desk::SendTemplate{"1", "reply", "en", {{"1", "Mara"}}, ""});
    world.transport.otherwise = before;
    CHECK(said(listing, "account_rests account=support reason=complaints seconds=600 code=131048") == 1);

    Customer const ben{"ben", "Ben", "4915112345679", "DE.2"};
    auto message = message_of(ben, "wamid.B1", world.now());
    message["type"] = "text";
    message["text"] = {{"body", "what does it cost"}};
    CHECK(world.deliver(webhook({messages_change({phone_number_id}, ben, json::array({message}))})).status == 200);
    (void)world.perform("ana", desk::Reply{"2", "nothing", {}, ""});
    CHECK(world.number_of("SELECT count(*) FROM intent WHERE ticket_id = 2 AND class = 'agent' AND state = 'accepted'") == 1);
    (void)world.perform("ana", desk::SendTemplate{"2", "reply", "en", {{"1", "Ben"}}, ""});
    CHECK(world.number_of("SELECT count(*) FROM intent WHERE class = 'agent' AND state IN ('queued', 'retry_wait')") == 2);
    world.pass(9min);
    CHECK(world.number_of("SELECT count(*) FROM intent WHERE class = 'agent' AND state IN ('queued', 'retry_wait')") == 2);
    world.pass(40min);
    CHECK(world.number_of("SELECT count(*) FROM intent WHERE class = 'agent' AND state IN ('queued', 'retry_wait')") == 0);
}
