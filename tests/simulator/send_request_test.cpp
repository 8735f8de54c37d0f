#include "send_request.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace deskbridge::simulator;

namespace {

std::string repeated(std::string const& piece, std::size_t times)
{
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += piece;
    return out;
}

Json text_send(std::string const& body)
{
    return Json{{"messaging_product", "whatsapp"}, {"to", "+4917604069001"}, {"type", "text"}, {"text", {{"body", body}}}};
}

Json with(Json doc, char const* pointer, Json const& value)
{
    doc[Json::json_pointer{pointer}] = value;
    return doc;
}

Json without(Json doc, char const* key)
{
    doc.erase(key);
    return doc;
}

Json interactive(Json const& content)
{
    return Json{{"messaging_product", "whatsapp"}, {"to", "4917604069001"}, {"type", "interactive"}, {"interactive", content}};
}

Json button(std::string const& id, std::string const& title)
{
    return Json{{"type", "reply"}, {"reply", {{"id", id}, {"title", title}}}};
}

Json buttons(Json const& list)
{
    return interactive(Json{{"type", "button"}, {"body", {{"text", "Choose"}}}, {"action", {{"buttons", list}}}});
}

Json rows(std::size_t count)
{
    auto out = Json::array();
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(Json{{"id", "r" + std::to_string(i)}, {"title", "Row"}});
    return out;
}

Json list_of(Json const& sections)
{
    return interactive(Json{{"type", "list"}, {"body", {{"text", "Choose"}}}, {"action", {{"button", "Rows"}, {"sections", sections}}}});
}

Json section(Json const& row_list, std::string const& title = "")
{
    Json out{{"rows", row_list}};
    if (!title.empty())
        out["title"] = title;
    return out;
}

/// 0 if the form is right, else the error's code.
int code_in(std::string const& body)
{
    auto const reading = read_send(body);
    auto const* error = std::get_if<GraphError>(&reading);
    return error ? error->code : 0;
}

} // namespace

TEST_CASE("a send is refused for what is wrong with its form, and only for that")
{
    struct Case {
        std::string label;
        Json body;
        int code;
    };
    auto const text = text_send("Hello");
    auto const in_group = with(with(text, "/recipient_type", "group"), "/to", "Y2FwaV9ncm91cDox");
    auto const two = Json::array({button("a", "Yes"), button("b", "No")});
    auto const many = Json::array({button("a", "1"), button("b", "2"), button("c", "3"), button("d", "4")});
    auto const contact = [](Json const& name) {
        return Json{{"messaging_product", "whatsapp"}, {"to", "4917604069001"}, {"type", "contacts"}, {"contacts", Json::array({Json{{"name", name}}})}};
    };
    auto const image = [](Json const& content) {
        return Json{{"messaging_product", "whatsapp"}, {"to", "4917604069001"}, {"type", "image"}, {"image", content}};
    };
    auto const c = GENERATE_COPY(values<Case>({
        {"a text", text, 0},
        {"type is text by default", without(text, "type"), 0},
        {"no messaging_product", without(text, "messaging_product"), 100},
        {"another product", with(text, "/messaging_product", "sms"), 100},
        {"no recipient", without(text, "to"), 100},
        {"an empty recipient", with(text, "/to", ""), 100},
        {"a recipient that is no number", with(text, "/to", "Mara"), 131009},
        {"a number with spaces and brackets", with(text, "/to", "+49 (176) 0406-9001"), 0},
        {"a number that is too short", with(text, "/to", "+49"), 131009},
        {"a group", in_group, 0},
        {"a group without its id", without(in_group, "to"), 100},
        {"a group's id that is none", with(in_group, "/to", "our group"), 131009},
        {"an image's type in a group, and no image", with(in_group, "/type", "image"), 100},
        {"a place in a group", with(in_group, "/type", "location"), 131051},
        {"a kind of recipient that there is not", with(text, "/recipient_type", "channel"), 100},
        {"an unknown type", with(text, "/type", "poem"), 100},
        {"no object of its type", with(text, "/type", "image"), 100},
        {"an object of the wrong kind", with(text, "/text", "Hello"), 131009},
        {"no body", with(text, "/text", Json::object()), 131008},
        {"an empty body", text_send(""), 131008},
        {"a body of the wrong type", with(text, "/text/body", 7), 131009},
        {"4096 characters", text_send(repeated("x", 4096)), 0},
        {"4097 characters", text_send(repeated("x", 4097)), 100},
        {"4096 accents are 8192 bytes", text_send(repeated("é", 4096)), 0},
        {"2048 emoji are 4096 units", text_send(repeated("👋", 2048)), 0},
        {"2049 emoji are too many units", text_send(repeated("👋", 2049)), 100},
        {"callback data at its limit", with(text, "/biz_opaque_callback_data", repeated("x", 512)), 0},
        {"callback data over its limit", with(text, "/biz_opaque_callback_data", repeated("x", 513)), 100},
        {"an image by id", image({{"id", "1"}}), 0},
        {"an image by link", image({{"link", "https://example.org/a.png"}}), 0},
        {"an image by a link that is not on https", image({{"link", "http://example.org/a.png"}}), 131009},
        {"a contact", contact({{"formatted_name", "Jo Weiß"}, {"first_name", "Jo"}}), 0},
        {"a contact by a surname", contact({{"formatted_name", "Weiß"}, {"last_name", "Weiß"}}), 0},
        {"a contact without the whole name", contact({{"first_name", "Jo"}}), 131008},
        {"a contact without another part of the name", contact({{"formatted_name", "Jo Weiß"}}), 131009},
        {"a contact with an empty one", contact({{"formatted_name", "Jo Weiß"}, {"first_name", ""}}), 131009},
        {"an image by neither", image(Json::object()), 131009},
        {"an image by both", image({{"id", "1"}, {"link", "https://example.org/a.png"}}), 131009},
        {"a caption over its limit", image({{"id", "1"}, {"caption", repeated("x", 1025)}}), 100},
        {"two buttons", buttons(two), 0},
        {"four buttons", buttons(many), 131009},
        {"no buttons", buttons(Json::array()), 131009},
        {"buttons with one id", buttons(Json::array({button("a", "Yes"), button("a", "No")})), 131009},
        {"buttons with one title", buttons(Json::array({button("a", "Yes"), button("b", "Yes")})), 131009},
        {"a title of 20", buttons(Json::array({button("a", repeated("x", 20))})), 0},
        {"a title of 21", buttons(Json::array({button("a", repeated("x", 21))})), 100},
        {"an id of 256", buttons(Json::array({button(repeated("x", 256), "Yes")})), 0},
        {"an id of 257", buttons(Json::array({button(repeated("x", 257), "Yes")})), 100},
        {"a button body of 1025", with(buttons(two), "/interactive/body/text", repeated("x", 1025)), 100},
        {"a footer of 61", with(buttons(two), "/interactive/footer", {{"text", repeated("x", 61)}}), 100},
        {"a list", list_of(Json::array({section(rows(10))})), 0},
        {"eleven rows", list_of(Json::array({section(rows(11))})), 131009},
        {"two sections without titles", list_of(Json::array({section(rows(1)), section(rows(1))})), 131008},
        {"two sections with one row id", list_of(Json::array({section(rows(1), "A"), section(rows(1), "B")})), 131009},
        {"no rows", list_of(Json::array({section(Json::array())})), 131009},
        {"a row description of 73", with(list_of(Json::array({section(rows(1))})), "/interactive/action/sections/0/rows/0/description", repeated("x", 73)), 100},
        {"a list button of 21", with(list_of(Json::array({section(rows(1))})), "/interactive/action/button", repeated("x", 21)), 100},
        {"an image header on a list", with(list_of(Json::array({section(rows(1))})), "/interactive/header", {{"type", "image"}}), 131009},
        {"interactive without a body", interactive({{"type", "button"}, {"action", {{"buttons", two}}}}), 131008},
        {"interactive without an action", interactive({{"type", "button"}, {"body", {{"text", "x"}}}}), 131008},
    }));
    INFO(c.label);
    CHECK(code_in(c.body.dump()) == c.code);
}

