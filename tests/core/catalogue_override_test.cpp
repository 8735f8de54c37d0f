#include "deskbridge/core/catalogue.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace deskbridge;

namespace {

Result<Catalogue> with(std::string overrides)
{
    return Catalogue::load({{"en", "de"}, "en", std::move(overrides), "UTC", "#"});
}

} // namespace

TEST_CASE("override: texts replace, words are added, the rest stays")
{
    auto const catalogue = with(R"({
        "de": {"texts": {"status_none": "Nichts offen."}, "commands": {"status": ["wo ist mein Paket"]}, "closers": ["Servus"],
               "phrases": {"just_now": "soeben"}, "plurals": {"within_hours": {"one": "höchstens einer Stunde"}}},
        "fr": {"texts": {"status_none": "Rien."}}})");
    INFO((catalogue ? std::string{} : catalogue.error().detail));
    REQUIRE(catalogue.has_value());
    CHECK(catalogue->render(TextKey::status_none, "de") == "Nichts offen.");
    CHECK(catalogue->render(TextKey::close_none, "de").starts_with("Sie haben keine"));
    CHECK(catalogue->commands().find("Wo ist mein Paket?")->command == Command::status);
    CHECK(catalogue->commands().find("Sachstand")->command == Command::status);
    CHECK(catalogue->commands().is_closer("Servus 👋"));
    CHECK(catalogue->render_when(Timestamp{}, Timestamp{}, "de") == "soeben");
    CHECK(catalogue->render_within(std::chrono::hours{1}, "de") == "höchstens einer Stunde");
    CHECK(catalogue->render_within(std::chrono::hours{2}, "de") == "2 Stunden");
    CHECK(catalogue->render(TextKey::help, "de").find("• Status:") != std::string::npos);
}

