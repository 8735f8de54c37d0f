#include "core/every_language.hpp"
#include "deskbridge/core/command.hpp"

#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <vector>

using namespace deskbridge;

namespace {

CommandWords const& words()
{
    return every_language().commands();
}

std::string const reference = make_reference(3'821'937);

} // namespace

TEST_CASE("command: its words in SQL")
{
    for (auto const command : {Command::status, Command::new_, Command::agent, Command::close, Command::help, Command::stop, Command::start,
                               Command::language})
        CHECK(parse_command(render_command(command)) == command);
    CHECK_FALSE(parse_command("Status"));
    CHECK_FALSE(parse_command(""));
}

TEST_CASE("command: the whole message, in any enabled language")
{
    struct Case {
        std::string message;
        std::optional<Command> command;
    };
    auto const c = GENERATE(values<Case>({
        {"Status?", Command::status},
        {"STATUS!", Command::status},
        {"  status\n", Command::status},
        {"Status 😊🙏", Command::status},
        {"estado", Command::status},
        {"¿Estado?", Command::status},
        {"Situação", Command::status},
        {"situacao", Command::status},
        {"sachstand", Command::status},
        {"ÉTAT", Command::status},
        {"etat ?", Command::status},
        {"स्थिति", Command::status},
        {"حالة", Command::status},
        {"الحاله؟", Command::status},
        {"cek status", Command::status},
        {"neu", Command::new_},
        {"nueva solicitud", Command::new_},
        {"Talk to a person", Command::agent},
        {"Mitarbeiter", Command::agent},
        {"موظف", Command::agent},
        {"SCHLIESSEN", Command::close},
        {"बंद करें", Command::close},
        {"اغلاق", Command::close},
        {"menü", Command::help},
        {"STOP", Command::stop},
        {"Arrêter.", Command::stop},
        {"start", Command::start},
        {"What is the status of my parcel", std::nullopt},
        {"stop sending me the wrong parcel", std::nullopt},
        {"statuses", std::nullopt},
        {"?", std::nullopt},
        {"👍", std::nullopt},
        {"", std::nullopt},
    }));
    INFO(c.message);
    auto const found = words().find(c.message);
    CHECK(found.has_value() == c.command.has_value());
    if (found && c.command)
        CHECK(found->command == *c.command);
}

TEST_CASE("command: languages by their names")
{
    struct Case {
        std::string message;
        std::string language;
    };
    auto const c = GENERATE(values<Case>({
        {"English", "en"}, {"inglés", "en"}, {"Englisch!", "en"}, {"español", "es"}, {"Espanol", "es"}, {"Português", "pt-BR"},
        {"portugues", "pt-BR"}, {"DEUTSCH", "de"}, {"allemand", "de"}, {"Français", "fr"}, {"हिन्दी", "hi"}, {"हिंदी", "hi"},
        {"Hindi", "hi"}, {"Bahasa Indonesia", "id"}, {"indonesia", "id"}, {"العربية", "ar"}, {"عربي", "ar"}, {"árabe", "ar"},
    }));
    INFO(c.message);
    auto const found = words().find(c.message);
    REQUIRE(found.has_value());
    CHECK(found->command == Command::language);
    CHECK(found->language == c.language);
}

TEST_CASE("command: with a reference")
{
    auto const shown = show_reference(reference);
    for (auto const& message : {"status " + shown, shown + " status?", "Status: " + reference, "estado " + shown}) {
        INFO(message);
        auto const found = words().find(message);
        REQUIRE(found.has_value());
        CHECK(found->command == Command::status);
        REQUIRE(found->reference.has_value());
        CHECK(found->reference->digits == reference);
        CHECK(found->reference->valid);
    }
    auto const mistyped = words().find("close #1234-5678");
    REQUIRE(mistyped.has_value());
    CHECK_FALSE(mistyped->reference->valid);
    CHECK_FALSE(words().find("English " + shown));
    CHECK_FALSE(words().find("where is " + shown));
    CHECK_FALSE(words().find(shown));
}

TEST_CASE("command: one word, one meaning")
{
    CommandWords own;
    CHECK(own.add("Status", Command::status));
    CHECK(own.add("STATUS!", Command::status));
    CHECK_FALSE(own.add("státus", Command::help));
    CHECK_FALSE(own.add("?!", Command::help));
    CHECK_FALSE(own.add_closer("status"));
    CHECK(own.add_closer("done"));
    CHECK_FALSE(own.add("Done.", Command::close));
    CHECK(own.add("deutsch", Command::language, "de"));
    CHECK_FALSE(own.add("Deutsch", Command::language, "en"));
    CHECK(own.find("status")->command == Command::status);
}

TEST_CASE("command: what closes a chat")
{
    struct Case {
        std::string message;
        bool closes;
    };
    auto const c = GENERATE(values<Case>({
        {"thanks", true},
        {"Ok, thank you so much! 🙏", true},
        {"👍", true},
        {"👍🏽👍🏽", true},
        {"❤️", true},
        {"Vielen Dank, alles klar", true},
        {"¡Muchas gracias!", true},
        {"obrigada ❤", true},
        {"merci beaucoup, bonne journée", true},
        {"धन्यवाद", true},
        {"ठीक है, शुक्रिया", true},
        {"terima kasih kak", true},
        {"شكراً جزيلاً", true},
        {"تمام، شكرا", true},
        {"ok?", false},
        {"تمام؟", false},
        {"thanks but it is still broken", false},
        {"thanks 😡", false},
        {"👎", false},
        {"no", false},
        {"good morning", false},
        {"नमस्ते", false},
        {"boa noite", false},
        {"status", false},
        {"...", false},
        {"", false},
    }));
    INFO(c.message);
    CHECK(words().is_closer(c.message) == c.closes);
}

TEST_CASE("command: nothing long is understood as one")
{
    std::string const lots(5000, 'a');
    CHECK_FALSE(words().find(lots));
    CHECK_FALSE(words().is_closer(lots));
    std::string thanks;
    for (int i = 0; i < 1000; ++i)
        thanks += "thanks ";
    CHECK_FALSE(words().is_closer(thanks));
}

TEST_CASE("command: while an agent waits for an answer")
{
    CHECK(counts_while_agent_waits(Command::status));
    CHECK(counts_while_agent_waits(Command::stop));
    CHECK(counts_while_agent_waits(Command::start));
    CHECK_FALSE(counts_while_agent_waits(Command::language));
    CHECK_FALSE(counts_while_agent_waits(Command::close));
}
