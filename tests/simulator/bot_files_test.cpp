#include "bot_world.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

std::string const jpeg = "\xFF\xD8\xFF\xE0 a picture";

/// A form of one text and one file, as libraries write them.
std::string form(std::string const& chat, std::string const& field, std::string const& name, std::string const& bytes)
{
    return "--x\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n" + chat +
           "\r\n--x\r\nContent-Disposition: form-data; name=\"" + field + "\"; filename=\"" + name +
           "\"\r\nContent-Type: application/pdf\r\n\r\n" + bytes + "\r\n--x--\r\n";
}

Json put(BotWorld& world, std::string const& bytes, std::string const& query)
{
    HttpRequest request{"POST", world.base + "/sim/telegram/files?" + query, {{"Content-Type", "image/jpeg"}}, bytes};
    auto const answer = world.ask(request);
    return *simulator::parse_json(std::get<HttpResponse>(answer).body);
}

} // namespace

TEST_CASE("bot files: a photo that somebody sends can be had for an hour")
{
    BotWorld world;
    auto const ana = world.person();
    auto const file = put(world, jpeg, "as=photo");
    world.order("/people/" + std::to_string(id_of(ana)) + "/messages", {{"file", file.at("id")}, {"as", "photo"}, {"caption", "Look"}});
    auto const message = world.updates()[0].at("message");
    CHECK(message.at("caption") == "Look");
    auto const told = world.result("getFile", {{"file_id", message.at("photo").back().at("file_id")}});
    CHECK(id_of(told, "file_size") == static_cast<std::int64_t>(jpeg.size()));
    HttpRequest request;
    request.target = world.base + "/telegram/file/bot" + BotWorld::token + "/" + told.at("file_path").get<std::string>();
    CHECK(std::get<HttpResponse>(world.ask(request)).body == jpeg);
    auto wrong = request;
    wrong.target.replace(wrong.target.find("Token_1"), 7, "Token_2");
    CHECK(std::get<HttpResponse>(world.ask(wrong)).status == 401);
    world.order("/clock", {{"advance_s", 3600}});
    CHECK(std::get<HttpResponse>(world.ask(request)).status == 404);
}

TEST_CASE("bot files: more than 20 MB is not handed over")
{
    BotWorld world;
    auto const file = put(world, std::string((20u << 20) + 1, 'f'), "name=large.bin");
    CHECK(world.refusal("getFile", {{"file_id", file.at("id")}}) == "400 Bad Request: file is too big");
}

TEST_CASE("bot files: a document goes with its name, and once it is there by its id")
{
    BotWorld world;
    auto const ana = world.person();
    world.says(ana, "Hello");
    auto const chat = std::to_string(id_of(ana));
    auto const body = form(chat, "document", "our offer.pdf", "%PDF-1.7 offer");
    auto const sent = world.raw("POST", "/sendDocument", body, "multipart/form-data; boundary=x");
    INFO(sent.body);
    REQUIRE(sent.status == 200);
    auto const document = simulator::parse_json(sent.body)->at("result").at("document");
    CHECK(document.at("file_name") == "our offer.pdf");
    CHECK(document.at("mime_type") == "application/pdf");
    HttpRequest request;
    request.target = world.base + "/sim/telegram/files/" + document.at("file_id").get<std::string>();
    CHECK(std::get<HttpResponse>(world.ask(request)).body == "%PDF-1.7 offer");
    CHECK(world.refusal("sendDocument", {{"chat_id", id_of(ana)}, {"document", document.at("file_id")}}).empty());
    auto const row = world.rows("call").front();
    CHECK(row.at("parameters").at("files")[0].at("bytes") == 14);
    CHECK(row.dump().find("%PDF") == std::string::npos);
}

TEST_CASE("bot files: a photo has several sizes, and has to be one")
{
    BotWorld world;
    auto const ana = world.person();
    world.says(ana, "Hello");
    auto const chat = std::to_string(id_of(ana));
    auto const sent = world.raw("POST", "/sendPhoto", form(chat, "photo", "p.jpg", jpeg), "multipart/form-data; boundary=x");
    REQUIRE(sent.status == 200);
    CHECK(simulator::parse_json(sent.body)->at("result").at("photo").size() == 2);
    auto const refused = world.raw("POST", "/sendPhoto", form(chat, "photo", "p.jpg", "%PDF"), "multipart/form-data; boundary=x");
    CHECK(refused.body.find("IMAGE_PROCESS_FAILED") != std::string::npos);
}
