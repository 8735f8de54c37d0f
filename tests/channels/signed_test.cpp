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

TEST_CASE("signed: the vector of Ed25519 holds by the public key, and by nothing else")
{
    // Standard Webhooks, spec/standard-webhooks.md, "Signature scheme": v1a; key of the seed 00..1f, made with Node's crypto, 2026-11-30.
    constexpr auto public_key = "whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";
    std::string const right = "v1a,NgI8vEFxJrcaEPIcugV4ndvj2Y6ST0tTmeB15wUHDwhfF5/35orEyrMcsdyx8TQe++Fdf8Q4pSK9GX69x0bJCg==";
    std::string const body = R"({"type":"message.created","timestamp":"2025-11-13T02:13:20Z","data":{"id":"m1"}})";
    std::string const wrong = "v1a," + std::string(86, 'A') + "== ";
    auto const after = [&](std::size_t others) {
        std::string list;
        while (others-- > 0)
            list += wrong;
        return list + right;
    };
    struct Case {
        std::string label;
        std::string key;
        std::string signature;
        std::string body;
        bool authentic;
    };
    auto const c = GENERATE_COPY(values<Case>({
        {"as it is given", public_key, right, body, true},
        {"among others", public_key, "v1,AAAA v2,x " + right, body, true},
        {"the eighth of its version", public_key, after(7), body, true},
        {"the ninth, which nobody looks at", public_key, after(8), body, false},
        {"another body", public_key, right, body + " ", false},
        {"another first byte of the signature", public_key, "v1a,OgI8" + right.substr(8), body, false},
        {"no base64", public_key, "v1a,!" + right.substr(5), body, false},
        {"another key", "whpk_BKEHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=", right, body, false},
        {"a key that is too short", "whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMQ==", right, body, false},
        {"the key as a secret", "whsec_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=", right, body, false},
        // Whoever knows the public key could make this one.
        {"an HMAC with the public key", public_key, "v1,Nnk2o8lke2I4egN41kxAkgSLf6Vg093ZMYNRSBLUu2g=", body, false},
    }));
    INFO(c.label);
    HttpRequest const request{
        "POST", "/hooks/shop", {{"webhook-id", "msg_demo1"}, {"webhook-timestamp", "1763000000"}, {"webhook-signature", c.signature}}, c.body};
    channel::Account one{"shop", "", "", "", {{"endpoint", "https://shop.example/"}, {"account_id", "shop"}}, {{"inbound_secret", {c.key}}}};
    CHECK(adapter().plausible(request));
    CHECK(adapter().authentic({"shop", {&one}}, request, from_ms(1'763'000'000'000)) == c.authentic);
    CHECK_FALSE(adapter().authentic({"shop", {&one}}, request, from_ms(1'763'000'301'000)));
}

TEST_CASE("signed: a public key signs nothing of ours")
{
    for (auto const& setting : adapter().settings())
        if (setting.kind == channel::Setting::Kind::secret)
            CHECK(setting.has_form("whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=") == (setting.key == "inbound_secret"));
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

TEST_CASE("signed: of the HMACs of a header eight are looked at")
{
    std::size_t const others = GENERATE(7U, 8U);
    std::string list;
    for (std::size_t n = 0; n < others; ++n)
        list += "v1," + std::string(43, 'A') + "= ";
    HttpRequest const request{"POST",
                              "/hooks/shop",
                              {{"webhook-id", "msg_demo1"},
                               {"webhook-timestamp", "1763000000"},
                               {"webhook-signature", list + "v1,mgFy+UBOxiM8rGEFNqO5ksJlgu85yWO7BkxVIgjUk9c="}},
                              R"({"type":"message.created","timestamp":"2025-11-13T02:13:20Z","data":{"id":"m1"}})"};
    auto const one = account({secret});
    CHECK(adapter().authentic({"shop", {&one}}, request, from_ms(1'763'000'000'000)) == (others == 7));
}
