#include "json_reading.hpp"
#include "multipart.hpp"
#include "signing.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace deskbridge::simulator;

TEST_CASE("the signature is over the bytes as they are")
{
    struct Case {
        std::string label;
        std::string body;
        std::string hex;
    };
    auto const c = GENERATE(values<Case>({
        {"plain", R"({"object":"whatsapp_business_account","entry":[]})",
         "eb4b54cb68820a953c6ac314910c47e62f8e1b39bbda1006514617140c6d3870"},
        {"escaped", R"({"body":"caf\u00e9 \/ \ud83d\udc4b"})",
         "805c2b1867ea189ea54b450624b0bb3b2026f6e8d2880c64fac3723f4bc2a9ba"},
        {"raw UTF-8", R"({"body":"café / 👋"})", "2f6f3a9dcb1b325082e1e8f9e1bcf5952e44c816708d62e5544a67ccf84e4954"},
    }));
    INFO(c.label);
    CHECK(signature_header("example-app-secret", c.body) == "sha256=" + c.hex);
}

TEST_CASE("bodies leave in the provider's escaping")
{
    struct Case {
        std::string label;
        std::string text;
        std::string escaped;
    };
    auto const c = GENERATE(values<Case>({
        {"accents, slash and emoji", "café / 👋", R"("caf\u00e9 \/ \ud83d\udc4b")"},
        {"quotes and backslash", R"(a"b\c)", R"("a\"b\\c")"},
        {"NUL and line break", std::string{"a\0b\n", 4}, R"("a\u0000b\n")"},
        {"right to left", "طرد", R"("\u0637\u0631\u062f")"},
        {"plain ASCII stays", "<@%>", R"("<@%>")"},
    }));
    INFO(c.label);
    auto const escaped = render_escaped(Json(c.text));
    CHECK(escaped == c.escaped);
    CHECK(Json::parse(escaped) == Json(c.text));
}

TEST_CASE("hashes of files")
{
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256_base64("abc") == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
}

TEST_CASE("ids are made once")
{
    std::set<std::string> ids;
    for (int i = 0; i < 5000; ++i) {
        auto const id = new_message_id();
        REQUIRE(id.starts_with("wamid."));
        REQUIRE(id.size() == 46);
        ids.insert(id);
        ids.insert(random_digits(16));
    }
    CHECK(ids.size() == 10000);
    CHECK(random_digits(16).find_first_not_of("0123456789") == std::string::npos);
}

TEST_CASE("length is counted in UTF-16 units")
{
    CHECK(utf16_length("") == 0);
    CHECK(utf16_length("abc") == 3);
    CHECK(utf16_length("éü") == 2);
    CHECK(utf16_length("طرد") == 3);
    CHECK(utf16_length("👋") == 2);
}

TEST_CASE("deep JSON is not read")
{
    CHECK(parse_json(std::string(64, '[') + std::string(64, ']')).has_value());
    CHECK_FALSE(parse_json(std::string(65, '[') + std::string(65, ']')).has_value());
    CHECK(parse_json(R"("[[[[")").has_value());
}

TEST_CASE("an upload's form is taken apart")
{
    std::string const type = "multipart/form-data; boundary=\"x-1\"";
    std::string const body = "--x-1\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n"
                             "--x-1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"
                             "\x89PNG\r\n--x\r\n\r\n--x-1--\r\n";
    auto const parts = parse_multipart(type, body);
    REQUIRE(parts.has_value());
    REQUIRE(parts->size() == 2);
    CHECK(parts->at(0).name == "messaging_product");
    CHECK(parts->at(0).bytes == "whatsapp");
    CHECK(parts->at(1).filename == "a.png");
    CHECK(parts->at(1).content_type == "image/png");
    CHECK(parts->at(1).bytes == "\x89PNG\r\n--x\r\n");

    auto const unquoted = parse_multipart("multipart/form-data; boundary=x", "--x\r\nContent-Disposition:form-data;name=file;filename=our offer.pdf\r\n\r\n1\r\n--x--\r\n");
    REQUIRE(unquoted.has_value());
    CHECK(unquoted->at(0).name == "file");
    CHECK(unquoted->at(0).filename == "our offer.pdf");
    for (std::size_t cut = 0; cut < body.size() - 2; ++cut)
        CHECK_FALSE(parse_multipart(type, std::string_view{body}.substr(0, cut)).has_value());
    CHECK_FALSE(parse_multipart("application/json", body).has_value());
    CHECK_FALSE(parse_multipart("multipart/form-data", body).has_value());
}
