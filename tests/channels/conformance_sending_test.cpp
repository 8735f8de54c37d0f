#include "channels/conformance.hpp"

#include "deskbridge/channel/plan.hpp"
#include "deskbridge/channel/registry.hpp"
#include "deskbridge/core/text.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>

using namespace deskbridge;
using test::ChannelScene;
using test::Json;

namespace {

void for_each_channel(std::function<void(ChannelScene const&)> const& check)
{
    for (auto const name : channel::adapter_names())
        DYNAMIC_SECTION(name)
        {
            check(ChannelScene{std::string{name}});
        }
}

channel::Delivery delivery_of(ChannelScene const& scene, OutboundContent content)
{
    channel::Delivery delivery{std::move(content), scene.customer(), "", "att-1", scene.received_at()};
    if (!scene.adapter().capabilities(scene.account()).links_signed_with.empty())
        delivery.link = channel::FileLink{"https://desk.test/files/1.1.1", delivery.at + std::chrono::hours{24}};
    return delivery;
}

Outcome outcome_after(ChannelScene const& scene, HttpResponse const& response)
{
    std::vector<HttpResponse> so_far;
    auto const delivery = delivery_of(scene, {"Hello", {}, {}, {}, {}});
    for (int steps = 0; steps < 6; ++steps) {
        auto const step = scene.adapter().next(scene.account(), delivery, so_far);
        if (auto const* outcome = std::get_if<Outcome>(&step))
            return *outcome;
        so_far.push_back(response);
    }
    return Unknown{"it never ends", {}};
}

std::vector<Choice> choices(std::size_t count, std::string const& title)
{
    std::vector<Choice> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back({"id" + std::to_string(i), title, title + " " + title});
    return out;
}

std::string repeated(std::string const& text, std::size_t units)
{
    std::string out;
    while (utf16_units(out) < units)
        out += text;
    return out;
}

/// Contents that press against every limit.
std::vector<OutboundContent> pressing(channel::Capabilities const& can)
{
    std::vector<OutboundContent> out;
    for (auto const* const text : {"word ", "👩‍👩‍👧‍👦", "क्षि", "e\u0301", "🇩🇪🇫🇷", "no-space", "\n\nParagraph. ", "مرحبا "})
        for (auto const units : {can.max_body_units, can.max_text_units, 3 * can.max_text_units}) {
            auto const words = repeated(text, units + 1);
            out.push_back({words, {}, {}, {}, ExternalMessageId{"q-1"}});
            out.push_back({words, choices(can.max_buttons, repeated(text, can.max_button_title + 1)), {}, {}, {}});
            out.push_back({words, choices(can.max_buttons + 1, repeated(text, can.max_row_title + 1)), {}, {}, {}});
            out.push_back({words, {}, ChoiceList{repeated(text, can.max_list_button + 1), choices(2 * can.max_rows + 1, text)}, {}, {}});
        }
    return out;
}

void check_choices(std::vector<Choice> const& some, std::size_t title_units, std::size_t description_units)
{
    std::vector<std::string> titles;
    for (auto const& choice : some) {
        CHECK_FALSE(is_blank(choice.title));
        CHECK(utf16_units(choice.title) <= title_units);
        CHECK(utf16_units(choice.description) <= description_units);
        CHECK(std::find(titles.begin(), titles.end(), choice.title) == titles.end());
        titles.push_back(choice.title);
    }
}

void check_limits(OutboundContent const& planned, channel::Capabilities const& can)
{
    bool const plain = planned.buttons.empty() && !planned.list;
    CHECK(utf16_units(planned.text) <= (plain ? can.max_text_units : can.max_body_units));
    CHECK_FALSE(is_blank(planned.text));
    CHECK(planned.buttons.size() <= can.max_buttons);
    check_choices(planned.buttons, can.max_button_title, can.max_row_description);
    if (!planned.list)
        return;
    CHECK(planned.buttons.empty());
    CHECK(planned.list->rows.size() <= can.max_rows);
    CHECK(utf16_units(planned.list->button) <= can.max_list_button);
    check_choices(planned.list->rows, can.max_row_title, can.max_row_description);
}

/// Every grapheme of the words, in order: what is between them may be lost at a cut, they may not.
std::vector<std::string> visible_graphemes(std::string const& text)
{
    std::vector<std::string> out;
    for (auto const grapheme : graphemes(text))
        if (!is_blank(grapheme))
            out.emplace_back(grapheme);
    return out;
}

std::vector<std::string> ids_of(OutboundContent const& content)
{
    std::vector<std::string> ids;
    for (auto const& choice : content.list ? content.list->rows : content.buttons)
        ids.push_back(choice.id);
    return ids;
}

} // namespace

TEST_CASE("conformance: a plan keeps to the limits, breaks no grapheme and loses no word and no choice")
{
    for_each_channel([](ChannelScene const& scene) {
        auto const can = scene.adapter().capabilities(scene.account());
        for (auto const& content : pressing(can)) {
            INFO(content.text.substr(0, 40) << "… of " << utf16_units(content.text) << " units, " << content.buttons.size() << " buttons");
            auto const planned = scene.adapter().plan(content, can);
            REQUIRE_FALSE(planned.empty());
            std::vector<std::string> told;
            std::vector<std::string> ids;
            for (auto const& part : planned) {
                check_limits(part, can);
                auto const here = visible_graphemes(part.text);
                told.insert(told.end(), here.begin(), here.end());
                auto const more = ids_of(part);
                ids.insert(ids.end(), more.begin(), more.end());
                CHECK((part.quote.has_value() == (content.quote && &part == &planned.front())));
            }
            auto const whole = visible_graphemes(content.text);
            REQUIRE(told.size() >= whole.size()); // labels of further lists may follow
            CHECK(std::equal(whole.begin(), whole.end(), told.begin()));
            CHECK(ids == ids_of(content));
        }
        CHECK(scene.adapter().plan({" \n ", {}, {}, {}, {}}, can).empty());
    });
}

