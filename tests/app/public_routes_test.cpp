#include "public_routes.hpp"

#include "deskbridge/channel/registry.hpp"
#include "support/fake_clock.hpp"
#include "support/temp_store.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deskbridge;
using namespace std::chrono_literals;

TEST_CASE("hooks: what the server turned away is noted for its hook, and for all of them if nobody knows for which")
{
    test::TempStore store;
    test::FakeClock clock;
    NoLog log;
    channel::AccountContexts accounts;
    for (auto const* hook : {"a", "b"}) {
        auto& context = *accounts.emplace_back(std::make_unique<channel::AccountContext>());
        context.hook = hook;
        context.adapter = channel::find_adapter("whatsapp");
    }
    flow::Dice const dice = [] { return std::uint64_t{1}; };
    flow::Intake intake{flow::Intake::Parts{.store = *store, .around = {accounts, dice}, .log = log, .metrics = store.metrics, .on_queued = {}, .on_timer = {}}};
    app::Readiness const readiness;
    auto const routes = app::public_routes(intake, clock, readiness, nullptr, nullptr);
    auto const post = std::find_if(routes.begin(), routes.end(), [](net::Route const& route) { return route.method == "POST"; });
    REQUIRE(post != routes.end());
    auto const begun = clock.now();

    net::Request request;
    request.parameters = {"a"};
    post->unheard(&request);
    CHECK(intake.refusals().last("a") == begun);
    CHECK(intake.refusals().last("b") == std::nullopt);
    clock.advance(1s);
    post->unheard(nullptr);
    CHECK(intake.refusals().last("a") == begun + 1s);
    CHECK(intake.refusals().last("b") == begun + 1s);
    request.parameters = {"c"};
    post->unheard(&request);
    CHECK(intake.refusals().last("c") == std::nullopt);
}
