#include "api_world.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

std::string const pdf = "%PDF-1.7 an offer";

std::size_t files_in(std::filesystem::path const& folder)
{
    std::size_t count = 0;
    for (auto const& entry : std::filesystem::recursive_directory_iterator{folder})
        count += entry.is_regular_file() ? 1U : 0U;
    return count;
}

Headers sized(std::string const& size, std::string const& type = {})
{
    Headers headers{{"Content-Length", size}};
    if (!type.empty())
        headers.add("Content-Type", type);
    return headers;
}

} // namespace

TEST_CASE("bring: a file is on disk under its hash when its number is there, and goes with a reply")
{
    ApiWorld world;
    auto const ticket = world.scene.open_ticket("parcel");
    auto const brought = world.call_raw("POST", "/v1/attachments?file_name=C%3A%5Coffer.pdf", pdf, sized("17"));
    REQUIRE(brought.status == 201);
    CHECK(brought.json.at("file_name") == "offer.pdf");
    CHECK(brought.json.at("content_type") == "application/pdf");
    CHECK(brought.json.at("size_bytes") == pdf.size());
    auto const place = world.media.place_of(brought.json.at("sha256").get<std::string>());
    REQUIRE(place.has_value());
    CHECK(std::filesystem::file_size(*place) == pdf.size());
    CHECK(files_in(world.media.path()) == 1);

    auto const path = "/v1/tickets/" + std::to_string(ticket.value) + "/messages";
    auto const sent = world.call({"POST", path, {{"text", "Your offer"}, {"attachments", {brought.json.at("id")}}}});
    REQUIRE(sent.status == 202);
    CHECK(sent.json.at("kind") == "document");
    CHECK(sent.json.at("attachments").at(0).at("id") == brought.json.at("id"));
    CHECK(sent.json.at("attachments").at(0).at("state") == "fetched");
    CHECK(world.call({"POST", path, {{"attachments", {brought.json.at("id")}}}}).status == 409);
    auto const again = "/v1/attachments/" + std::to_string(brought.json.at("id").get<std::int64_t>()) + "/retry";
    CHECK(world.call({"POST", again}).status == 409);
}

TEST_CASE("bring: the type is what the bytes say, helped by the name")
{
    struct Case {
        std::string label, name, announced, bytes, type;
    };
    auto const zip = std::string{"PK\x03\x04 and more"};
    auto const c = GENERATE_COPY(values<Case>({
        {"nothing announced", "a.pdf", "", pdf, "application/pdf"},
        {"the name tells what is in the container", "a.docx", "", zip, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
        {"so does what is announced", "a", "application/epub+zip", zip, "application/epub+zip"},
        {"a lie", "a.docx", "", pdf, "application/octet-stream"},
        {"another lie", "a.jpg", "image/jpeg", "MZ program", "application/octet-stream"},
    }));
    INFO(c.label);
    ApiWorld world;
    auto const said = world.call_raw("POST", "/v1/attachments?file_name=" + c.name, c.bytes, sized(std::to_string(c.bytes.size()), c.announced));
    REQUIRE(said.status == 201);
    CHECK(said.json.at("content_type") == c.type);
}

TEST_CASE("bring: what is not taken leaves nothing behind")
{
    ApiWorld world;
    auto const before = world.scene.now_in_log();
    CHECK(world.call_raw("POST", "/v1/attachments", "x", sized("1048577")).status == 413);
    CHECK(world.call_raw("POST", "/v1/attachments?file_name=a%FF", "x", sized("1")).status == 422);
    world.room = false;
    CHECK(world.call_raw("POST", "/v1/attachments", "x", sized("1")).status == 503);
    while (world.io.poll_one() > 0) {
    }
    auto drained = [] {};
    auto wait = [&]() -> boost::asio::awaitable<void> { co_await world.pool.run(drained); }; // behind what removes drafts
    boost::asio::co_spawn(world.io, wait(), [](std::exception_ptr) {});
    world.io.restart();
    world.io.run();
    CHECK(files_in(world.media.path()) == 0);
    CHECK(world.scene.events(before).empty());
}

TEST_CASE("bring: a reply's fields are checked")
{
    ApiWorld world;
    auto const ticket = world.scene.open_ticket("parcel");
    auto const path = "/v1/tickets/" + std::to_string(ticket.value) + "/messages";
    for (auto const& body : {nlohmann::json::object(), nlohmann::json{{"attachments", {0}}}, nlohmann::json{{"attachments", "1"}},
                             nlohmann::json{{"text", ""}, {"attachments", nlohmann::json::array()}}})
        CHECK(world.call_raw("POST", path, body.dump()).status == 422);
}
