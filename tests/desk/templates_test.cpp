#include "scene.hpp"

#include "deskbridge/store/conversation.hpp"
#include "deskbridge/store/reach.hpp"
#include "deskbridge/store/template.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace std::chrono_literals;
using test::hash;
using test::Scene;

TEST_CASE("templates: of an account without a list only those that the configuration names are sent, as it names them")
{
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    auto& policy = scene.accounts.front()->policy;
    policy.window_template = "we_answered";
    policy.window_template_language = "en";
    auto const other = scene.perform(desk::SendTemplate{hash(id), "sale", "en", {}, ""});
    REQUIRE(other.has_error());
    CHECK(other.error().fault == Fault::conflict);
    auto const gap = scene.perform(desk::SendTemplate{hash(id), "we_answered", "", {{"1", "a"}, {"3", "c"}}, ""});
    REQUIRE(gap.has_error());
    CHECK(gap.error().fault == Fault::malformed);
    auto const sent = scene.perform(desk::SendTemplate{hash(id), "we_answered", "", {{"2", "b"}, {"1", "a"}}, "k1"});
    REQUIRE(sent.has_value());
    CHECK(sent->message.text == "[we_answered, en] a b");
    CHECK(sent->message.actor == scene.ana.actor());
    CHECK(scene.ticket(id).last_step == "answered");
    auto const again = scene.perform(desk::SendTemplate{hash(id), "we_answered", "", {{"2", "b"}, {"1", "a"}}, "k1"});
    REQUIRE(again.has_value());
    CHECK(again->message.id == sent->message.id);
    auto const with_other_values = scene.perform(desk::SendTemplate{hash(id), "we_answered", "", {{"1", "x"}}, "k1"});
    REQUIRE(with_other_values.has_error());
    CHECK(with_other_values.error().fault == Fault::conflict);
    REQUIRE(scene.perform(desk::SendTemplate{hash(id), "we_answered", "", {{"1", "a 2=b"}, {"2", "c"}}, "k2"}).has_value());
    auto const told_apart = scene.perform(desk::SendTemplate{hash(id), "we_answered", "", {{"1", "a"}, {"2", "b 2=c"}}, "k2"});
    REQUIRE(told_apart.has_error());
    CHECK(told_apart.error().fault == Fault::conflict);
}

TEST_CASE("templates: a channel that lists none says so")
{
    Scene scene;
    auto const account = std::to_string(scene.account.value);
    auto const page = scene.perform(desk::ListTemplates{account});
    REQUIRE(page.has_value());
    CHECK(page->templates.empty());
    CHECK(page->state.cannot == "the channel of this account lists no templates");
    auto const synced = scene.perform(desk::SyncTemplates{account});
    REQUIRE(synced.has_error());
    CHECK(synced.error().fault == Fault::conflict);
    CHECK(scene.perform(desk::ListTemplates{"nobody"}).error().fault == Fault::not_found);
    CHECK(scene.perform(desk::ShowTemplate{account, "sale"}).error().fault == Fault::not_found);
}

TEST_CASE("templates: whoever is known not to be reachable is sent none")
{
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    auto& policy = scene.accounts.front()->policy;
    policy.window_template = "we_answered";
    policy.window_template_language = "en";
    auto const conversation = scene.store.read([&](store::Reading& r) { return *store::find_conversation(r, scene.ticket(id).conversation); });
    scene.store.write([&](store::Tx& tx) {
        store::note_reach(tx, conversation.account, {conversation.address, Barrier::blocked}, scene.clock.now() + 1s);
    });
    auto const sent = scene.perform(desk::SendTemplate{hash(id), "we_answered", "", {}, ""});
    REQUIRE(sent.has_error());
    CHECK(sent.error().detail == explain_barrier(Barrier::blocked));
    CHECK(scene.outbox().empty());
}
