#include "channels/fixture.hpp"

#include "deskbridge/channel/digest.hpp"
#include "deskbridge/channel/registry.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace deskbridge;

namespace {

constexpr std::string_view empty_batch = R"({"object":"whatsapp_business_account","entry":[]})";
constexpr std::string_view empty_batch_hex = "eb4b54cb68820a953c6ac314910c47e62f8e1b39bbda1006514617140c6d3870";

channel::Account account(std::vector<std::string> app_secrets, std::vector<std::string> verify_tokens = {"my-token"})
{
    return {"support", "1", "", "", {}, {{"app_secret", std::move(app_secrets)}, {"verify_token", std::move(verify_tokens)}}};
}

channel::Adapter const& adapter()
{
    return *channel::find_adapter("whatsapp");
}

struct Verdict {
    bool plausible;
    bool authentic;
    friend bool operator==(Verdict const&, Verdict const&) = default;
};

Verdict judge(channel::Hook const& hook, Headers headers, std::string_view body)
{
    HttpRequest const request{"POST", "/hooks/support", std::move(headers), std::string{body}};
    return {adapter().plausible(request), adapter().authentic(hook, request, from_ms(0))};
}

std::string signature(std::string_view hex)
{
    return "sha256=" + std::string{hex};
}

} // namespace

TEST_CASE("WhatsApp: the signature is that of the raw bytes")
{
    struct Case {
        std::string label;
        std::string body;
        std::string hex;
    };
    auto const c = GENERATE(values<Case>({
        {"empty batch", std::string{empty_batch}, std::string{empty_batch_hex}},
        {"escaped text, 36 bytes", R"({"body":"caf\u00e9 \/ \ud83d\udc4b"})",
         "805c2b1867ea189ea54b450624b0bb3b2026f6e8d2880c64fac3723f4bc2a9ba"},
        {"UTF-8 text", R"({"body":"café / 👋"})", "2f6f3a9dcb1b325082e1e8f9e1bcf5952e44c816708d62e5544a67ccf84e4954"},
    }));
    INFO(c.label);
    auto const one = account({"example-app-secret"});
    auto const other = account({"another-app"});
    auto const rotating = account({"new-secret", "example-app-secret"});
    CHECK(judge({"h", {&one}}, {{"X-Hub-Signature-256", signature(c.hex)}}, c.body) == Verdict{true, true});
    CHECK(judge({"h", {&rotating}}, {{"x-hub-signature-256", signature(c.hex)}}, c.body) == Verdict{true, true});
    CHECK(judge({"h", {&other, &one}}, {{"X-Hub-Signature-256", signature(c.hex)}}, c.body) == Verdict{true, true});
    CHECK(judge({"h", {&other}}, {{"X-Hub-Signature-256", signature(c.hex)}}, c.body) == Verdict{true, false});
    CHECK(judge({"h", {&one}}, {{"X-Hub-Signature-256", signature(c.hex)}}, c.body + " ") == Verdict{true, false});
}

TEST_CASE("WhatsApp: what is not exactly the signature is refused")
{
    std::string const right = signature(empty_batch_hex);
    auto bit_off = right;
    bit_off.back() = '1';
    auto first_bit_off = right;
    first_bit_off[7] = 'f';
    auto upper = right;
    std::transform(upper.begin() + 7, upper.end(), upper.begin() + 7,
                   [](char x) { return x >= 'a' && x <= 'f' ? static_cast<char>(x - 32) : x; });
    struct Case {
        std::string label;
        Headers headers;
        Verdict verdict;
    };
    auto const c = GENERATE_COPY(values<Case>({
        {"right", {{"X-Hub-Signature-256", right}}, {true, true}},
        {"right, with the old SHA-1 header", {{"X-Hub-Signature", "sha1=00"}, {"X-Hub-Signature-256", right}}, {true, true}},
        {"last bit off", {{"X-Hub-Signature-256", bit_off}}, {true, false}},
        {"first bit off", {{"X-Hub-Signature-256", first_bit_off}}, {true, false}},
        {"missing", {}, {false, false}},
        {"only the old SHA-1 header", {{"X-Hub-Signature", right}}, {false, false}},
        {"empty", {{"X-Hub-Signature-256", ""}}, {false, false}},
        {"prefix only", {{"X-Hub-Signature-256", "sha256="}}, {false, false}},
        {"cut short", {{"X-Hub-Signature-256", right.substr(0, 40)}}, {false, false}},
        {"too long", {{"X-Hub-Signature-256", right + "0"}}, {false, false}},
        {"without its prefix", {{"X-Hub-Signature-256", std::string{empty_batch_hex}}}, {false, false}},
        {"upper case", {{"X-Hub-Signature-256", upper}}, {false, false}},
        {"prefix in upper case", {{"X-Hub-Signature-256", "SHA256=" + right.substr(7)}}, {false, false}},
        {"a space in front", {{"X-Hub-Signature-256", " " + right}}, {false, false}},
        {"repeated", {{"X-Hub-Signature-256", right}, {"X-Hub-Signature-256", right}}, {false, false}},
        {"repeated, one wrong", {{"X-Hub-Signature-256", bit_off}, {"x-hub-signature-256", right}}, {false, false}},
    }));
    INFO(c.label);
    auto const one = account({"example-app-secret"});
    CHECK(judge({"h", {&one}}, c.headers, empty_batch) == c.verdict);
}