TEST_CASE("what is not a JSON object is refused, not thrown at")
{
    auto const body = GENERATE(as<std::string>{}, "", "{", "[]", "null", "7", "\"to\"", std::string(100, '['));
    INFO(body);
    CHECK(code_in(body) == 100);
}

TEST_CASE("the recipient is read in each of its forms")
{
    struct Case {
        std::string label;
        Json address;
        Recipient::Form form;
        std::string value;
    };
    auto const c = GENERATE(values<Case>({
        {"a phone", {{"to", "+49 176 04069001"}}, Recipient::Form::phone, "4917604069001"},
        {"a user id", {{"recipient", "DE.8842019375501127"}}, Recipient::Form::user_id, "DE.8842019375501127"},
        {"both: the phone wins", {{"to", "4917604069001"}, {"recipient", "DE.88"}}, Recipient::Form::phone, "4917604069001"},
        {"a user id in the phone's place", {{"to", "DE.8842019375501127"}}, Recipient::Form::user_id_as_phone, "DE.8842019375501127"},
    }));
    INFO(c.label);
    Json doc{{"messaging_product", "whatsapp"}, {"type", "text"}, {"text", {{"body", "Hello"}}}};
    doc.update(c.address);
    auto const reading = read_send(doc.dump());
    auto const* send = std::get_if<SendRequest>(&reading);
    REQUIRE(send);
    CHECK(send->recipient.form == c.form);
    CHECK(send->recipient.value == c.value);
}

TEST_CASE("a read mark is not a message")
{
    auto const mark = read_send(R"({"messaging_product":"whatsapp","status":"read","message_id":"wamid.A","typing_indicator":{"type":"text"}})");
    auto const* read = std::get_if<MarkRead>(&mark);
    REQUIRE(read);
    CHECK(read->message_id == "wamid.A");
    CHECK(read->typing);
    CHECK(code_in(R"({"messaging_product":"whatsapp","status":"delivered","message_id":"wamid.A"})") == 100);
    CHECK(code_in(R"({"messaging_product":"whatsapp","status":"read"})") == 100);
}
