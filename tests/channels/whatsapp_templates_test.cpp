#include "deskbridge/channel/json.hpp"
#include "deskbridge/channel/registry.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace std::chrono_literals;
using channel::Json;

namespace {

channel::Adapter const& whatsapp()
{
    return *channel::find_adapter("whatsapp");
}

channel::Account account()
{
    channel::Account one;
    one.settings = {{"phone_number_id", "700"}, {"waba_id", "880"}, {"api_base", "https://graph.test/v25.0"}};
    one.secrets = {{"access_token", {"new-token", "old-token"}}};
    return one;
}

HttpResponse answer(int status, Json const& body)
{
    return {status, {{"Content-Type", "application/json"}}, body.dump()};
}

MessageTemplate made_of(Json const& components, bool named = false, std::string category = "utility")
{
    MessageTemplate one;
    one.name = "one";
    one.language = "de";
    one.status = "approved";
    one.category = std::move(category);
    one.named = named;
    one.components = components.dump();
    return one;
}

Json body(std::string const& text)
{
    return {{"type", "BODY"}, {"text", text}};
}

Json header(std::string const& format)
{
    return {{"type", "HEADER"}, {"format", format}};
}

Json buttons(Json const& list)
{
    return {{"type", "BUTTONS"}, {"buttons", list}};
}

Address const phone{"wa_id", "4915112345678"};

/// The components that are sent, or "! " and what is wrong.
std::string filled(MessageTemplate const& one, TemplateValues const& values)
{
    auto const content = whatsapp().fill_template(one, values, {phone}, nullptr);
    return content ? content->template_call->components : "! " + content.error().detail;
}

std::string shown(MessageTemplate const& one, TemplateValues const& values)
{
    auto const content = whatsapp().fill_template(one, values, {phone}, nullptr);
    return content ? content->text : std::string{};
}

} // namespace

TEST_CASE("whatsapp templates: a list is asked for page by page, with the other token when one is refused")
{
    auto const first = whatsapp().ask_templates(account(), "");
    REQUIRE(first.has_value());
    CHECK(first->method == "GET");
    CHECK(first->target == "https://graph.test/v25.0/880/message_templates?fields=id%2Cname%2Clanguage%2Cstatus%2Ccategory%2Cquality_score%2C"
                           "rejected_reason%2Cparameter_format%2Ccomponents&limit=100");
    CHECK(first->headers.find("Authorization") == "Bearer new-token");

    auto const refused = whatsapp().read_templates(account(), "", answer(401, {{"error", {{"code", 190}, {"message", "expired"}}}}));
    CHECK(refused.problem.empty());
    auto const again = whatsapp().ask_templates(account(), refused.next);
    REQUIRE(again.has_value());
    CHECK(again->headers.find("Authorization") == "Bearer old-token");

    Json const item{{"id", "17"},         {"name", "reply"},   {"language", "en_US"}, {"status", "REJECTED"},     {"category", "MARKETING"},
                    {"quality_score", {{"score", "YELLOW"}}}, {"rejected_reason", "SCAM"}, {"parameter_format", "NAMED"},
                    {"components", Json::array({body("Hi {{who}}")})}};
    Json const nameless{{"id", "18"}, {"status", "APPROVED"}};
    Json const paging{{"cursors", {{"before", "a"}, {"after", "QVF="}}}, {"next", "https://graph.test/next"}};
    auto const page = whatsapp().read_templates(account(), refused.next,
                                                answer(200, {{"data", Json::array({item, nameless})}, {"paging", paging}}));
    REQUIRE(page.templates.size() == 1);
    auto const& one = page.templates.front();
    CHECK(one.external_id == "17");
    CHECK(one.status == "rejected");
    CHECK(one.category == "marketing");
    CHECK(one.quality == "yellow");
    CHECK(one.reason == "SCAM");
    CHECK(one.named);
    auto const next = whatsapp().ask_templates(account(), page.next);
    REQUIRE(next.has_value());
    CHECK(next->target.ends_with("&after=QVF%3D"));
    CHECK(next->headers.find("Authorization") == "Bearer old-token");
}

