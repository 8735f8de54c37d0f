#include "channels/fixture.hpp"

#include "deskbridge/core/text.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;

namespace {

std::vector<OutboundContent> plan(OutboundContent const& content)
{
    test::ChannelScene const scene{"whatsapp"};
    return scene.adapter().plan(content, scene.adapter().capabilities(scene.account()));
}

std::string words(std::size_t units)
{
    std::string text;
    while (text.size() < units)
        text += "word ";
    return text.substr(0, units - 1) + ".";
}

std::vector<Choice> choices(std::size_t count)
{
    std::vector<Choice> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back({"id" + std::to_string(i), "Title " + std::to_string(i), {}});
    return out;
}

} // namespace

TEST_CASE("WhatsApp: text is split at 4096 units, the quote stays with the first part")
{
    struct Case {
        std::string label;
        std::string text;
        std::size_t parts;
    };
    std::string emoji;
    for (int i = 0; i < 2049; ++i)
        emoji += "👋"; // two units each
    auto const c = GENERATE_COPY(values<Case>({
        {"short", "Hello", 1},
        {"blank", " \n ", 0},
        {"empty", "", 0},
        {"at the limit", words(4096), 1},
        {"over it", words(4097), 2},
        {"counted in UTF-16", emoji, 2},
        {"long", words(20000), 5},
    }));
    INFO(c.label);
    OutboundContent content;
    content.text = c.text;
    content.quote = ExternalMessageId{"wamid.Q"};
    auto const planned = plan(content);
    CHECK(planned.size() == c.parts);
    for (std::size_t i = 0; i < planned.size(); ++i) {
        CHECK(utf16_units(planned[i].text) <= 4096);
        CHECK_FALSE(planned[i].text.empty());
        CHECK(planned[i].quote.has_value() == (i == 0));
    }
}

TEST_CASE("WhatsApp: no grapheme is torn")
{
    std::string const family = "👨‍👩‍👧‍👦"; // eleven units
    OutboundContent content;
    for (int i = 0; i < 400; ++i)
        content.text += family;
    auto const planned = plan(content);
    REQUIRE(planned.size() == 2);
    for (auto const& part : planned)
        CHECK(part.text.size() % family.size() == 0);
}

TEST_CASE("WhatsApp: buttons stand below the last part, whose body is shorter")
{
    OutboundContent content;
    content.text = words(3000);
    content.buttons = choices(3);
    auto const planned = plan(content);
    REQUIRE(planned.size() == 2);
    CHECK(planned[0].buttons.empty());
    CHECK(planned[1].buttons.size() == 3);
    CHECK(utf16_units(planned[1].text) <= 1024);
    CHECK(planned[0].text.size() + planned[1].text.size() >= 2990);
}

