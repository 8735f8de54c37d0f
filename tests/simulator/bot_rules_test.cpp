#include "telegram/message_rules.hpp"
#include "telegram/poster.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge::simulator;
using namespace deskbridge::simulator::telegram;
using namespace std::chrono_literals;

namespace {

std::string words_of(std::optional<BotError> const& objection)
{
    return objection ? objection->description : "";
}

Json keyboard(Json const& button)
{
    auto const row = Json::array({button});
    return Json{{"inline_keyboard", Json::array({row})}};
}

} // namespace

TEST_CASE("bot rules: a text has 1 to 4096 characters, the white space around it apart")
{
    struct Case {
        std::string label;
        std::string text;
        std::string objection;
    };
    auto const c = GENERATE(values<Case>({
        {"one character", "a", ""},
        {"nothing", "", "Bad Request: message text is empty"},
        {"white space alone", " \n\t", "Bad Request: message text is empty"},
        {"as long as it may be", std::string(4096, 'a'), ""},
        {"as long as it may be, and white space", " " + std::string(4096, 'a') + "\n", ""},
        {"too long", std::string(4097, 'a'), "Bad Request: message is too long"},
    }));
    INFO(c.label);
    CHECK(words_of(objection_to_text(c.text)) == c.objection);
    CHECK(words_of(objection_to_caption(std::string(1024, 'a'))).empty());
    CHECK(words_of(objection_to_caption(std::string(1025, 'a'))) == "Bad Request: message caption is too long");
    std::string smiles;
    for (int i = 0; i < 2049; ++i)
        smiles += "😀"; // two units each
    CHECK(words_of(objection_to_text(smiles)) == "Bad Request: message is too long");
}

TEST_CASE("bot rules: what a keyboard may be made of")
{
    struct Case {
        std::string label;
        Json markup;
        std::string objection; ///< "": none
    };
    auto const text_alone = "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard";
    auto const c = GENERATE_COPY(values<Case>({
        {"none", nullptr, ""},
        {"one button", keyboard({{"text", "Yes"}, {"callback_data", "y"}}), ""},
        {"64 bytes of data", keyboard({{"text", "Yes"}, {"callback_data", std::string(64, 'y')}}), ""},
        {"65 bytes of data", keyboard({{"text", "Yes"}, {"callback_data", std::string(65, 'y')}}), "Bad Request: BUTTON_DATA_INVALID"},
        {"empty data", keyboard({{"text", "Yes"}, {"callback_data", ""}}), "Bad Request: BUTTON_DATA_INVALID"},
        {"a link", keyboard({{"text", "Look"}, {"url", "https://shop.example/"}}), ""},
        {"nothing to do", keyboard(Json{{"text", "Yes"}}), text_alone},
        {"two things to do", keyboard({{"text", "Yes"}, {"callback_data", "y"}, {"url", "https://shop.example/"}}), text_alone},
        {"no title", keyboard(Json{{"callback_data", "y"}}),
         "Bad Request: can't parse inline keyboard button: Field \"text\" must be of type String"},
        {"a list", Json::array(), "Bad Request: object expected as reply markup"},
        {"rows of buttons that are no rows", Json{{"inline_keyboard", Json::array({Json::object()})}},
         "Bad Request: field \"inline_keyboard\" of the InlineKeyboardMarkup must be an Array of Arrays"},
        {"a keyboard of the person's", Json{{"remove_keyboard", true}}, ""},
    }));
    INFO(c.label);
    CHECK(words_of(objection_to_markup(c.markup)) == c.objection);
}

TEST_CASE("bot rules: what may be uploaded as what")
{
    std::string const jpeg = "\xFF\xD8\xFF\xE0 picture";
    CHECK_FALSE(objection_to_upload(*find_form("sendPhoto"), jpeg));
    CHECK(words_of(objection_to_upload(*find_form("sendPhoto"), "%PDF-1.7")) == "Bad Request: IMAGE_PROCESS_FAILED");
    auto const too_big = words_of(objection_to_upload(*find_form("sendPhoto"), jpeg + std::string(10u << 20, 'p')));
    CHECK(too_big.find("too big for a photo") != std::string::npos);
    CHECK_FALSE(objection_to_upload(*find_form("sendDocument"), "%PDF-1.7"));
    CHECK(words_of(objection_to_upload(*find_form("sendDocument"), "")) == "Bad Request: file must be non-empty");
    CHECK(objection_to_upload(*find_form("sendDocument"), std::string((50u << 20) + 1, 'd'))->code == 413);
    CHECK(find_form("sendSticker") == nullptr);
}