TEST_CASE("whatsapp templates: where a list ends, and what is none")
{
    struct Case {
        std::string label;
        HttpResponse answer;
        std::string next;
        std::string problem;
        std::chrono::seconds wait{0};
    };
    Json const item{{"id", "17"}, {"name", "a"}, {"language", "de"}, {"status", "APPROVED"}};
    auto const with = [&](Json const& paging) { return answer(200, {{"data", Json::array({item})}, {"paging", paging}}); };
    auto const c = GENERATE_COPY(values<Case>({
        {"no paging", answer(200, {{"data", Json::array({item})}}), "", ""},
        {"a cursor without more", with({{"cursors", {{"after", "B"}}}}), "", ""},
        {"more", with({{"cursors", {{"after", "B"}}}, {"next", "https://x"}}), "1:B", ""},
        {"the same cursor again", with({{"cursors", {{"after", "A"}}}, {"next", "https://x"}}), "", "WhatsApp's list goes on, and does not say where"},
        {"more, and no cursor", with({{"next", "https://x"}}), "", "WhatsApp's list goes on, and does not say where"},
        {"a template without a status", answer(200, {{"data", Json::array({{{"id", "17"}, {"name", "a"}, {"language", "de"}}})}}), "",
         "WhatsApp's list holds a template without a language or a status"},
        {"more, and nothing here", answer(200, {{"data", Json::array()},
                                                {"paging", {{"cursors", {{"after", "B"}}}, {"next", "https://x"}}}}), "1:B", ""},
        {"no list", answer(200, {{"ok", true}}), "", "WhatsApp's answer is no list of templates"},
        {"both tokens refused", answer(401, {{"error", {{"code", 190}, {"message", "expired"}}}}), "",
         "WhatsApp refused the list of templates: expired (error 190)"},
        {"asked too often", answer(400, {{"error", {{"code", 80007}, {"message", "slow down"}}}}), "",
         "WhatsApp refused the list of templates: slow down (error 80007)"},
        {"a proxy's page", HttpResponse{502, {}, "<html>"}, "", "WhatsApp answered 502 instead of the list of templates"},
    }));
    INFO(c.label);
    auto const page = whatsapp().read_templates(account(), "1:A", c.answer);
    CHECK(page.next == c.next);
    CHECK(page.problem == c.problem);
}

TEST_CASE("whatsapp templates: an account that names no WABA says so")
{
    auto one = account();
    one.settings.erase("waba_id");
    auto const asked = whatsapp().ask_templates(one, "");
    REQUIRE(asked.has_error());
    CHECK_THAT(asked.error().detail, Catch::Contains("waba_id"));
}