TEST_CASE("conformance: what a plan makes can be sent")
{
    for_each_channel([](ChannelScene const& scene) {
        auto const can = scene.adapter().capabilities(scene.account());
        for (auto const& content : pressing(can))
            for (auto const& part : scene.adapter().plan(content, can)) {
                auto delivery = delivery_of(scene, part);
                delivery.content.quote.reset();
                auto const step = scene.adapter().next(scene.account(), delivery, {});
                REQUIRE(std::holds_alternative<channel::Step>(step));
                CHECK_FALSE(first_malformed(std::get<channel::Step>(step).request.body).has_value());
            }
    });
}

TEST_CASE("conformance: a file of every kind that a channel takes is one message with it, and what it does not take is told")
{
    for_each_channel([](ChannelScene const& scene) {
        auto const can = scene.adapter().capabilities(scene.account());
        for (auto const& rule : can.files) {
            auto const type = rule.types.empty() ? std::string{"application/zip"} : rule.types.front();
            OutboundContent content;
            content.files = {{1, "a \"file\"\r\n.bin", type, rule.max_bytes, std::string(64, 'a')}};
            if (!rule.forms.empty())
                content.files.front().form = rule.forms.front();
            content.text = repeated("word ", rule.max_caption_units + 1);
            INFO(render_message_kind(rule.kind));
            auto const planned = scene.adapter().plan(content, can);
            REQUIRE(planned.size() == 2); // a text that is too long for a caption goes ahead
            REQUIRE(planned.back().files.size() == 1);
            CHECK(planned.back().files.front().kind == render_message_kind(rule.kind));
            auto const step = scene.adapter().next(scene.account(), delivery_of(scene, planned.back()), {});
            REQUIRE(std::holds_alternative<channel::Step>(step));
            auto const& first = std::get<channel::Step>(step);
            if (can.links_signed_with.empty()) {
                REQUIRE(first.file.has_value());
                CHECK(first.file->size == rule.max_bytes);
            } else { // the channel fetches it
                CHECK_FALSE(first.file.has_value());
                CHECK(first.request.body.find("https://desk.test/files/1.1.1") != std::string::npos);
            }
            CHECK(first.request.body.find("\r\n.bin") == std::string::npos);
            if (first.delivers)
                continue;
            auto later = delivery_of(scene, planned.back()); // what prepares goes before the journal
            later.token = "att-2";
            later.at += std::chrono::hours{1};
            auto const again = std::get<channel::Step>(scene.adapter().next(scene.account(), later, {}));
            CHECK(again.request.body == first.request.body);
            CHECK(again.request.target == first.request.target);
        }
        std::vector<OutboundFile> const nobody_knows{{1, "x", "application/octet-stream", 1, std::string(64, 'a')}};
        CHECK_FALSE(channel::objection_to_files(nobody_knows, can).empty());
    });
}

TEST_CASE("conformance: an answer without a verdict is unknown, and only a certain one is tried again")
{
    for_each_channel([](ChannelScene const& scene) {
        for (auto const* const body : {"", "{}", "[]", "null", "<html>", "{\"id\":", "{\"ok\":true}", "{\"messages\":[]}"}) {
            for (int const status : {200, 201, 202, 204}) {
                INFO(status << ' ' << body);
                CHECK(std::holds_alternative<Unknown>(outcome_after(scene, {status, {}, body})));
            }
            for (int const status : {500, 502, 503, 504, 599}) {
                INFO(status << ' ' << body);
                CHECK(std::holds_alternative<Unknown>(outcome_after(scene, {status, {}, body})));
            }
            for (int const status : {400, 401, 403, 404, 301, 307}) {
                INFO(status << ' ' << body);
                auto const outcome = outcome_after(scene, {status, {}, body});
                CHECK_FALSE(std::holds_alternative<Accepted>(outcome));
                CHECK_FALSE(std::holds_alternative<Unknown>(outcome));
            }
        }
        auto const asked = outcome_after(scene, {429, {{"Retry-After", "7"}}, ""});
        REQUIRE(std::holds_alternative<NotSent>(asked));
        CHECK(std::get<NotSent>(asked).asked == std::chrono::seconds{7});
    });
}

TEST_CASE("conformance: the answers of the fixtures, with another body or status, are no success")
{
    for_each_channel([](ChannelScene const& scene) {
        for (auto const& fixture : test::outbound_fixtures())
            for (auto const& answer : fixture.doc.value("responses", Json::array())) {
                if (fixture.channel != scene.adapter().name() || !answer.contains("json"))
                    continue;
                INFO(fixture.name);
                auto const body = answer.at("json").dump();
                for (int const status : {400, 429, 500, 503})
                    CHECK_FALSE(std::holds_alternative<Accepted>(outcome_after(scene, {status, {}, body})));
                for (std::size_t length = 0; length < body.size(); ++length)
                    CHECK_FALSE(std::holds_alternative<Accepted>(outcome_after(scene, {200, {}, body.substr(0, length)})));
            }
    });
}

TEST_CASE("conformance: a secret never stands in what is stored or shown of a send")
{
    for_each_channel([](ChannelScene const& scene) {
        for (auto const& [key, values] : scene.account().secrets)
            for (auto const& secret : values) {
                auto const quoting = Json{{"error", {{"message", secret}, {"code", 190}}}, {"description", secret}}.dump();
                auto const told = channel::without_secrets(outcome_after(scene, {400, {}, quoting}), scene.account().secrets);
                CHECK(test::render_outcome(told).dump().find(secret) == std::string::npos);
            }
    });
}
