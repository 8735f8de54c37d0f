#include "deskbridge/core/identity.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deskbridge;

namespace {

using Strings = std::vector<std::string>;

struct Held {
    std::string kind;
    std::string value;
    int holder{0};
    Strings other_ids{};   ///< the holder's other bsuids
    int last_holder{0};
    std::string held_as{}; ///< empty: as in the event
    Strings other_numbers{};
};

std::vector<AddressHolder> holders(std::vector<Held> const& held)
{
    std::vector<AddressHolder> all;
    for (auto const& one : held) {
        AddressHolder holder;
        holder.address = {one.kind, one.value};
        holder.holder = ContactId{one.holder};
        if (one.holder)
            holder.held_as = one.held_as.empty() ? one.value : one.held_as;
        for (auto const& id : one.other_ids)
            holder.other_ids.push_back({"bsuid", id});
        for (auto const& number : one.other_numbers)
            holder.other_numbers.push_back({"wa_id", number});
        holder.last_holder = ContactId{one.last_holder};
        all.push_back(std::move(holder));
    }
    return all;
}

std::string tell(ContactDecision const& decision)
{
    static char const* const words[]{"found", "create", "merge", "recycled"};
    std::string text = words[static_cast<int>(decision.outcome)];
    if (decision.contact)
        text += " c" + std::to_string(decision.contact.value);
    for (auto const id : decision.merged)
        text += " +c" + std::to_string(id.value);
    if (decision.flagged)
        text += " flags c" + std::to_string(decision.flagged.value);
    for (auto const& address : decision.attach)
        text += " attach:" + address.value;
    for (auto const& address : decision.retire)
        text += " retire:" + address.value;
    return text;
}

} // namespace

TEST_CASE("number variants of Brazil, Mexico and Argentina")
{
    struct Case {
        std::string label;
        std::string number;
        Strings variants;
    };
    auto const c = GENERATE(values<Case>({
        {"Brazil with the 9", "5511987654321", {"5511987654321", "551187654321"}},
        {"Brazil without it", "551187654321", {"551187654321", "5511987654321"}},
        {"Brazil, mobile from 6 on", "558561234567", {"558561234567", "5585961234567"}},
        {"Brazil, a landline", "551132165498", {"551132165498"}},
        {"Brazil, a newer mobile number, whose tail would be a landline", "5511943216549", {"5511943216549"}},
        {"Brazil, another digit before", "5511887654321", {"5511887654321"}},
        {"Brazil, too short", "55118765432", {"55118765432"}},
        {"Mexico", "525512345678", {"525512345678", "5215512345678"}},
        {"Mexico with the 1", "5215512345678", {"5215512345678", "525512345678"}},
        {"Mexico, no such number", "521551234567", {"521551234567"}},
        {"Argentina", "541123456789", {"541123456789", "5491123456789"}},
        {"Argentina with the 9", "5491123456789", {"5491123456789", "541123456789"}},
        {"Germany", "4915112345678", {"4915112345678"}},
        {"United States", "15551234567", {"15551234567"}},
        {"not a number", "55119876x4321", {"55119876x4321"}},
        {"nothing", "", {""}},
    }));
    INFO(c.label);
    CHECK(number_variants(c.number) == c.variants);
    for (auto const& variant : c.variants) { // all spellings lead to the same set
        auto back = number_variants(variant);
        auto same = c.variants;
        std::sort(back.begin(), back.end());
        std::sort(same.begin(), same.end());
        CHECK(back == same);
    }
}