TEST_CASE("bot rules: a photo's sides")
{
    auto const be = [](std::size_t number, int bytes) {
        std::string out;
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
            out += static_cast<char>((number >> shift) & 0xFFU);
        return out;
    };
    struct Case {
        std::size_t width, height;
        bool fits;
    };
    auto const c = GENERATE(values<Case>({{5000, 5000, true}, {5001, 5000, false}, {2000, 100, true}, {2001, 100, false}, {100, 2001, false}}));
    INFO(c.width << "x" << c.height);
    auto const jpeg_file = "\xFF\xD8\xFF\xE0" + be(4, 2) + "JF\xFF\xC0" + be(17, 2) + "\x08" + be(c.height, 2) + be(c.width, 2) + "\x03";
    auto const png_file = "\x89PNG\r\n\x1A\n" + be(13, 4) + "IHDR" + be(c.width, 4) + be(c.height, 4) + "\x08";
    for (auto const& bytes : {jpeg_file, png_file}) {
        auto const objection = objection_to_upload(*find_form("sendPhoto"), bytes);
        CHECK(objection.has_value() != c.fits);
        if (objection)
            CHECK(words_of(objection) == "Bad Request: PHOTO_INVALID_DIMENSIONS");
        CHECK_FALSE(objection_to_upload(*find_form("sendDocument"), bytes));
    }
}

TEST_CASE("bot rules: when an update is posted again, and until when")
{
    struct Case {
        std::string label;
        int failures;
        std::optional<std::chrono::seconds> asked;
        std::uint64_t dice;
        std::chrono::milliseconds wait;
    };
    auto const c = GENERATE(values<Case>({
        {"at first after a second", 1, std::nullopt, 0, 1s},
        {"then doubling", 4, std::nullopt, 0, 8s},
        {"up to a minute", 30, std::nullopt, 0, 60s},
        {"or two, by chance", 30, std::nullopt, 60, 120s},
        {"as the webhook asks", 1, 7s, 0, 7s},
        {"but an hour at most", 1, 7200s, 0, 3600s},
    }));
    INFO(c.label);
    CHECK(next_post(c.failures, c.asked, c.dice) == c.wait);
    CHECK(is_fresh("message", 24h - 1ms));
    CHECK_FALSE(is_fresh("message", 24h));
    CHECK(is_fresh("callback_query", 149s));
    CHECK_FALSE(is_fresh("callback_query", 150s));
}

TEST_CASE("bot rules: parameters come in four ways, and mean the same")
{
    struct Case {
        std::string label;
        deskbridge::HttpRequest request;
    };
    std::string const form = "--b\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n6001\r\n"
                             "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nGot it & more\r\n"
                             "--b\r\ncontent-disposition:form-data;name=\"reply_markup\"\r\n\r\n{\"inline_keyboard\":[]}\r\n--b--\r\n";
    auto const c = GENERATE_COPY(values<Case>({
        {"query", {"GET", "/x?chat_id=6001&text=Got+it%20%26+more&reply_markup=%7B%22inline_keyboard%22%3A%5B%5D%7D", {}, {}}},
        {"urlencoded", {"POST", "/x", {{"Content-Type", "application/x-www-form-urlencoded"}},
                        "chat_id=6001&text=Got+it%20%26+more&reply_markup=%7B%22inline_keyboard%22%3A%5B%5D%7D"}},
        {"JSON", {"POST", "/x", {{"Content-Type", "application/json"}},
                  R"({"chat_id": 6001, "text": "Got it & more", "reply_markup": {"inline_keyboard": []}})"}},
        {"JSON of texts", {"POST", "/x", {{"Content-Type", "application/json; charset=utf-8"}},
                           R"({"chat_id": "6001", "text": "Got it & more", "reply_markup": "{\"inline_keyboard\": []}"})"}},
        {"multipart", {"POST", "/x", {{"Content-Type", "multipart/form-data; boundary=b"}}, form}},
    }));
    INFO(c.label);
    auto const read = Parameters::read(c.request);
    REQUIRE(std::holds_alternative<Parameters>(read));
    auto const& parameters = std::get<Parameters>(read);
    CHECK(parameters.integer("chat_id") == 6001);
    CHECK(parameters.text("text") == "Got it & more");
    CHECK(parameters.json("reply_markup").dump() == R"({"inline_keyboard":[]})");
    CHECK_FALSE(parameters.text("caption"));
    CHECK(parameters.json("caption").is_null());
}

TEST_CASE("bot rules: what cannot be read is refused")
{
    auto const refusal = [](std::string const& type, std::string const& body) {
        auto const read = Parameters::read({"POST", "/x", {{"Content-Type", type}}, body});
        return std::holds_alternative<BotError>(read) ? std::get<BotError>(read).description : "";
    };
    CHECK(refusal("application/json", "{") == "Bad Request: can't parse request JSON object");
    CHECK(refusal("application/json", "[]") == "Bad Request: can't parse request JSON object");
    CHECK(refusal("multipart/form-data; boundary=b", "--c\r\n") == "Bad Request: can't parse the body as multipart/form-data");
    CHECK(refusal("application/x-www-form-urlencoded", "text=%FF") == "Bad Request: strings must be encoded in UTF-8");
    CHECK(refusal("application/x-www-form-urlencoded", "text=%zz&&=&a").empty()); // what makes no sense is left out
}
