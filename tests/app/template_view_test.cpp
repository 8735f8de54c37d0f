#include "template_view.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using nlohmann::ordered_json;

TEST_CASE("templates: every part is shown, by its type")
{
    struct Case {
        std::string part;
        std::vector<std::string> lines;
    };
    auto const c = GENERATE(values<Case>({
        {R"({"type":"HEADER","format":"TEXT","text":"Hi {{1}}"})", {"Hi {{1}}"}},
        {R"({"type":"HEADER","format":"LOCATION"})", {"(header: LOCATION)"}},
        {R"({"type":"BODY","text":"{{1}} is your code","add_security_recommendation":true})",
         {"{{1}} is your code", "(with the advice not to share the code)"}},
        {R"({"type":"BODY","add_security_recommendation":true})", {"(with the advice not to share the code)"}},
        {R"({"type":"FOOTER","text":"Acme"})", {"Acme"}},
        {R"({"type":"FOOTER","code_expiration_minutes":10})", {"(the code ends after 10 minutes)"}},
        {R"({"type":"LIMITED_TIME_OFFER","limited_time_offer":{"text":"Sale","has_expiration":true}})", {"(limited-time offer: Sale, with its end)"}},
        {R"({"type":"LIMITED_TIME_OFFER","limited_time_offer":{"text":"Sale"}})", {"(limited-time offer: Sale)"}},
        {R"({"type":"LIMITED_TIME_OFFER"})", {"(limited-time offer)"}},
        {R"({"type":"BUTTONS","buttons":[{"type":"URL","text":"Open","url":"https://x.example/{{1}}"},
             {"type":"PHONE_NUMBER","text":"Call","phone_number":"+49301234567"},{"type":"QUICK_REPLY","text":"Yes"}]})",
         {"[Open] opens https://x.example/{{1}}", "[Call] calls +49301234567", "[Yes] answers"}},
        {R"({"type":"BUTTONS","buttons":[{"type":"COPY_CODE","text":"Copy"},{"type":"FLOW","text":"Start"},
             {"type":"OTP","text":"Copy code","otp_type":"COPY_CODE"},{"type":"OTP","text":"Fill in","otp_type":"ONE_TAP"},{"type":"NEW","text":"?"}]})",
         {"[Copy] copies a code", "[Start] opens a form", "[Copy code] copies the code", "[Fill in] fills the code in: ONE_TAP", "[?] NEW"}},
        {R"({"type":"CAROUSEL","cards":[{"components":[{"type":"HEADER","format":"IMAGE"},{"type":"BODY","text":"One"},
             {"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"This"}]}]},{"components":[{"type":"BODY","text":"Two"}]},{}]})",
         {"(card 1)", "  (header: IMAGE)", "  One", "  [This] answers", "(card 2)", "  Two", "(card 3)"}},
        {R"({"type":"CALL_PERMISSION_REQUEST"})", {"(CALL_PERMISSION_REQUEST)"}},
        {R"({})", {"(part without a type)"}},
        {R"("text")", {}},
        {"{\"type\":\"BODY\",\"text\":\"a\\u001b[31mb\"}", {"a\uFFFD[31mb"}},
    }));
    INFO(c.part);
    CHECK(app::component_lines(ordered_json::array({ordered_json::parse(c.part)})) == c.lines);
}

TEST_CASE("templates: parts stand in their order, and what is no list has none")
{
    auto const parts = ordered_json::parse(R"([{"type":"BODY","text":"a"},{"type":"FOOTER","text":"b"}])");
    CHECK(app::component_lines(parts) == std::vector<std::string>{"a", "b"});
    CHECK(app::component_lines(ordered_json{}).empty());
}