TEST_CASE("WhatsApp: without a secret nothing is authentic")
{
    auto const header = Headers{{"X-Hub-Signature-256", signature(channel::hmac_sha256_hex("", empty_batch))}};
    auto const none = account({});
    auto const blank = account({""});
    CHECK_FALSE(judge({"h", {}}, header, empty_batch).authentic);
    CHECK_FALSE(judge({"h", {&none}}, header, empty_batch).authentic);
    CHECK_FALSE(judge({"h", {&blank}}, header, empty_batch).authentic);
}

TEST_CASE("WhatsApp: the handshake answers the challenge, verbatim, to whom knows the token")
{
    struct Case {
        std::string label;
        std::string method;
        std::string query;
        std::optional<int> status;
        std::string body;
    };
    auto const c = GENERATE(values<Case>({
        {"right", "GET", "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=my-token", 200, "1158201444"},
        {"second token", "GET", "?hub.mode=subscribe&hub.challenge=1&hub.verify_token=old%20token", 200, "1"},
        {"no digits, escaped", "GET", "?hub.verify_token=my-token&hub.mode=subscribe&hub.challenge=a%2Bb%22", 200, "a+b\""},
        {"wrong token", "GET", "?hub.mode=subscribe&hub.challenge=1&hub.verify_token=my-tokem", 403, "forbidden"},
        {"prefix of the token", "GET", "?hub.mode=subscribe&hub.challenge=1&hub.verify_token=my-toke", 403, "forbidden"},
        {"empty token", "GET", "?hub.mode=subscribe&hub.challenge=1&hub.verify_token=", 403, "forbidden"},
        {"no token", "GET", "?hub.mode=subscribe&hub.challenge=1", 403, "forbidden"},
        {"token twice", "GET", "?hub.mode=subscribe&hub.challenge=1&hub.verify_token=my-token&hub.verify_token=my-token", 403,
         "forbidden"},
        {"wrong mode", "GET", "?hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=my-token", 403, "forbidden"},
        {"no challenge", "GET", "?hub.mode=subscribe&hub.verify_token=my-token", 403, "forbidden"},
        {"nothing", "GET", "", 403, "forbidden"},
        {"another method", "POST", "?hub.mode=subscribe&hub.challenge=1&hub.verify_token=my-token", std::nullopt, ""},
    }));
    INFO(c.label);
    auto const one = account({"s"}, {"my-token", "old token"});
    auto const reply = adapter().handshake({"h", {&one}}, HttpRequest{c.method, "/hooks/support" + c.query, {}, ""});
    REQUIRE(reply.has_value() == c.status.has_value());
    if (!reply)
        return;
    CHECK(reply->status == *c.status);
    CHECK(reply->body == c.body);
    CHECK(reply->headers.find("Content-Type") == "text/plain");
}

TEST_CASE("WhatsApp: a hook without verify tokens refuses every handshake")
{
    auto const blank = account({"s"}, {""});
    HttpRequest const request{"GET", "/hooks/support?hub.mode=subscribe&hub.challenge=1&hub.verify_token=", {}, ""};
    CHECK(adapter().handshake({"h", {&blank}}, request)->status == 403);
}