TEST_CASE("whose event it is")
{
    struct Case {
        std::string label;
        std::vector<Held> held;
        std::string told;
    };
    auto const c = GENERATE(values<Case>({
        {"a stranger", {{"bsuid", "DE.1"}, {"wa_id", "491"}}, "create attach:DE.1 attach:491"},
        {"a stranger without a phone", {{"bsuid", "DE.1"}}, "create attach:DE.1"},
        {"known by both", {{"bsuid", "DE.1", 1}, {"wa_id", "491", 1, {"DE.1"}}}, "found c1"},
        {"known by the id, first phone", {{"bsuid", "DE.1", 1}, {"wa_id", "491"}}, "found c1 attach:491"},
        {"known by the phone, first id", {{"bsuid", "DE.1"}, {"wa_id", "491", 1}}, "found c1 attach:DE.1"},
        {"known by the phone, which has vanished", {{"bsuid", "DE.1", 1}}, "found c1"},
        {"known by another spelling of the phone, which is kept as an alias",
         {{"wa_id", "551187654321", 1, {}, 0, "5511987654321"}}, "found c1 attach:551187654321"},
        {"known by the parent id", {{"bsuid", "DE.1"}, {"parent_bsuid", "DE.ENT.1", 1}}, "found c1 attach:DE.1"},
        {"id and phone lead to two: they are one person",
         {{"bsuid", "DE.1", 1}, {"wa_id", "491", 2}}, "merge c1 +c2 attach:491"},
        {"id, parent and phone lead to three",
         {{"bsuid", "DE.1", 1}, {"parent_bsuid", "DE.ENT.1", 2}, {"wa_id", "491", 3}},
         "merge c1 +c2 +c3 attach:DE.ENT.1 attach:491"},
        {"id and phone lead to two, but the phone's contact has another id: the number changed hands",
         {{"bsuid", "DE.1", 1}, {"wa_id", "491", 2, {"DE.2"}}}, "recycled c1 flags c2 attach:491 retire:491"},
        {"a known phone with another id: a new person",
         {{"bsuid", "DE.3"}, {"wa_id", "491", 1, {"DE.2"}}}, "recycled flags c1 attach:DE.3 attach:491 retire:491"},
        {"…in another spelling",
         {{"bsuid", "BR.3"}, {"wa_id", "551187654321", 1, {"BR.2"}, 0, "5511987654321"}},
         "recycled flags c1 attach:BR.3 attach:551187654321 retire:5511987654321"},
        {"a known phone with another id, but the parent is known: the same person's",
         {{"bsuid", "DE.3"}, {"parent_bsuid", "DE.ENT.1", 1, {"DE.2"}}, {"wa_id", "491", 1, {"DE.2"}}},
         "found c1 attach:DE.3"},
        {"the parent shows that it is the same person: their number has no new owner",
         {{"bsuid", "DE.1", 1}, {"parent_bsuid", "DE.ENT.1", 2, {"DE.2"}}, {"wa_id", "491", 2, {"DE.2"}}},
         "merge c1 +c2 attach:DE.ENT.1 attach:491"},
        {"…nor if the number stands before it", {{"bsuid", "DE.1", 1}, {"wa_id", "491", 2, {"DE.2"}}, {"parent_bsuid", "DE.ENT.1", 2, {"DE.2"}}},
         "merge c1 +c2 attach:491 attach:DE.ENT.1"},
        {"an id that was replaced: the same person, in an older message",
         {{"bsuid", "DE.1", 0, {}, 1}, {"wa_id", "491"}}, "found c1"},
        {"an older message, and its number has a new owner",
         {{"bsuid", "DE.1", 0, {}, 1}, {"wa_id", "491", 2, {"DE.2"}}}, "found c1"},
        {"a number that somebody gave up: a new person", {{"wa_id", "491", 0, {}, 1}}, "create attach:491"},
        {"phone only, as before ids came", {{"wa_id", "491", 1, {"DE.1"}}}, "found c1"},
    }));
    INFO(c.label);
    auto const held = holders(c.held);
    CHECK(tell(decide_contact(held)) == c.told);
    CHECK_FALSE(decide_contact(held).reason.empty());
}

