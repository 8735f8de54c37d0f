#include "core/every_language.hpp"

#include "deskbridge/core/text.hpp"

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include <fstream>
#include <set>
#include <string>
#include <vector>

using namespace deskbridge;
using namespace std::chrono_literals;

namespace {

nlohmann::json file_of(std::string const& language)
{
    std::ifstream in{DESKBRIDGE_SOURCE_DIR "/config/catalogues/" + language + ".json"};
    return nlohmann::json::parse(in);
}

std::set<std::string> placeholders(std::string const& text)
{
    std::set<std::string> names;
    for (auto open = text.find("{{"); open != std::string::npos; open = text.find("{{", open + 2)) {
        auto name = text.substr(open + 2, text.find("}}", open) - open - 2);
        names.insert(name.substr(name.find_first_not_of("#^/")));
    }
    return names;
}

Result<Catalogue> german(std::string overrides, std::string prefix = "#")
{
    return Catalogue::load({{"de", "en"}, "de", std::move(overrides), "Europe/Berlin", std::move(prefix)});
}

/// What every placeholder can stand for, as long as it may be.
TextValues longest_values(Catalogue const& catalogue, std::string const& language)
{
    return {{"reference", "48219376"}, {"earlier", "12345674"}, {"into", "12345674"}, {"references", "48219376 12345674 99999999"},
            {"within", catalogue.render_within(47h, language)}, {"name", "Maria"}, {"agent", "Alexandra Weber"},
            {"subject", std::string(200, 'w')}, {"summary", "We sent a new parcel."}, {"count", "12"},
            {"status", catalogue.render_state(TicketStatus::on_hold, language)}, {"when", "yesterday, 14:05"},
            {"step", "we answered you (yesterday, 14:05)"}, {"next", "we need your answer to go on. Please reply here."}};
}

} // namespace

TEST_CASE("catalogue: every key and placeholder of English is in every language, and no other")
{
    auto const english = file_of("en");
    for (auto const& language : built_in_languages()) {
        auto const other = file_of(language);
        for (auto const* section : {"texts", "phrases", "plurals", "commands", "language_names"}) {
            std::set<std::string> expected;
            std::set<std::string> found;
            for (auto const& [key, value] : english[section].items())
                expected.insert(key);
            for (auto const& [key, value] : other[section].items())
                found.insert(key);
            INFO(language << "." << section);
            CHECK(found == expected);
        }
        for (auto const& [key, text] : english["texts"].items()) {
            INFO(language << "." << key);
            CHECK(placeholders(other["texts"][key].get<std::string>()) == placeholders(text.get<std::string>()));
        }
    }
    CHECK(english["texts"].size() == text_specs().size());
}

TEST_CASE("catalogue: all languages load together, so no word means two commands")
{
    auto const loaded = Catalogue::load({});
    INFO((loaded ? std::string{} : loaded.error().detail));
    REQUIRE(loaded.has_value());
    CHECK(loaded->languages().size() == 8);
    CHECK(loaded->default_language() == "en");
}

TEST_CASE("catalogue: every text renders, and keeps its limit")
{
    auto const& catalogue = every_language();
    for (auto const& language : built_in_languages()) {
        auto const values = longest_values(catalogue, language);
        for (auto const& spec : text_specs()) {
            auto const text = catalogue.render(spec.key, language, values);
            INFO(language << "." << spec.name << ": " << text);
            CHECK_FALSE(text.empty());
            CHECK(text.find("{{") == std::string::npos);
            CHECK(utf16_units(text) <= limit_of(spec.place));
            if (spec.place == TextPlace::body || spec.place == TextPlace::choice_body)
                CHECK(utf16_units(text) <= 400);
            if (spec.place == TextPlace::button || spec.place == TextPlace::list_button || spec.required.empty())
                CHECK_FALSE(text.ends_with("…")); // our own words are never cut
        }
    }
}

TEST_CASE("catalogue: without its optional values a text has no hole")
{
    auto const& catalogue = every_language();
    for (auto const& language : built_in_languages()) {
        auto const all = longest_values(catalogue, language);
        for (auto const& spec : text_specs()) {
            auto values = all;
            for (std::string const optional : {"within", "subject", "summary", "agent", "name", "count"})
                if ((" " + std::string{spec.required} + " ").find(" " + optional + " ") == std::string::npos)
                    values.erase(optional);
            auto const text = catalogue.render(spec.key, language, values);
            INFO(language << "." << spec.name << ": " << text);
            for (auto const* hole : {"  ", "\n\n\n", " .", "()", " \n", "\"\"", "( ", ": ."})
                if (text.find(hole) != std::string::npos)
                    FAIL_CHECK("a hole: \"" << hole << '"');
            CHECK_FALSE(text.empty());
        }
    }
}