TEST_CASE("WhatsApp: what does not fit is turned into what does")
{
    OutboundContent content;
    content.text = "Which one?";

    SECTION("four buttons become rows")
    {
        content.buttons = choices(4);
        auto const planned = plan(content);
        REQUIRE(planned.size() == 1);
        REQUIRE(planned[0].list.has_value());
        CHECK(planned[0].list->rows.size() == 4);
        CHECK_FALSE(planned[0].list->button.empty());
        CHECK(planned[0].buttons.empty());
    }
    SECTION("eleven rows become two lists")
    {
        content.list = ChoiceList{"Choose", choices(11)};
        auto const planned = plan(content);
        REQUIRE(planned.size() == 2);
        CHECK(planned[0].list->rows.size() == 10);
        CHECK(planned[1].list->rows.size() == 1);
        CHECK(planned[1].text == "Choose");
    }
    SECTION("long labels are shortened and stay distinct")
    {
        content.buttons = {{"a", "My parcel has not arrived yet", ""}, {"b", "My parcel has not arrived today", ""}};
        auto const planned = plan(content);
        REQUIRE(planned.size() == 1);
        auto const& buttons = planned[0].buttons;
        CHECK(buttons[0].title != buttons[1].title);
        for (auto const& button : buttons)
            CHECK(utf16_units(button.title) <= 20);
    }
    SECTION("buttons without words get their titles as body")
    {
        content.text = "";
        content.buttons = choices(2);
        auto const planned = plan(content);
        REQUIRE(planned.size() == 1);
        CHECK(planned[0].text == "Title 0 / Title 1");
    }
    SECTION("choices without titles are called by their ids, and never stand alone")
    {
        content.text = "\u200B \n";
        for (auto const* const blank : {"", " \n", "\u200B"}) {
            content.list = ChoiceList{blank, {{"first", blank, ""}, {"second", blank, ""}}};
            auto const planned = plan(content);
            REQUIRE(planned.size() == 1);
            CHECK(planned[0].text == "first / second");
            CHECK(planned[0].list->button == "☰");
            CHECK(planned[0].list->rows[1].title == "second");
        }
    }
    SECTION("a template's parameters lose what Meta refuses")
    {
        content.template_call = TemplateCall{"ticket_update", "de", {"one\ntwo\tthree", "a        b", "", "  "}};
        auto const planned = plan(content);
        REQUIRE(planned.size() == 1);
        CHECK(planned[0].template_call->parameters ==
              std::vector<std::string>{"one two three", "a    b", "-", "-"});
    }
}

TEST_CASE("WhatsApp: read marks, file requests and reply addresses")
{
    test::ChannelScene const scene{"whatsapp"};
    auto const& adapter = scene.adapter();
    auto const mark = adapter.read_mark(scene.account(), {"wamid.IN9"}, true);
    REQUIRE(mark.has_value());
    CHECK(mark->target == "https://graph.facebook.com/v25.0/700100200300400/messages?appsecret_proof=445494fad71d5810f756d9af834c8ea9b9945f6a127a5958cca6c2b0cb111780");
    CHECK(test::Json::parse(mark->body) ==
          test::Json::parse(R"({"messaging_product":"whatsapp","status":"read","message_id":"wamid.IN9",
                                "typing_indicator":{"type":"text"}})"));
    CHECK_FALSE(test::Json::parse(adapter.read_mark(scene.account(), {"wamid.IN9"}, false)->body).contains("typing_indicator"));

    auto const file = adapter.media_request(scene.account(), {"55/01", "image/jpeg", "", ""});
    REQUIRE(file.has_value());
    CHECK(file->target == "https://graph.facebook.com/v25.0/55%2F01?phone_number_id=700100200300400&appsecret_proof=445494fad71d5810f756d9af834c8ea9b9945f6a127a5958cca6c2b0cb111780");
    CHECK(file->headers.find("Authorization") == "Bearer EXAMPLE_TOKEN");
    CHECK_FALSE(adapter.media_request(scene.account(), {}).has_value());

    CHECK(adapter.reply_address({{"bsuid", "DE.1"}, {"wa_id", "49"}}) == Address{"wa_id", "49"});
    CHECK(adapter.reply_address({{"bsuid", "DE.1"}, {"parent_bsuid", "DE.ENT.1"}}) == Address{"bsuid", "DE.1"});
}

TEST_CASE("WhatsApp: contacts are shared as widely as business-scoped ids are")
{
    test::ChannelScene const scene{"whatsapp"};
    struct Case {
        std::map<std::string, std::string, std::less<>> settings;
        std::string scope;
    };
    auto const c = GENERATE(values<Case>({
        {{{"phone_number_id", "7"}}, "whatsapp:7"},
        {{{"phone_number_id", "7"}, {"waba_id", "8"}}, "whatsapp:8"},
        {{{"phone_number_id", "7"}, {"waba_id", "8"}, {"business_id", "9"}}, "whatsapp:9"},
    }));
    channel::Account account;
    account.settings = c.settings;
    scene.adapter().identify(account);
    CHECK(account.number == "7");
    CHECK(account.scope == c.scope);
}
