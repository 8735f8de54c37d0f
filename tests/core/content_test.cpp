#include "deskbridge/core/content.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;

namespace {

OutboundContent full()
{
    OutboundContent content;
    content.text = "Your parcel \"7\" – \xf0\x9f\x93\xa6\nis on its way";
    content.buttons = {{"status:1", "Status", ""}, {"agent:1", "Agent", ""}};
    content.list = ChoiceList{"Choose", {{"pick:1", "#4821-9376", "Parcel"}, {"new", "Something new", ""}}};
    content.template_call = TemplateCall{"we_answered", "pt_BR", {"Ana", ""}};
    content.quote = ExternalMessageId{"wamid.HBgM=="};
    content.files = {{17, "Gr\xc3\xbc\xc3\x9f" "e.pdf", "application/pdf", 5'000'000'000, std::string(64, 'a'), "document"}, {18, "", "image/png", 1, std::string(64, 'b')}};
    content.asks_number = true;
    content.to_kind = "wa_id";
    return content;
}

} // namespace

TEST_CASE("outbound content comes back as it went")
{
    struct Case {
        std::string label;
        OutboundContent content;
    };
    OutboundContent text;
    text.text = "Hello";
    OutboundContent call;
    call.template_call = TemplateCall{"we_answered", "en", {}};
    OutboundContent words;
    words.text = R"({"template":1} "template": 'template':)";
    OutboundContent list;
    list.list = ChoiceList{"Choose", {}};
    auto const c = GENERATE_COPY(values<Case>({
        {"nothing", {}},
        {"text", text},
        {"template without parameters", call},
        {"list without rows", list},
        {"a text like a template", words},
        {"everything", full()},
    }));
    INFO(c.label);
    auto const back = parse_content(render_content(c.content));
    REQUIRE(back.has_value());
    CHECK(*back == c.content);
    bool const names_template = render_content(c.content).find(R"("template":)") != std::string::npos; // the outbox relies on it
    CHECK(names_template == c.content.template_call.has_value());
}

TEST_CASE("outbound content is stable: what is absent is not written")
{
    OutboundContent content;
    content.text = "Hello";
    CHECK(render_content(content) == R"({"text":"Hello"})");
    content.buttons = {{"a", "A", ""}};
    CHECK(render_content(content) == R"({"buttons":[{"id":"a","title":"A"}],"text":"Hello"})");
    CHECK(render_content(full()) == render_content(full()));
}

TEST_CASE("broken UTF-8 is replaced, never thrown at")
{
    OutboundContent content;
    content.text = "a\xff" "b";
    auto const back = parse_content(render_content(content));
    REQUIRE(back.has_value());
    CHECK(back->text == "a\xef\xbf\xbd" "b");
}

TEST_CASE("what is not outbound content is malformed")
{
    struct Case {
        std::string label;
        std::string json;
    };
    auto const c = GENERATE(values<Case>({
        {"no JSON", "Hello"},
        {"empty", ""},
        {"no object", R"(["Hello"])"},
        {"no text", R"({"buttons":[]})"},
        {"text of another type", R"({"text":7})"},
        {"unknown key", R"({"text":"a","footer":"b"})"},
        {"buttons are no array", R"({"text":"a","buttons":{}})"},
        {"a button is no object", R"({"text":"a","buttons":["b"]})"},
        {"a button without title", R"({"text":"a","buttons":[{"id":"b"}]})"},
        {"unknown key of a button", R"({"text":"a","buttons":[{"id":"b","title":"B","url":"c"}]})"},
        {"description of another type", R"({"text":"a","buttons":[{"id":"b","title":"B","description":1}]})"},
        {"list without button", R"({"text":"a","list":{"rows":[]}})"},
        {"unknown key of a list", R"({"text":"a","list":{"button":"b","rows":[],"header":"c"}})"},
        {"template without parameters", R"({"text":"a","template":{"name":"n","language":"en"}})"},
        {"a parameter of another type", R"({"text":"a","template":{"name":"n","language":"en","parameters":[1]}})"},
        {"quote of another type", R"({"text":"a","quote":{"id":"b"}})"},
        {"null is a type, too", R"({"text":"a","quote":null})"},
    }));
    INFO(c.label);
    auto const parsed = parse_content(c.json);
    REQUIRE(!parsed.has_value());
    CHECK(parsed.error().fault == Fault::malformed);
}
