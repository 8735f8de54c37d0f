#include "simulator_world.hpp"
#include "templates.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::simulator;

namespace {

Json call(std::string const& name, std::string const& language, Json const& components)
{
    return Json{{"name", name}, {"language", {{"code", language}}}, {"components", components}};
}

Json part(std::string const& type, Json const& parameters)
{
    return Json{{"type", type}, {"parameters", parameters}};
}

Json text(std::string const& value)
{
    return Json{{"type", "text"}, {"text", value}};
}

Json named(std::string const& name, std::string const& value)
{
    return Json{{"type", "text"}, {"parameter_name", name}, {"text", value}};
}

Json greeting(Json const& parameters)
{
    return call("reply_waiting", "en", Json::array({part("body", parameters)}));
}

Json ticket(Json const& parameters)
{
    return call("ticket_update", "de", Json::array({part("body", parameters)}));
}

Json invoice(Json const& header, Json const& button)
{
    auto components = Json::array({part("header", Json::array({header})), part("body", Json::array({text("Mara")}))});
    if (!button.is_null())
        components.push_back(button);
    return call("invoice", "en", components);
}

Json const file{{"type", "document"}, {"document", {{"link", "https://x.example/r.pdf"}}}};
Json const pay{{"type", "button"}, {"sub_type", "url"}, {"index", "0"},
               {"parameters", Json::array({Json{{"type", "text"}, {"text", "204"}}})}};

int code_of(TemplateBook const& book, Json const& content, bool to_user_id = false)
{
    auto const error = check_template_use(book.named_by(content), content, to_user_id);
    return error ? error->code : 0;
}

} // namespace

TEST_CASE("a template message is checked against the template")
{
    struct Case {
        std::string label;
        Json content;
        int code;
    };
    Json const mara = text("Mara");
    Json const number = named("ticket_no", "204");
    Json const state = named("state", "gelöst");
    auto const c = GENERATE_COPY(values<Case>({
        {"by position", greeting(Json::array({mara})), 0},
        {"by name, in any order", ticket(Json::array({state, number})), 0},
        {"unknown name", call("nothing", "en", Json::array()), 132001},
        {"unknown language", call("reply_waiting", "fr", Json::array()), 132001},
        {"paused", call("paused_offer", "en", Json::array()), 132015},
        {"too few parameters", greeting(Json::array()), 132000},
        {"too many parameters", greeting(Json::array({mara, mara})), 132000},
        {"a name where a position is meant", greeting(Json::array({number})), 132012},
        {"a position where a name is meant", ticket(Json::array({mara, mara})), 132012},
        {"an empty value", greeting(Json::array({text("")})), 132012},
        {"a file where a text is meant", greeting(Json::array({file})), 132012},
        {"a line break inside", greeting(Json::array({text("a\nb")})), 132018},
        {"a tab inside", greeting(Json::array({text("a\tb")})), 132018},
        {"four spaces", greeting(Json::array({text("a    b")})), 0},
        {"five spaces", greeting(Json::array({text("a     b")})), 132018},
        {"too long when filled", greeting(Json::array({text(std::string(1000, 'x'))})), 132005},
        {"a header that it has not", call("answer_ready", "en", Json::array({part("header", Json::array({text("x")}))})), 132000},
        {"file, name and link", invoice(file, pay), 0},
        {"a picture instead of a document", invoice(Json{{"type", "image"}, {"image", {{"link", "https://x.example/r.png"}}}}, pay),
         132012},
        {"a file that is not on https", invoice(Json{{"type", "document"}, {"document", {{"link", "http://x.example/r.pdf"}}}}, pay),
         132012},
        {"the end of the link is missing", invoice(file, nullptr), 131008},
        {"a button of another kind", invoice(file, Json{{"type", "button"}, {"sub_type", "quick_reply"}, {"index", "0"},
                                                        {"parameters", Json::array({text("x")})}}),
         132012},
    }));
    INFO(c.label);
    TemplateBook const book;
    CHECK(code_of(book, c.content) == c.code);
}

TEST_CASE("a template that may not be sent is refused by its status")
{
    TemplateBook book;
    auto const set = [&](char const* key, Json const& value) {
        REQUIRE(book.change(Json{{"name", "answer_ready"}, {"language", "en"}, {key, value}}).has_value());
        return code_of(book, call("answer_ready", "en", Json::array()));
    };
    CHECK(set("status", "REJECTED") == 132001);
    CHECK(set("status", "PENDING") == 132001);
    CHECK(set("status", "PAUSED") == 132015);
    CHECK(set("status", "DISABLED") == 132016);
    CHECK(set("status", "APPROVED") == 0);
    CHECK(set("violates_policy", true) == 132007);
    CHECK(set("violates_policy", false) == 0);
    CHECK(set("category", "AUTHENTICATION") == 0);
    CHECK(code_of(book, call("answer_ready", "en", Json::array()), true) == 131062);
}

