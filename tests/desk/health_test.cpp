#include "scene.hpp"

#include "deskbridge/store/account.hpp"
#include "deskbridge/store/account_health.hpp"
#include "deskbridge/store/contact.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace std::chrono_literals;
using test::Scene;

namespace {

constexpr auto number = "4915123";

/// The customer of the scene has this number.
void give_number(Scene& scene)
{
    scene.store.write([&](store::Tx& tx) { store::attach_identity(tx, scene.contact, "", {"number", number}, scene.clock.now()); });
}

} // namespace

TEST_CASE("account health: what is known, and what somebody wants to know now")
{
    Scene scene;
    auto const nothing = scene.perform_as(scene.ben, desk::ShowHealth{"support"});
    REQUIRE(nothing.has_value());
    CHECK(nothing->aspects.empty());
    CHECK(nothing->cannot.empty());
    scene.store.write([&](store::Tx& tx) {
        auto const now = scene.clock.now();
        (void)store::apply_finding(tx, scene.account, {HealthAspect::quality, "red", Severity::error}, {HealthSource::check, now, now});
        store::count_inbound(tx, scene.account, now);
    });
    auto const verified = scene.perform_as(scene.ben, desk::VerifyAccount{"support", true});
    REQUIRE(verified.has_value());
    REQUIRE(verified->aspects.size() == 1);
    CHECK(verified->account.health == Severity::error);
    CHECK(verified->check.next_at == scene.clock.now());
    CHECK(verified->check.with_hook);
    CHECK(verified->last_inbound == scene.clock.now());
    CHECK(scene.count("account.check_requested", {}) == 1);
    CHECK(scene.perform(desk::ShowHealth{"nobody"}).error().fault == Fault::not_found);
}

TEST_CASE("account health: an account that left the configuration shows what was known, and is not asked")
{
    Scene scene;
    scene.store.write([&](store::Tx& tx) { (void)store::configure_accounts(tx, {}, scene.clock.now()); });
    auto const shown = scene.perform(desk::ShowHealth{"support"});
    REQUIRE(shown.has_value());
    CHECK(shown->cannot == "the account is not configured any more");
    CHECK(scene.perform(desk::VerifyAccount{"support"}).error().fault == Fault::conflict);
    CHECK(scene.perform(desk::TestAccount{.account = "support", .to = number, .text = "hello"}).error().fault == Fault::conflict);
}

TEST_CASE("account test: a message goes through the outbox to somebody who has written, in no ticket, once")
{
    Scene scene;
    desk::TestAccount const request{.account = "support", .to = number, .text = "hello", .client_key = "k1"};
    auto const stranger = scene.perform(request);
    REQUIRE(stranger.has_error());
    CHECK(stranger.error().fault == Fault::malformed);
    CHECK_THAT(stranger.error().detail, Catch::Contains("has written to support"));
    give_number(scene);
    auto const sent = scene.perform(request);
    REQUIRE(sent.has_value());
    CHECK(sent->message.text == "hello");
    CHECK(sent->message.actor == scene.ana.actor());
    CHECK_FALSE(sent->message.ticket);
    CHECK(scene.outbox() == std::vector<std::string>{"agent: hello"});
    CHECK(scene.rings == 1);
    auto const again = scene.perform(request);
    REQUIRE(again.has_value());
    CHECK(again->message.id == sent->message.id);
    CHECK(scene.perform(desk::TestAccount{.account = "support", .to = number, .text = " "}).error().fault == Fault::malformed);
}

TEST_CASE("account test: outside the reply window only a template goes")
{
    Scene scene;
    give_number(scene);
    scene.clock.advance(25h);
    auto const late = scene.perform(desk::TestAccount{.account = "support", .to = number, .text = "hello"});
    REQUIRE(late.has_error());
    CHECK(late.error().fault == Fault::conflict);
    auto& policy = scene.accounts.front()->policy;
    policy.window_template = "we_answered";
    policy.window_template_language = "en";
    auto const sent = scene.perform(desk::TestAccount{.account = "support", .to = number, .name = "we_answered"});
    REQUIRE(sent.has_value());
    CHECK(sent->message.text == "[we_answered, en]");
}
