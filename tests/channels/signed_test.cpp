#include "channels/fixture.hpp"

#include "deskbridge/channel/registry.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;

namespace {

constexpr auto secret = "whsec_ZGVtb19zdGFuZGFyZF93ZWJob29rc19rZXkx";

channel::Adapter const& adapter()
{
    return *channel::find_adapter("signed");
}

channel::Account account(std::vector<std::string> const& secrets, std::map<std::string, std::string, std::less<>> settings = {})
{
    settings.try_emplace("endpoint", "https://shop.example/deskbridge");
    settings.try_emplace("account_id", "shop");
    channel::Account made{"shop", "", "", "", std::move(settings), {{"inbound_secret", secrets}, {"outbound_secret", secrets}}};
    adapter().identify(made);
    return made;
}

channel::SendStep send(channel::Account const& from)
{
    return adapter().next(from, {{"Hello", {}, {}, {}, {}}, {"user", "u-1"}, "", "att-1", from_ms(1'763'000'000'999)}, {});
}

} // namespace

TEST_CASE("signed: the vector of Standard Webhooks holds, with the secret written in either way")
{
    // Made with the npm package standardwebhooks 1.1.1, read 2026-11-28.
    HttpRequest const request{"POST",
                              "/hooks/shop",
                              {{"webhook-id", "msg_demo1"},
                               {"webhook-timestamp", "1763000000"},
                               {"webhook-signature", "v1,mgFy+UBOxiM8rGEFNqO5ksJlgu85yWO7BkxVIgjUk9c="}},
                              R"({"type":"message.created","timestamp":"2025-11-13T02:13:20Z","data":{"id":"m1"}})"};
    struct Case {
        std::string label;
        std::vector<std::string> secrets;
        bool authentic;
    };
    auto const c = GENERATE(values<Case>({
        {"as it is given", {secret}, true},
        {"without its prefix", {"ZGVtb19zdGFuZGFyZF93ZWJob29rc19rZXkx"}, true},
        {"among others", {"whsec_b3V0Ym91bmQtc2VjcmV0LW9mLXRoZS10ZXN0", secret}, true},
        {"not decoded", {"demo_standard_webhooks_key1"}, false},
        {"another", {"whsec_b3V0Ym91bmQtc2VjcmV0LW9mLXRoZS10ZXN0"}, false},
    }));
    INFO(c.label);
    auto const one = account(c.secrets);
    CHECK(adapter().plausible(request));
    CHECK(adapter().authentic({"shop", {&one}}, request, from_ms(1'763'000'000'000)) == c.authentic);
}

TEST_CASE("signed: while a secret is being rotated, what goes out is signed with both")
{
    auto const one = send(account({secret}));
    auto const two = send(account({"whsec_b3V0Ym91bmQtc2VjcmV0LW9mLXRoZS10ZXN0", secret}));
    REQUIRE(std::holds_alternative<channel::Step>(one));
    REQUIRE(std::holds_alternative<channel::Step>(two));
    auto const alone = std::string{*std::get<channel::Step>(one).request.headers.find("webhook-signature")};
    auto const both = std::string{*std::get<channel::Step>(two).request.headers.find("webhook-signature")};
    CHECK(both.ends_with(" " + alone));
    CHECK(both.size() == 2 * alone.size() + 1);
    CHECK(std::get<channel::Step>(one).request.headers.find("webhook-timestamp") == "1763000000"); // of the attempt, whole seconds
}

TEST_CASE("signed: what is no secret counts as none")
{
    auto const text = GENERATE(as<std::string>{}, "", "whsec_", "whsec_c2hvcnQ=", "my-password-of-old", "whsec_ZGVtb19zdGFuZGFyZF93ZWJob29rc19rZXkx=",
                               "whpk_ZGVtb19zdGFuZGFyZF93ZWJob29rc19rZXkx");
    INFO(text);
    auto const step = send(account({text}));
    REQUIRE(std::holds_alternative<Outcome>(step));
    auto const& outcome = std::get<Outcome>(step);
    REQUIRE(std::holds_alternative<Refused>(outcome));
    CHECK(std::get<Refused>(outcome).because == Refused::Because::account);
}

TEST_CASE("signed: files are fetched from the named hosts, without credentials")
{
    struct Case {
        std::string endpoint;
        std::string media_hosts;
        std::vector<std::string> hosts;
        bool loopback;
    };
    auto const c = GENERATE(values<Case>({
        {"https://shop.example/deskbridge", "", {"shop.example"}, false},
        {"https://shop.example:8443/a?b", "", {"shop.example"}, false},
        {"https://shop.example", "cdn.shop.example, .files.example ,", {"cdn.shop.example", ".files.example"}, false},
        {"http://127.0.0.1:9000/", "", {"127.0.0.1"}, true},
        {"http://[::1]:9000/", "", {"::1"}, true},
    }));
    INFO(c.endpoint << ' ' << c.media_hosts);
    auto const shop = account({secret}, {{"endpoint", c.endpoint}, {"media_hosts", c.media_hosts}});
    auto const step = adapter().media_step(shop, {"https://shop.example/f/1", "image/png", "", std::string(64, 'a')}, {});
    REQUIRE(std::holds_alternative<channel::MediaLink>(step));
    auto const& link = std::get<channel::MediaLink>(step);
    CHECK(link.request.target == "https://shop.example/f/1");
    CHECK(link.request.headers.begin() == link.request.headers.end());
    CHECK(link.hosts == c.hosts);
    CHECK(link.loopback == c.loopback);
    CHECK(link.sha256 == std::string(64, 'a'));
    CHECK(std::holds_alternative<channel::NoMediaLink>(adapter().media_step(shop, {}, {})));
}

TEST_CASE("signed: only an app that always tells the token is evidence by its silence")
{
    auto const proves = [](std::string const& word) {
        return adapter().capabilities(account({secret}, {{"receipts", word}})).receipts_prove;
    };
    CHECK(proves("token"));
    CHECK_FALSE(proves("id"));
    CHECK_FALSE(proves(""));
}

TEST_CASE("signed: accounts share their customers if they say so")
{
    CHECK(account({secret}).scope == "signed:shop");
    CHECK(account({secret}, {{"scope", "all"}}).scope == "signed:all");
}