TEST_CASE("override: what cannot be is refused, and says where")
{
    struct Case {
        std::string label;
        std::string overrides;
        std::string complaint;
    };
    auto const c = GENERATE(values<Case>({
        {"not JSON", "hello", "not a JSON object"},
        {"not an object", "[]", "not a JSON object"},
        {"unknown language", R"({"xx": {}})", "xx: there is no catalogue"},
        {"part of a wrong type", R"({"de": 1})", "de: an object is expected"},
        {"unknown section", R"({"de": {"text": {}}})", "de.text: unknown key"},
        {"section of a wrong type", R"({"de": {"texts": []}})", "de.texts: unknown key, or not an object"},
        {"unknown text", R"({"de": {"texts": {"ack_opend": "x"}}})", "de.texts.ack_opend: there is no such text"},
        {"also in a language that is not enabled", R"({"fr": {"texts": {"ack_opend": "x"}}})", "fr.texts.ack_opend: there is no such text"},
        {"text of a wrong type", R"({"de": {"texts": {"status_none": 1}}})", "de.texts.status_none: a text is expected"},
        {"empty text", R"({"de": {"texts": {"status_none": ""}}})", "de.texts.status_none: a text is expected"},
        {"unknown placeholder", R"({"de": {"texts": {"status_none": "{{refernce}}"}}})", "no placeholder {{refernce}} here"},
        {"a placeholder of another text", R"({"de": {"texts": {"status_none": "{{reference}}"}}})", "no placeholder {{reference}} here"},
        {"required placeholder missing", R"({"de": {"texts": {"ack_opened": "Danke"}}})", "{{reference}} is missing"},
        {"unclosed section", R"({"de": {"texts": {"ack_opened": "{{reference}}{{#within}}x"}}})", "{{#within}}\" is not closed"},
        {"sections crossed", R"({"de": {"texts": {"ack_opened": "{{reference}}{{#within}}{{#name}}{{/within}}{{/name}}"}}})", "{{/within}}\" closes nothing"},
        {"unclosed tag", R"({"de": {"texts": {"ack_opened": "{{reference"}}})", "without \"}}\""},
        {"a partial", R"({"de": {"texts": {"status_none": "{{> file}}"}}})", "is no placeholder"},
        {"other delimiters", R"({"de": {"texts": {"status_none": "{{=<% %>=}}"}}})", "is no placeholder"},
        {"button too long", R"({"de": {"texts": {"button_something_new": "Es geht um etwas anderes"}}})", "24 UTF-16 units, at most 20"},
        {"row title too long", R"({"de": {"texts": {"choice_row_title": "Anfrage {{reference}}"}}})", "at most 24"},
        {"body too long", R"({"de": {"texts": {"status_none": ")" + std::string(901, 'x') + R"("}}})", "at most 900"},
        {"unknown phrase", R"({"de": {"phrases": {"now": "x"}}})", "de.phrases.now: there is no such phrase"},
        {"unknown counted phrase", R"({"de": {"plurals": {"hours": {"other": "x"}}}})", "de.plurals.hours: there is no such counted phrase"},
        {"unknown category", R"({"de": {"plurals": {"within_days": {"several": "x"}}}})", "no such plural category"},
        {"unknown command", R"({"de": {"commands": {"order": ["x"]}}})", "de.commands.order: there is no such command"},
        {"words of a wrong type", R"({"de": {"commands": {"status": "x"}}})", "a list of words is expected"},
        {"a word that means another command", R"({"de": {"commands": {"status": ["Hilfe"]}}})", "\"Hilfe\" cannot mean"},
        {"of another language", R"({"de": {"commands": {"status": ["unsubscribe"]}}})", "\"unsubscribe\" cannot mean status"},
        {"a language's name", R"({"de": {"commands": {"status": ["Deutsch"]}}})", "cannot mean language de"},
        {"a word without letters", R"({"de": {"commands": {"status": ["?"]}}})", "\"?\" cannot mean status"},
        {"a closer that is a command", R"({"de": {"closers": ["Stopp"]}})", "\"Stopp\" cannot close a chat"},
    }));
    INFO(c.label);
    auto const catalogue = with(c.overrides);
    REQUIRE_FALSE(catalogue.has_value());
    CHECK(catalogue.error().fault == Fault::malformed);
    INFO(catalogue.error().detail);
    CHECK(catalogue.error().detail.find(c.complaint) != std::string::npos);
}

TEST_CASE("override: all problems at once")
{
    auto const catalogue = with(R"({"de": {"texts": {"a": "x", "b": "x"}}, "en": {"texts": {"status_none": "{{x}}"}}})");
    REQUIRE_FALSE(catalogue.has_value());
    auto const& detail = catalogue.error().detail;
    CHECK(std::count(detail.begin(), detail.end(), '\n') == 2);
}

TEST_CASE("settings: what cannot be is refused")
{
    struct Case {
        std::string label;
        CatalogueSettings settings;
        std::string complaint;
    };
    auto const c = GENERATE(values<Case>({
        {"language", {{"en", "tlh"}, "en", "", "UTC", "#"}, "tlh: there is no catalogue"},
        {"default language", {{"en"}, "de", "", "UTC", "#"}, "de: the default language is not enabled"},
        {"twice", {{"en", "en"}, "en", "", "UTC", "#"}, "en: enabled twice"},
        {"time zone", {{"en"}, "en", "", "Europe/Atlantis", "#"}, "\"Europe/Atlantis\" is not known"},
        {"prefix with a digit", {{"en"}, "en", "", "UTC", "A1-"}, "reference prefix"},
        {"prefix with a mark", {{"en"}, "en", "", "UTC", "*"}, "reference prefix"},
        {"prefix too long", {{"en"}, "en", "", "UTC", "REFERENCE"}, "reference prefix"},
        {"prefix with a space", {{"en"}, "en", "", "UTC", "A B"}, "reference prefix"},
    }));
    INFO(c.label);
    auto const catalogue = Catalogue::load(c.settings);
    REQUIRE_FALSE(catalogue.has_value());
    CHECK(catalogue.error().detail.find(c.complaint) != std::string::npos);
}
