#include "deskbridge/core/content.hpp"
#include "deskbridge/core/message_template.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;

namespace {

MessageTemplate in(std::string language, std::string status = "approved")
{
    MessageTemplate one;
    one.name = "reply";
    one.language = std::move(language);
    one.status = std::move(status);
    return one;
}

} // namespace

TEST_CASE("templates: which one is meant")
{
    struct Case {
        std::string label;
        std::vector<MessageTemplate> all;
        std::string name;
        std::string language;
        std::string found;   ///< its language
        std::string problem;
    };
    auto const c = GENERATE(values<Case>({
        {"by name and language", {in("de"), in("en_US")}, "reply", "en_US", "en_US", ""},
        {"the only language", {in("de")}, "reply", "", "de", ""},
        {"the only one that is not deleted", {in("de"), in("en", "deleted")}, "reply", "", "de", ""},
        {"paused is found: why it may not be sent is another question", {in("de", "paused")}, "reply", "de", "de", ""},
        {"several languages", {in("de"), in("en")}, "reply", "", "", "The template reply exists in several languages; say which: de, en."},
        {"almost the same language", {in("en_US")}, "reply", "en", "", "The template reply does not exist in \"en\", only in en_US."},
        {"another name", {in("de")}, "replies", "de", "", "There is no template \"replies\" at the provider."},
        {"deleted", {in("de", "deleted")}, "reply", "de", "", "There is no template \"reply\" at the provider."},
    }));
    INFO(c.label);
    auto const choice = choose_template(c.all, c.name, c.language);
    CHECK((choice.found ? choice.found->language : "") == c.found);
    CHECK(choice.problem == c.problem);
}

TEST_CASE("templates: only what is approved may be sent, and the rest says why and what next")
{
    CHECK(explain_unusable(in("de")).empty());
    for (auto const* status : {"paused", "disabled", "rejected", "pending", "in_appeal", "deleted", "pending_deletion", "archived",
                               "limit_exceeded", "of_tomorrow"}) {
        INFO(status);
        auto one = in("de", status);
        one.reason = "INCORRECT_CATEGORY";
        CHECK_FALSE(usable(one));
        auto const words = explain_unusable(one);
        CHECK_THAT(words, Catch::StartsWith("The template reply (de) ") && Catch::Contains(": INCORRECT_CATEGORY. Use another template"));
    }
    auto rejected = in("de", "rejected");
    rejected.reason = "TAG: choose another.";
    CHECK(explain_unusable(rejected) == "The template reply (de) was rejected by the provider: TAG: choose another. Use another template, "
                                        "or have this one "
                                        "corrected and submitted again.");
}

TEST_CASE("templates: parts told anew take the place of those of their type")
{
    auto const before = R"([{"text":"Hi","type":"BODY"},{"format":"IMAGE","type":"HEADER"}])";
    CHECK(merge_components(before, R"([{"type":"BODY","text":"Bye"}])") == R"([{"text":"Bye","type":"BODY"},{"format":"IMAGE","type":"HEADER"}])");
    CHECK(merge_components(before, R"([{"type":"FOOTER","text":"x"}])") ==
          R"([{"text":"Hi","type":"BODY"},{"format":"IMAGE","type":"HEADER"},{"text":"x","type":"FOOTER"}])");
    for (auto const* broken : {"", "{}", "null", "[", "7"})
        CHECK(merge_components(before, broken) == before);
    CHECK(merge_components(before, "[7]") == R"([{"text":"Hi","type":"BODY"},{"format":"IMAGE","type":"HEADER"},7])");
}

TEST_CASE("templates: filled places survive the intent's row")
{
    OutboundContent content;
    content.text = "Hello Mara";
    content.template_call = TemplateCall{"reply", "de", {}, R"([{"parameters":[{"text":"Mara","type":"text"}],"type":"body"}])"};
    auto const back = parse_content(render_content(content));
    REQUIRE(back.has_value());
    CHECK(*back == content);
    content.template_call = TemplateCall{"reply", "de", {"a", "b"}};
    CHECK(*parse_content(render_content(content)) == content);
}