TEST_CASE("catalogue: an acknowledgement, to the letter")
{
    auto const catalogue = german("");
    REQUIRE(catalogue.has_value());
    auto const within = catalogue->render_within(2h, "de");
    CHECK(catalogue->render(TextKey::ack_opened, "de", {{"reference", "48219376"}, {"within", within}})
          == "Vielen Dank für Ihre Nachricht. Ihre Anfrage hat die Nummer #4821-9376. Wir antworten in der Regel innerhalb von 2 Stunden.\n"
             "Wie es darum steht, erfahren Sie jederzeit mit „Status“.");
    CHECK(catalogue->render(TextKey::notice_solved, "en", {{"reference", "48219376"}, {"summary", " We sent it *again*.\n"}})
          == "Your request #4821-9376 is solved.\n\nWe sent it *again*.\n\nIf something is still open, just write to us here.");
    CHECK(catalogue->render(TextKey::notice_solved, "en", {{"reference", "48219376"}})
          == "Your request #4821-9376 is solved.\n\nIf something is still open, just write to us here.");
    CHECK(catalogue->render(TextKey::notice_taken_over, "de", {{"reference", "48219376"}, {"agent", "Anna Maria Weber"}})
          == "Anna kümmert sich jetzt um Ihre Anfrage #4821-9376.");
    CHECK(catalogue->render(TextKey::notice_taken_over, "de", {{"reference", "48219376"}})
          == "Jemand aus unserem Team kümmert sich jetzt um Ihre Anfrage #4821-9376.");
}

TEST_CASE("catalogue: a language that is not enabled means the default one")
{
    auto const catalogue = german("");
    CHECK(catalogue->render(TextKey::status_none, "fr") == catalogue->render(TextKey::status_none, "de"));
    CHECK(catalogue->render(TextKey::status_none, "") == catalogue->render(TextKey::status_none, "de"));
    CHECK(catalogue->render(TextKey::status_none, "en") != catalogue->render(TextKey::status_none, "de"));
}

TEST_CASE("catalogue: a required value that is missing is a bug")
{
    CHECK_THROWS_AS(every_language().render(TextKey::ack_opened, "en"), std::invalid_argument);
    CHECK_THROWS_AS(every_language().render(TextKey::ack_opened, "en", {{"reference", ""}}), std::invalid_argument);
}

TEST_CASE("catalogue: customers' names and subjects cannot inject markup or templates")
{
    auto const catalogue = german(R"({"en": {"texts": {"ack_opened": "Hello {{name}}! {{reference}}"}}})");
    REQUIRE(catalogue.has_value());
    struct Case {
        std::string name;
        std::string greeting;
    };
    auto const c = GENERATE(values<Case>({
        {"Ann", "Hello Ann! #4821-9376"},
        {"*bold* _x_ ~y~ ```z```", "Hello ∗bold∗ ＿x＿ ∼y∼ ˋˋˋzˋˋˋ! #4821-9376"},
        {"A\n\n> b\n- c", "Hello A > b - c! #4821-9376"},
        {"{{reference}} {{#x}} {{{y}}}", "Hello {{reference}} {{#x}} {{{y}}}! #4821-9376"},
        {"<b>&amp;", "Hello <b>&amp;! #4821-9376"},
        {"\u202e gnp", "Hello gnp! #4821-9376"},
        {"نور", "Hello \u2068نور\u2069! #4821-9376"},
    }));
    CHECK(catalogue->render(TextKey::ack_opened, "en", {{"reference", "48219376"}, {"name", c.name}}) == c.greeting);
}

TEST_CASE("catalogue: references and names are isolated in right-to-left text")
{
    auto const& catalogue = every_language();
    auto const told = catalogue.render(TextKey::notice_taken_over, "ar", {{"reference", "48219376"}, {"agent", "Anna"}});
    CHECK(told.find("\u2066#4821-9376\u2069") != std::string::npos);
    CHECK(told.find("\u2068Anna\u2069") != std::string::npos);
    auto const closed = catalogue.render(TextKey::close_several, "ar", {{"references", "48219376 12345674"}});
    CHECK(closed.find("\u2066#4821-9376\u2069، \u2066#1234-5674\u2069") != std::string::npos);
    CHECK(catalogue.render(TextKey::close_several, "en", {{"references", "48219376 12345674"}}).find("#4821-9376, #1234-5674")
          != std::string::npos);
    CHECK(catalogue.render(TextKey::help, "en").find("\u2068العربية\u2069") != std::string::npos);
}

TEST_CASE("catalogue: help lists the words that are understood")
{
    auto const& catalogue = every_language();
    for (auto const& language : built_in_languages()) {
        auto const help = catalogue.render(TextKey::help, language);
        auto const file = file_of(language);
        for (auto const* command : {"status", "new", "agent", "close", "stop"}) {
            auto const word = file["commands"][command][0].get<std::string>();
            INFO(language << ": " << word);
            CHECK(help.find("• " + word) != std::string::npos);
            auto const understood = catalogue.commands().find(word);
            REQUIRE(understood.has_value());
            CHECK(render_command(understood->command) == command);
        }
        CHECK(catalogue.render(TextKey::help_no_ticket, language).find(help) != std::string::npos);
    }
    auto const only = Catalogue::load({{"en"}, "en", "", "UTC", "#"});
    CHECK(only->render(TextKey::help, "en").find("Language") == std::string::npos);
    CHECK_FALSE(only->commands().find("English please"));
    CHECK_FALSE(only->commands().find("Deutsch"));
}