TEST_CASE("whatsapp templates: values in their places, as Meta wants them")
{
    struct Case {
        std::string label;
        MessageTemplate one;
        TemplateValues values;
        std::string sent;
    };
    auto const url = Json{{"type", "URL"}, {"text", "Open"}, {"url", "https://x.example/{{1}}"}};
    auto const fixed = Json{{"type", "URL"}, {"text", "Shop"}, {"url", "https://x.example/"}};
    auto const call = Json{{"type", "PHONE_NUMBER"}, {"text", "Call"}, {"phone_number", "+49301234567"}};
    auto const quick = Json{{"type", "QUICK_REPLY"}, {"text", "Reopen"}};
    auto const copy = Json{{"type", "COPY_CODE"}, {"text", "Copy"}};
    auto const otp = Json{{"type", "OTP"}, {"otp_type", "COPY_CODE"}, {"text", "Copy code"}};
    auto const c = GENERATE_COPY(values<Case>({
        {"nothing to fill", made_of(Json::array({body("Hello"), buttons(Json::array({fixed, call}))})), {}, ""},
        {"by number, in whatever order they come", made_of(Json::array({body("{{1}} and {{2}}")})), {{"2", "b"}, {"1", "a"}},
         R"([{"parameters":[{"text":"a","type":"text"},{"text":"b","type":"text"}],"type":"body"}])"},
        {"numbers that stand the other way round in the words", made_of(Json::array({body("Your {{2}}, dear {{1}}")})), {{"1", "a"}, {"2", "b"}},
         R"([{"parameters":[{"text":"a","type":"text"},{"text":"b","type":"text"}],"type":"body"}])"},
        {"by name", made_of(Json::array({body("No. {{ticket_no}}")}), true), {{"ticket_no", "204"}},
         R"([{"parameters":[{"parameter_name":"ticket_no","text":"204","type":"text"}],"type":"body"}])"},
        {"a header's words", made_of(Json::array({Json{{"type", "HEADER"}, {"format", "TEXT"}, {"text", "Hi {{1}}"}}, body("x")})),
         {{"header", "Mara"}},
         R"([{"parameters":[{"text":"Mara","type":"text"}],"type":"header"}])"},
        {"a document with its name", made_of(Json::array({header("DOCUMENT"), body("x")})),
         {{"header", "https://x.example/r.pdf"}, {"header.filename", "r.pdf"}},
         R"([{"parameters":[{"document":{"filename":"r.pdf","link":"https://x.example/r.pdf"},"type":"document"}],"type":"header"}])"},
        {"a picture", made_of(Json::array({header("IMAGE"), body("x")})), {{"header", "https://x.example/p.jpg"}},
         R"([{"parameters":[{"image":{"link":"https://x.example/p.jpg"},"type":"image"}],"type":"header"}])"},
        {"a place", made_of(Json::array({header("LOCATION"), body("x")})),
         {{"header.latitude", "52.5"}, {"header.longitude", "13.4"}, {"header.name", "Shop"}},
         R"([{"parameters":[{"location":{"latitude":52.5,"longitude":13.4,"name":"Shop"},"type":"location"}],"type":"header"}])"},
        {"the end of a link behind a fixed one", made_of(Json::array({body("x"), buttons(Json::array({fixed, url}))})),
         {{"button.2", "204"}},
         R"([{"index":"1","parameters":[{"text":"204","type":"text"}],"sub_type":"url","type":"button"}])"},
        {"a quick reply's payload", made_of(Json::array({body("x"), buttons(Json::array({quick}))})), {{"button.1", "reopen:204"}},
         R"([{"index":"0","parameters":[{"payload":"reopen:204","type":"payload"}],"sub_type":"quick_reply","type":"button"}])"},
        {"a quick reply without one", made_of(Json::array({body("x"), buttons(Json::array({quick}))})), {}, ""},
        {"a code to copy", made_of(Json::array({body("x"), buttons(Json::array({copy}))})), {{"button.1", "SAVE10"}},
         R"([{"index":"0","parameters":[{"coupon_code":"SAVE10","type":"coupon_code"}],"sub_type":"copy_code","type":"button"}])"},
        {"an offer that ends", made_of(Json::array({Json{{"type", "LIMITED_TIME_OFFER"},
                                                         {"limited_time_offer", {{"text", "Sale"}, {"has_expiration", true}}}},
                                                             body("x")})),
         {{"offer.ends", "2026-12-24T18:00:00Z"}},
         R"([{"parameters":[{"limited_time_offer":{"expiration_time_ms":1798135200000},"type":"limited_time_offer"}],"type":"limited_time_offer"}])"},
        {"a code in words and button", made_of(Json::array({body("{{1}} is your code"), buttons(Json::array({otp}))}), false,
                                               "authentication"), {{"1", "4711"}},
         R"([{"parameters":[{"text":"4711","type":"text"}],"type":"body"},)"
         R"({"index":"0","parameters":[{"text":"4711","type":"text"}],"sub_type":"url","type":"button"}])"},
        {"a flow", made_of(Json::array({body("x"), buttons(Json::array({Json{{"type", "FLOW"}, {"text", "Start"}}}))})), {},
         R"([{"index":"0","parameters":[{"action":{"flow_token":"unused"},"type":"action"}],"sub_type":"flow","type":"button"}])"},
    }));
    INFO(c.label);
    CHECK(filled(c.one, c.values) == c.sent);
}

TEST_CASE("whatsapp templates: every mistake is a sentence, before anything is sent")
{
    auto const plain = made_of(Json::array({body("{{1}} and {{2}}")}));
    auto const names = made_of(Json::array({body("{{no}}")}), true);
    auto const file = made_of(Json::array({header("IMAGE"), body("x")}));
    struct Case {
        std::string label;
        MessageTemplate one;
        TemplateValues values;
        std::string says;
    };
    auto const c = GENERATE_COPY(values<Case>({
        {"missing", plain, {{"1", "a"}}, "The value for \"2\" is missing."},
        {"all missing, all said", plain, {}, "The value for \"1\" is missing. The value for \"2\" is missing."},
        {"surplus", plain, {{"1", "a"}, {"2", "b"}, {"3", "c"}}, "The template has no place for \"3\"; it has: 1, 2."},
        {"surplus where nothing is wanted", made_of(Json::array({body("x")})), {{"1", "a"}},
         "The template has no place for \"1\": it takes no values."},
        {"a number where a name is wanted", names, {{"1", "a"}}, "The value for \"no\" is missing. The template has no place for \"1\"; "
                                                                 "it has: no."},
        {"twice", names, {{"no", "a"}, {"no", "b"}}, "The value for \"no\" is given twice."},
        {"empty", names, {{"no", " "}}, "The value for \"no\" is empty, and WhatsApp takes no empty ones."},
        {"a line break", names, {{"no", "a\nb"}}, "The value for \"no\" has a line break or a tab, which WhatsApp does not take: write it "
                                                  "in one line."},
        {"a tab", names, {{"no", "a\tb"}}, "The value for \"no\" has a line break or a tab, which WhatsApp does not take: write it in one "
                                           "line."},
        {"five spaces", names, {{"no", "a     b"}},
         "The value for \"no\" has more than four spaces in a row, which WhatsApp does not take."},
        {"too long", names, {{"no", std::string(1025, 'x')}}, "With these values the text has 1025 characters; WhatsApp takes 1024."},
        {"no link", file, {{"header", "photo.jpg"}}, "The header is a file (image): \"header\" must be a link that begins with https://."},
        {"a link that is not safe", file, {{"header", "http://x.example/p.jpg"}},
         "The header is a file (image): \"header\" must be a link that begins with https://."},
        {"no moment", made_of(Json::array({Json{{"type", "LIMITED_TIME_OFFER"},
                                                {"limited_time_offer", {{"text", "Sale"}, {"has_expiration", true}}}}})),
         {{"offer.ends", "tomorrow"}}, "\"offer.ends\" must be a moment such as 2026-12-24T18:00:00Z."},
        {"no number", made_of(Json::array({header("LOCATION")})), {{"header.latitude", "95"}, {"header.longitude", "x"}},
         "The value for \"header.latitude\" must be a number from -90 to 90. The value for \"header.longitude\" must be a number from "
         "-180 to 180."},
        {"a long code", made_of(Json::array({body("x"), buttons(Json::array({Json{{"type", "COPY_CODE"}, {"text", "Copy"}}}))})),
         {{"button.1", "1234567890123456"}}, "With these values the button.1 has 16 characters; WhatsApp takes 15."},
        {"cards", made_of(Json::array({body("x"), Json{{"type", "CAROUSEL"}}})), {},
         "Templates with cards to swipe through cannot be sent from here."},
    }));
    INFO(c.label);
    CHECK(filled(c.one, c.values) == "! " + c.says);
}

TEST_CASE("whatsapp templates: a code goes to phones alone")
{
    auto const one = made_of(Json::array({body("{{1}} is your code")}), false, "authentication");
    auto const plain = made_of(Json::array({body("{{1}}")}));
    Address const hidden{"bsuid", "DE.88"};
    struct Case {
        std::string label;
        MessageTemplate one;
        std::vector<Address> known;
        std::string to_kind; ///< or "! " and how the refusal begins
    };
    auto const c = GENERATE_COPY(values<Case>({
        {"answered at a phone", one, {phone}, "wa_id"},
        {"answered at an id, the phone is known", one, {hidden, phone}, "wa_id"},
        {"no phone is known", one, {hidden}, "! Templates with a code go to a phone number alone, and WhatsApp hides this customer's. Ask for it first"},
        {"a group", one, {}, "! Templates with a code go to one customer's phone number alone."},
        {"without a code", plain, {hidden, phone}, ""},
    }));
    INFO(c.label);
    auto const content = whatsapp().fill_template(c.one, {{"1", "4711"}}, c.known, nullptr);
    if (c.to_kind.starts_with("! "))
        CHECK_THAT("! " + content.error().detail, Catch::StartsWith(c.to_kind));
    else
        CHECK(content->to_kind == c.to_kind);
}

TEST_CASE("whatsapp templates: the timeline has the words that the customer sees; four spaces and a value with braces are no mistake")
{
    CHECK(shown(made_of(Json::array({body("{{1}}, {{2}}")})), {{"1", "a    b"}, {"2", "{{1}}"}}) == "a    b, {{1}}");
    auto const one = made_of(Json::array({Json{{"type", "HEADER"}, {"format", "TEXT"}, {"text", "Ticket {{1}}"}},
                                          body("Hello {{1}}, it is {{2}}."),
                                          Json{{"type", "FOOTER"}, {"text", "The shop"}},
                                          buttons(Json::array({Json{{"type", "QUICK_REPLY"}, {"text", "Reopen"}}}))}));
    CHECK(shown(one, {{"header", "204"}, {"1", "Mara"}, {"2", "solved"}}) == "Ticket 204\nHello Mara, it is solved.\nThe shop\n[Reopen]");
}

TEST_CASE("whatsapp templates: what a template wants to be told")
{
    auto const one = made_of(Json::array({header("DOCUMENT"), body("{{name}} {{state}}"),
                                          buttons(Json::array({Json{{"type", "QUICK_REPLY"}, {"text", "Yes"}}}))}), true);
    std::string all;
    for (auto const& place : whatsapp().template_places(one))
        all += place.key + (place.required ? "" : "?") + (place.body ? "*" : "") + " ";
    CHECK(all == "header header.filename? name* state* button.1? ");
}
