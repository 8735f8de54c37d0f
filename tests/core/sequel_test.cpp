#include "deskbridge/core/sequel.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using Kind = SequelFacts::Kind;

namespace {

struct Row {
    char const* label;
    SequelFacts facts; ///< of an edit
    bool edit;         ///< an edit or a deletion may take effect
    bool reaction;     ///< a reaction may
};

} // namespace

TEST_CASE("A text is changed by who wrote it, and reacted to within its chat")
{
    using Facts = SequelFacts;
    auto const row = GENERATE(values<Row>({
        {"a customer's own message", Facts{.same_chat = true, .by_customer = true, .by_sender = true}, true, true},
        {"another participant's message in the same group", Facts{.same_chat = true, .by_customer = true}, false, true},
        {"our message, by the customer", Facts{.same_chat = true}, false, true},
        {"a message typed on the business phone, by the customer", Facts{.same_chat = true, .typed_on_phone = true}, false, true},
        {"a message of another chat", Facts{.by_customer = true}, false, false},
        {"own words in another chat", Facts{.by_customer = true, .by_sender = true}, false, false},
        {"typed on the business phone, by the business phone",
         Facts{.same_chat = true, .from_business = true, .typed_on_phone = true}, true, true},
        {"typed on the business phone, in another chat", Facts{.from_business = true, .typed_on_phone = true}, false, false},
        {"an agent's message, by the business phone", Facts{.same_chat = true, .from_business = true}, false, true},
        {"the customer's message, by the business phone",
         Facts{.same_chat = true, .from_business = true, .by_customer = true, .by_sender = true}, false, true},
    }));
    INFO(row.label);
    for (auto const kind : {Kind::edit, Kind::deletion, Kind::reaction}) {
        auto facts = row.facts;
        facts.kind = kind;
        CHECK(why_no_sequel(facts).empty() == (kind == Kind::reaction ? row.reaction : row.edit));
    }
}
