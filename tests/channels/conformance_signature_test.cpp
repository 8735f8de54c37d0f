#include "channels/conformance.hpp"

#include "deskbridge/channel/registry.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>

using namespace deskbridge;
using test::ChannelScene;
using test::Json;

namespace {

/// A webhook of the channel that is signed as it should be, and how that is said.
struct Signed {
    explicit Signed(std::string const& channel)
        : scene{channel}, request{scene.webhook(test::bodies_of(test::plain_text_fixture(channel).doc.at("webhook")).front())},
          how(scene.conformance().at("signature")), // in braces it would be an array of one
          header{how.at("header").get<std::string>()},
          value{request.headers.find(header).value_or("")}
    {
    }

    [[nodiscard]] bool is_taken(HttpRequest const& sent) const
    {
        auto const hook = scene.hook();
        return scene.adapter().plausible(sent) &&
               channel::VerifiedWebhook::check(scene.adapter(), hook, sent, scene.received_at()).has_value();
    }
    [[nodiscard]] bool is_taken_with(std::string const& signature) const
    {
        auto sent = request;
        sent.headers.set(header, signature);
        return is_taken(sent);
    }

    ChannelScene scene;
    HttpRequest request;
    Json how;
    std::string header;
    std::string value;
};

/// Another secret of the same form.
std::string other_secret(std::string secret)
{
    auto& digit = secret.at(secret.size() / 2);
    digit = digit == 'A' ? 'B' : 'A';
    return secret;
}

std::string upper(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return text;
}

void for_each_channel(std::function<void(std::string const&)> const& check)
{
    for (auto const name : channel::adapter_names())
        DYNAMIC_SECTION(name)
        {
            check(std::string{name});
        }
}

bool has_bit_off_taken(Signed const& s, std::string const& text, std::function<bool(std::string const&)> const& taken)
{
    for (std::size_t i = 0; i < text.size(); ++i)
        for (int bit = 0; bit < 7; ++bit) {
            auto off = text;
            off[i] = static_cast<char>(off[i] ^ (1 << bit));
            if (off[i] >= ' ' && off[i] != '\x7f' && taken(off)) {
                UNSCOPED_INFO("bit " << bit << " of byte " << i << " of " << s.header << " or body is not looked at");
                return true;
            }
        }
    return false;
}

} // namespace

TEST_CASE("conformance: what is not exactly the signature is refused")
{
    for_each_channel([](std::string const& channel) {
        Signed const s{channel};
        REQUIRE_FALSE(s.value.empty());
        CHECK(s.is_taken(s.request));
        CHECK_FALSE(has_bit_off_taken(s, s.value, [&s](std::string const& off) { return s.is_taken_with(off); }));
        for (std::size_t length = 0; length < s.value.size(); ++length) {
            INFO("the first " << length << " bytes alone");
            CHECK_FALSE(s.is_taken_with(s.value.substr(0, length)));
        }
        CHECK_FALSE(s.is_taken_with(s.value + "A"));
        CHECK_FALSE(s.is_taken_with(s.value + s.value));
        auto twice = s.request;
        twice.headers.add(s.header, s.value);
        CHECK_FALSE(s.is_taken(twice));
        auto one_wrong = s.request;
        one_wrong.headers.add(upper(s.header), "x");
        CHECK_FALSE(s.is_taken(one_wrong));
    });
}

TEST_CASE("conformance: header names have no case, and a missing one is a refusal")
{
    for_each_channel([](std::string const& channel) {
        Signed const s{channel};
        HttpRequest shouting{s.request.method, s.request.target, {}, s.request.body};
        HttpRequest without = shouting;
        for (auto const& [name, value] : s.request.headers) {
            shouting.headers.add(upper(name), value);
            if (upper(name) != upper(s.header))
                without.headers.add(name, value);
        }
        CHECK(s.is_taken(shouting));
        CHECK_FALSE(s.is_taken(without));
    });
}

TEST_CASE("conformance: everything that is signed is held against the signature")
{
    for_each_channel([](std::string const& channel) {
        Signed const s{channel};
        if (s.how.at("algorithm") == "equality")
            return; // nothing is
        CHECK_FALSE(has_bit_off_taken(s, s.request.body, [&s](std::string const& off) {
            auto sent = s.request;
            sent.body = off;
            return s.is_taken(sent);
        }));
        for (auto const& [name, value] : s.request.headers) {
            if (s.how.value("over", std::string{}).find("${" + name + "}") == std::string::npos)
                continue;
            auto const& field = name;
            CHECK_FALSE(has_bit_off_taken(s, value, [&s, &field](std::string const& off) {
                auto sent = s.request;
                sent.headers.set(field, off);
                return s.is_taken(sent);
            }));
        }
    });
}

TEST_CASE("conformance: a signature with a time holds for as long as it may, and no longer")
{
    for_each_channel([](std::string const& channel) {
        Signed const s{channel};
        if (!s.how.contains("window_s"))
            return; // it has none
        auto const window = s.how.at("window_s").get<std::int64_t>();
        auto const now = to_ms(s.scene.received_at()) / 1000;
        auto const taken_at = [&](std::int64_t seconds) {
            Json headers = Json::object();
            for (auto const& [name, value] : s.request.headers)
                headers[name] = value;
            headers[s.how.at("timestamp").get<std::string>()] = std::to_string(seconds);
            headers[s.header] = s.how.value("prefix", "") + "${signature}";
            return s.is_taken(s.scene.webhook(s.request.body, headers));
        };
        CHECK(taken_at(now - window));
        CHECK(taken_at(now + window));
        CHECK_FALSE(taken_at(now - window - 1));
        CHECK_FALSE(taken_at(now + window + 1));
        CHECK_FALSE(taken_at(0));
    });
}

TEST_CASE("conformance: only the account's secrets hold, each of them while one is rotated")
{
    for_each_channel([](std::string const& channel) {
        Signed s{channel};
        auto const right = s.scene.signing_secret();
        auto const other = other_secret(right);
        struct Case {
            std::string label;
            std::vector<std::string> secrets;
            bool taken;
        };
        for (auto const& c : std::vector<Case>{{"another account's", {other}, false},
                                               {"the new one beside the old one", {other, right}, true},
                                               {"the old one beside the new one", {right, other}, true},
                                               {"a prefix of it", {right.substr(0, right.size() - 4)}, false},
                                               {"none", {}, false},
                                               {"an empty one", {""}, false}}) {
            INFO(c.label);
            s.scene.rotate_secrets(c.secrets);
            CHECK(s.is_taken(s.request) == c.taken);
        }
        s.scene.rotate_secrets({""});
        auto headers = Json::object();
        for (auto const& [name, value] : s.request.headers)
            headers[name] = value;
        headers[s.header] = s.how.value("prefix", "") + test::sign(s.how, "", headers, s.request.body);
        CHECK_FALSE(s.is_taken(s.scene.webhook(s.request.body, headers)));
    });
}