TEST_CASE("announced changes of address, before and after the first message from the new one")
{
    struct Case {
        std::string label;
        std::vector<Held> previous;
        std::vector<Held> current;
        std::string told;
    };
    auto const c = GENERATE(values<Case>({
        {"new number and new id", {{"wa_id", "491", 1, {"DE.1"}}}, {{"bsuid", "DE.2"}, {"wa_id", "492"}},
         "found c1 attach:DE.2 attach:492 retire:491 retire:DE.1"},
        {"both old ones named", {{"bsuid", "DE.1", 1, {"DE.1"}}, {"wa_id", "491", 1, {"DE.1"}}},
         {{"bsuid", "DE.2"}, {"wa_id", "492"}}, "found c1 attach:DE.2 attach:492 retire:DE.1 retire:491"},
        {"new id, same number", {{"bsuid", "DE.1", 1, {"DE.1"}}}, {{"bsuid", "DE.2"}, {"wa_id", "491", 1, {"DE.1"}}},
         "found c1 attach:DE.2 retire:DE.1"},
        {"nobody we know", {{"wa_id", "491"}}, {{"wa_id", "492"}}, "found"},
        {"told twice", {{"bsuid", "DE.1", 0, {}, 1}}, {{"bsuid", "DE.2", 1, {"DE.2"}}}, "found c1"},
        {"told after the first message from the new id",
         {{"bsuid", "DE.1", 1, {"DE.1"}}}, {{"bsuid", "DE.2", 2, {"DE.2"}}, {"wa_id", "492", 2, {"DE.2"}}},
         "merge c1 +c2 attach:DE.2 attach:492 retire:DE.1"},
        {"told after the first message, numbers only", {{"wa_id", "491", 1}}, {{"wa_id", "492", 2}},
         "merge c1 +c2 attach:492 retire:491"},
        {"the new number was a stranger's", {{"wa_id", "491", 1, {"DE.1"}}},
         {{"bsuid", "DE.2"}, {"wa_id", "492", 3, {"DE.3"}}},
         "recycled c1 flags c3 attach:DE.2 attach:492 retire:492 retire:491 retire:DE.1"},
        {"the new number is that of whom the parent shows to be the same person", {{"bsuid", "DE.1", 1, {"DE.1"}}},
         {{"bsuid", "DE.2"}, {"wa_id", "492", 3, {"DE.3"}}, {"parent_bsuid", "DE.ENT.1", 3, {"DE.3"}}},
         "merge c1 +c3 attach:DE.2 attach:492 attach:DE.ENT.1 retire:DE.1"},
        {"security code only", {{"wa_id", "491", 1}}, {}, "found c1"},
        {"the old one is unknown, the new one is not", {{"bsuid", "DE.1"}}, {{"bsuid", "DE.2", 2}, {"wa_id", "492"}},
         "found c2 attach:492"},
        {"ids named, and a number that is new: the one before is given up",
         {{"bsuid", "DE.1", 1, {"DE.1"}, 0, "", {"491"}}}, {{"bsuid", "DE.2"}, {"wa_id", "492"}},
         "found c1 attach:DE.2 attach:492 retire:DE.1 retire:491"},
        {"ids named, and the number that is known", {{"bsuid", "DE.1", 1, {"DE.1"}, 0, "", {"491"}}},
         {{"bsuid", "DE.2"}, {"wa_id", "491", 1, {"DE.1"}, 0, "", {"491"}}}, "found c1 attach:DE.2 retire:DE.1"},
        {"…in another spelling", {{"bsuid", "BR.1", 1, {"BR.1"}, 0, "", {"5511987654321"}}},
         {{"bsuid", "BR.2"}, {"wa_id", "551187654321", 1, {"BR.1"}, 0, "5511987654321", {"5511987654321"}}},
         "found c1 attach:BR.2 attach:551187654321 retire:BR.1"},
        {"ids named, told after a message with both new ones", {{"bsuid", "DE.1", 1, {"DE.1"}, 0, "", {"491"}}},
         {{"bsuid", "DE.2", 2, {"DE.2"}, 0, "", {"492"}}, {"wa_id", "492", 2, {"DE.2"}, 0, "", {"492"}}},
         "merge c1 +c2 attach:DE.2 attach:492 retire:DE.1 retire:491"},
        {"…and it still names the number before", {{"bsuid", "DE.1", 1, {"DE.1"}, 0, "", {"491"}}, {"wa_id", "491", 1, {"DE.1"}, 0, "", {"491"}}},
         {{"bsuid", "DE.2", 2, {"DE.2"}, 0, "", {"492"}}, {"wa_id", "491", 1, {"DE.1"}, 0, "", {"491"}}},
         "merge c1 +c2 attach:DE.2 attach:492 retire:DE.1 retire:491"},
        {"told again, with the number that was given up", {{"bsuid", "DE.1", 0, {}, 1}},
         {{"bsuid", "DE.2", 1, {"DE.2"}, 0, "", {"492"}}, {"wa_id", "491", 0, {}, 1}}, "found c1"},
        {"back to a number that they had before", {{"bsuid", "DE.2", 1, {"DE.2"}, 0, "", {"492"}}, {"wa_id", "492", 1, {"DE.2"}, 0, "", {"492"}}},
         {{"bsuid", "DE.3"}, {"wa_id", "491", 0, {}, 1}}, "found c1 attach:DE.3 attach:491 retire:DE.2 retire:492"},
    }));
    INFO(c.label);
    CHECK(tell(decide_identity_change(holders(c.previous), holders(c.current))) == c.told);
}
