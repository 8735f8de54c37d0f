#include "deskbridge/core/choice_payload.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;

TEST_CASE("A payload of ours survives the way to the customer and back")
{
    auto const payload = GENERATE(values<ChoicePayload>({
        OfferedRow{"00ff00ff00ff00ff", 0},
        OfferedRow{"a.b", 9},
        OrderedVerb{Command::status, {}, TicketId{42}},
        OrderedVerb{Command::agent, {}, {}},
        OrderedVerb{Command::language, "pt-BR", {}},
        OrderedVerb{std::nullopt, {}, TicketId{7}},
    }));
    auto const text = render_payload(payload);
    INFO(text);
    auto const back = parse_payload(text);
    REQUIRE(back.has_value());
    CHECK(*back == payload);
}

TEST_CASE("What is not ours is no payload")
{
    auto const text = GENERATE(values<std::string>({
        "", "dept-billing", "db.", "db.row.", "db.row.abc", "db.row..1", "db.row.abc.", "db.row.abc.-1", "db.row.abc.1x",
        "db.row.abc.99999999999", "db.do.", "db.do.dance", "db.do.ticket", "db.do.ticket.0", "db.do.ticket.x", "db.do.status.x",
        "db.do.status.-4", "db.do.language", "db.do.language.", "DB.DO.STATUS",
    }));
    INFO(text);
    CHECK_FALSE(parse_payload(text).has_value());
}
