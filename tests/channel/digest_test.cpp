#include "deskbridge/channel/digest.hpp"

#include "deskbridge/channel/adapter.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;

TEST_CASE("digests agree with published vectors")
{
    CHECK(channel::sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); // FIPS 180-2 B.1
    CHECK(channel::sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(channel::hmac_sha256_hex("Jefe", "what do ya want for nothing?") ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"); // RFC 4231, case 2
    CHECK(channel::hmac_sha256_hex(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First") ==
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"); // case 6
    for (auto const nothing : {std::string_view{}, std::string_view{""}})
        CHECK(channel::hmac_sha256_hex(nothing, nothing) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST_CASE("base64 is read strictly, and a digest is written in it")
{
    // RFC 4231, case 2, in base64; below RFC 4648, 10.
    CHECK(channel::hmac_sha256_base64("Jefe", "what do ya want for nothing?") == "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
    struct Case {
        std::string written;
        std::optional<std::string> bytes;
    };
    auto const c = GENERATE(values<Case>({
        {"", ""}, {"Zg==", "f"}, {"Zm8=", "fo"}, {"Zm9v", "foo"}, {"Zm9vYmFy", "foobar"}, {"/+8A", std::string{"\xff\xef\0", 3}},
        {"Zg=", std::nullopt}, {"Zg", std::nullopt}, {"Z===", std::nullopt}, {"====", std::nullopt}, {"Zg==Zg==", std::nullopt},
        {"Zm9v\n", std::nullopt}, {"Zm 9", std::nullopt}, {"Zm-_", std::nullopt}, {" Zm9", std::nullopt},
    }));
    INFO(c.written);
    CHECK(channel::decode_base64(c.written) == c.bytes);
}

TEST_CASE("texts of one length are compared whole")
{
    CHECK(channel::same_bytes("", ""));
    CHECK(channel::same_bytes("abc", "abc"));
    CHECK_FALSE(channel::same_bytes("abc", "abd"));
    CHECK_FALSE(channel::same_bytes("abc", "ab"));
    CHECK_FALSE(channel::same_bytes("ab", "abc"));
    CHECK_FALSE(channel::same_bytes("", "a"));
}

TEST_CASE("a file's hash is understood in either writing")
{
    std::string const hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    struct Case {
        std::string written;
        std::string expected;
    };
    auto const c = GENERATE_COPY(values<Case>({
        {"ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=", hex},
        {"ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0", hex},
        {"ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0=", hex},
        {hex, hex},
        {"BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD", hex},
        {"", ""},
        {"ungWv48B", ""},
        {std::string(44, '='), ""},
        {std::string(44, '!'), ""},
        {std::string(43, 'A') + "A", ""},
        {std::string(64, 'g'), ""},
    }));
    INFO(c.written);
    CHECK(channel::sha256_as_hex(c.written) == c.expected);
}

TEST_CASE("an account answers nothing for what it does not have")
{
    channel::Account const account{"support", "1", "", "", {{"api_base", "https://x"}}, {{"token", {"new", "old"}}}};
    CHECK(account.setting("api_base") == "https://x");
    CHECK(account.setting("waba_id").empty());
    CHECK(account.secret("token").size() == 2);
    CHECK(account.secret("app_secret").empty());
}
