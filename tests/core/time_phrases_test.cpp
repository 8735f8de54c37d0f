#include "core/every_language.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace deskbridge;
using namespace std::chrono_literals;

namespace {

Timestamp at(char const* text)
{
    return *parse_rfc3339(text);
}

/// A Saturday, 14:30 in Berlin.
Timestamp const now = at("2026-11-21T13:30:00Z");

} // namespace

TEST_CASE("time: when something happened")
{
    struct Case {
        char const* at;
        std::string language;
        std::string phrase;
    };
    auto const c = GENERATE(values<Case>({
        {"2026-11-21T13:30:30Z", "en", "just now"}, // by a clock that runs ahead
        {"2026-11-21T13:29:30Z", "en", "just now"},
        {"2026-11-21T13:29:00Z", "en", "1 minute ago"},
        {"2026-11-21T13:18:00Z", "en", "12 minutes ago"},
        {"2026-11-21T11:15:00Z", "en", "2 hours ago"},
        {"2026-11-20T23:15:00Z", "en", "14 hours ago"}, // 00:15 today, in Berlin
        {"2026-11-20T22:45:00Z", "en", "yesterday, 23:45"},
        {"2026-11-16T13:05:00Z", "en", "Monday, 14:05"},
        {"2026-11-14T13:05:00Z", "en", "November 14, 14:05"},
        {"2025-12-31T22:59:00Z", "en", "December 31, 2025, 23:59"},
        {"2025-12-31T23:00:00Z", "en", "January 1, 00:00"}, // this year, in Berlin
        {"2026-11-21T13:18:00Z", "de", "vor 12 Minuten"},
        {"2026-11-20T08:00:00Z", "de", "gestern, 09:00"},
        {"2026-11-16T13:05:00Z", "de", "Montag, 14:05"},
        {"2026-11-14T13:05:00Z", "de", "14. November, 14:05"},
        {"2026-11-14T13:05:00Z", "es", "14 de noviembre, 14:05"},
        {"2026-11-21T11:15:00Z", "fr", "il y a 2 heures"},
        {"2026-11-21T11:15:00Z", "pt-BR", "há 2 horas"},
        {"2026-11-21T11:15:00Z", "id", "2 jam yang lalu"},
        {"2026-11-21T11:15:00Z", "hi", "2 घंटे पहले"},
        {"2026-11-20T08:00:00Z", "hi", "कल, 09:00"},
        {"2026-11-21T11:15:00Z", "ar", "قبل ساعتين"},
        {"2026-11-21T10:15:00Z", "ar", "قبل 3 ساعات"},
        {"2026-11-20T08:00:00Z", "ar", "أمس، 09:00"},
    }));
    INFO(c.at << " " << c.language);
    CHECK(every_language().render_when(at(c.at), now, c.language) == c.phrase);
}

TEST_CASE("time: the night when clocks change")
{
    // 2026-10-25, 03:00 summer time became 02:00 winter time in Berlin.
    CHECK(every_language().render_when(at("2026-10-25T00:30:00Z"), at("2026-10-25T12:00:00Z"), "en") == "11 hours ago");
    CHECK(every_language().render_when(at("2026-10-24T21:59:00Z"), at("2026-10-25T22:30:00Z"), "en") == "yesterday, 23:59");
    CHECK(every_language().render_when(at("2026-10-24T22:01:00Z"), at("2026-10-25T22:30:00Z"), "en") == "24 hours ago");
}

TEST_CASE("time: within how long we usually answer")
{
    struct Case {
        std::chrono::minutes duration;
        std::string language;
        std::string phrase;
    };
    auto const c = GENERATE(values<Case>({
        {0min, "en", "1 minute"},     {30min, "en", "30 minutes"},   {60min, "en", "1 hour"},   {61min, "en", "2 hours"},
        {47h, "en", "47 hours"},      {48h, "en", "2 days"},         {49h, "en", "3 days"},     {1h, "de", "einer Stunde"},
        {72h, "de", "3 Tagen"},       {1h, "es", "1 hora"},          {2h, "fr", "2 heures"},    {2h, "pt-BR", "2 horas"},
        {2h, "hi", "2 घंटों"},          {2h, "id", "2 jam"},           {1h, "ar", "ساعة واحدة"}, {2h, "ar", "ساعتين"},
        {3h, "ar", "3 ساعات"},        {12h, "ar", "12 ساعة"},        {48h, "ar", "يومين"},      {264h, "ar", "11 يومًا"},
    }));
    INFO(c.language << " " << c.duration.count());
    CHECK(every_language().render_within(c.duration, c.language) == c.phrase);
}

TEST_CASE("status: the answer about one ticket")
{
    ToldTicket told{"48219376", TicketStatus::open, "Parcel *lost*", LastStep::taken_over, now - 12min, "", 2h};
    CHECK(every_language().status_answer(told, now, "en")
          == "Your request #4821-9376 – Parcel ∗lost∗\nStatus: being worked on\n"
             "Last step: a member of our team took it on (12 minutes ago)\n"
             "What comes next: our team is working on it and will write to you here. We usually answer within 2 hours.");
    told.status = TicketStatus::pending;
    told.subject.clear();
    told.last_step = LastStep::waiting_for_you;
    CHECK(every_language().status_answer(told, now, "de")
          == "Ihre Anfrage #4821-9376\nStand: wartet auf Ihre Antwort\nLetzter Schritt: wir haben Sie um eine Antwort gebeten (vor 12 Minuten)\n"
             "Wie es weitergeht: Wir brauchen Ihre Antwort, um fortzufahren. Bitte antworten Sie hier.");
    told.status = TicketStatus::solved;
    told.last_step = LastStep::solved;
    told.summary = "Sent again.";
    CHECK(every_language().status_answer(told, now, "en")
          == "Your request #4821-9376 is solved (12 minutes ago).\n\nSent again.\n\nIf something is still open, just write to us here.");
}

TEST_CASE("status: every state and step answers in every language")
{
    auto const answered = [](std::string const& language, TicketStatus status, LastStep step) {
        auto const answer = every_language().status_answer({"48219376", status, "x", step, now - 1h, "y", 1h}, now, language);
        INFO(answer);
        CHECK(answer.find("#4821-9376") != std::string::npos);
    };
    for (auto const& language : built_in_languages()) {
        for (auto const status : {TicketStatus::new_, TicketStatus::open, TicketStatus::pending, TicketStatus::on_hold, TicketStatus::solved,
                                  TicketStatus::closed})
            answered(language, status, LastStep::received);
        for (auto const step : {LastStep::received, LastStep::taken_over, LastStep::answered, LastStep::waiting_for_you,
                                LastStep::waiting_for_others, LastStep::solved, LastStep::reopened, LastStep::customer_wrote})
            answered(language, TicketStatus::open, step);
    }
}

TEST_CASE("status: a row of the list keeps its limits")
{
    ToldTicket const told{"48219376", TicketStatus::on_hold, std::string(300, 'w'), LastStep::answered, now - 26h, "", std::nullopt};
    auto const row = every_language().status_row(told, now, "en");
    CHECK(row.title == "#4821-9376");
    CHECK(row.description.starts_with("waiting for others, yesterday, 12:30 · www"));
    CHECK(row.description.ends_with("…"));
}