TEST_CASE("a change is told by its own webhook, and nothing is told of none")
{
    TemplateBook book;
    auto const news = [&](Json order) {
        order.update(Json{{"name", "ticket_update"}, {"language", "de"}});
        std::string fields;
        auto const told = book.change(order);
        REQUIRE(told.has_value());
        for (auto const& one : *told)
            fields += (fields.empty() ? "" : " ") + one.field;
        return fields;
    };
    CHECK(news({{"status", "APPROVED"}}).empty());
    CHECK(news({{"status", "PAUSED"}}) == "message_template_status_update");
    CHECK(news({{"quality", "RED"}, {"category", "MARKETING"}}) == "template_category_update message_template_quality_update");
    CHECK(news({{"components", Json::array({Json{{"type", "BODY"}, {"text", "Neu {{state}}"}}})}}) == "message_template_components_update");
    CHECK(news({{"status", "APPROVED"}, {"silent", true}}).empty());
    CHECK_FALSE(book.change(Json{{"name", "x"}}).has_value());
}

TEST_CASE("what is sent with a template whose quality is being assessed is kept back until that ends")
{
    test::SimulatorWorld world;
    world.start();
    auto const customer = world.customer();
    Json const send{{"messaging_product", "whatsapp"}, {"to", customer.at("phone")}, {"type", "template"},
                    {"template", {{"name", "hello"}, {"language", {{"code", "en"}}}}}};
    Json const hello{{"name", "hello"}, {"language", "en"}, {"status", "APPROVED"}, {"components", Json::array({Json{{"type", "BODY"}, {"text", "Hello"}}})}};
    auto const with_held = [&](bool held) {
        auto order = hello;
        order["held"] = held;
        world.control("POST", "/sim/templates", order);
    };
    auto const sends = [&] { return world.graph("POST", world.options.phone_number_id + "/messages", send.dump()); };
    with_held(true);
    auto const kept = sends();
    CHECK(Json::parse(kept.body).at("messages").at(0).at("message_status") == "held_for_quality_assessment");
    auto const id = test::id_of(kept);
    with_held(true); // a change of anything else lets nothing go
    world.control("POST", "/sim/templates", hello);
    CHECK(world.statuses_of(id).empty());
    world.restart();
    world.says(customer, "Hello?");
    auto const meanwhile = test::id_of(world.send_text(customer.at("phone").get<std::string>(), "Yes?"));
    CHECK(world.until([&] { return world.statuses_of(meanwhile) == "sent delivered"; }));
    CHECK(world.statuses_of(id).empty());
    with_held(false);
    CHECK(world.until([&] { return world.statuses_of(id) == "sent delivered"; }));
    auto const at_once = sends();
    CHECK_FALSE(Json::parse(at_once.body).at("messages").at(0).contains("message_status"));
    CHECK(world.until([&] { return world.statuses_of(test::id_of(at_once)) == "sent delivered"; }));
}

TEST_CASE("a business writes first to as many people within a day as its limit says, over a restart too")
{
    test::SimulatorWorld world;
    world.options.messages_per_second = 1000;
    world.start();
    world.control("POST", "/sim/account", Json{{"limit", "TIER_50"}});
    Json const content{{"name", "answer_ready"}, {"language", {{"code", "en"}}}};
    auto const refusal = [&](Json const& to) { return test::code_of(world.send(Json{{"to", to.at("phone")}, {"type", "template"}, {"template", content}})); };
    auto const first = world.customer();
    CHECK(refusal(first) == 0);
    for (int n = 1; n < 50; ++n)
        REQUIRE(refusal(world.customer()) == 0);
    auto const asks = world.customer();
    world.says(asks, "Hello");
    CHECK(refusal(asks) == 0); // who has written does not count
    auto const last = world.customer();
    CHECK(refusal(last) == 131048);
    world.restart();
    world.control("POST", "/sim/account", Json{{"limit", "TIER_50"}});
    CHECK(refusal(last) == 131048);
    CHECK(refusal(first) == 0);
    world.control("POST", "/sim/clock", Json{{"advance_s", 24 * 3600}});
    CHECK(refusal(last) == 0);
}

TEST_CASE("the list comes page by page, each template once, with the fields that were asked for")
{
    TemplateBook const book;
    std::vector<std::string> names;
    TemplateBook::Question question{.limit = 3, .fields = "name,status", .here = "http://127.0.0.1:1/v25.0/1/message_templates?limit=3"};
    for (int pages = 0; pages < 10; ++pages) {
        auto const page = book.list(question);
        REQUIRE(page.has_value());
        for (auto const& one : page->at("data")) {
            names.push_back(one.at("name").get<std::string>());
            CHECK(one.contains("id"));
            CHECK_FALSE(one.contains("components"));
        }
        auto const next = text_at(*page, {"paging", "next"});
        if (!next)
            break;
        question.after = text_at(*page, {"paging", "cursors", "after"}).value_or("");
        CHECK(next->ends_with("&after=" + question.after));
    }
    CHECK(names.size() == book.all().size());
    question.after = "nonsense";
    CHECK_FALSE(book.list(question).has_value());
}

TEST_CASE("what the customer sees has the values in it")
{
    TemplateBook const book;
    auto const shown = [&](Json const& content) { return render_template(book.named_by(content), content); };
    CHECK(shown(greeting(Json::array({text("Mara")}))).starts_with("Hello Mara,"));
    CHECK(shown(ticket(Json::array({named("state", "gelöst"), named("ticket_no", "204")}))) == "Ihr Anliegen 204 ist jetzt gelöst.");
    CHECK(shown(invoice(file, pay)) == "Hello Mara, here is your invoice.\nThe shop");
}
