#include "scene.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace std::chrono_literals;
using test::hash;
using test::Scene;

namespace {

desk::BringFile offer(std::string const& name = "offer.pdf", std::string const& key = {})
{
    return {name, "application/pdf", {std::string(64, 'a'), 1234, "application/pdf"}, key};
}

desk::Reply reply(TicketId ticket, std::string const& text, std::vector<std::int64_t> attachments, std::string const& key = {})
{
    return {hash(ticket), text, {}, key, std::move(attachments)};
}

} // namespace

TEST_CASE("files: brought in, then sent with the text as caption, and shown under the same number")
{
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    auto const before = scene.now_in_log();
    auto const brought = scene.perform(offer("C:\\offers\\our offer.pdf"));
    REQUIRE(brought.has_value());
    CHECK(brought->file_name == "our offer.pdf");
    CHECK(scene.events(before) == "attachment.brought");
    auto const sent = scene.perform(reply(id, "Your offer", {brought->attachment}));
    REQUIRE(sent.has_value());
    CHECK(sent->message.text == "Your offer");
    CHECK(sent->message.kind == "document");
    REQUIRE(sent->media.size() == 1);
    CHECK(sent->media[0].id == brought->attachment);
    CHECK(sent->media[0].reference.file_name == "our offer.pdf");
    auto const parts = scene.store.read([&](store::Reading& r) { return store::intents_of(r, sent->message.id); });
    REQUIRE(parts.size() == 1);
    auto const content = parse_content(parts[0].content);
    REQUIRE(content.has_value());
    CHECK(content->text == "Your offer");
    REQUIRE(content->files.size() == 1);
    CHECK(content->files[0].kind == "document");
    CHECK(content->files[0].sha256 == std::string(64, 'a'));
    auto const opened = scene.perform(desk::OpenAttachment{brought->attachment});
    REQUIRE(opened.has_value());
    CHECK(opened->media.content_type == "application/pdf");
}

TEST_CASE("files: a file needs no words, and two of them become two messages")
{
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    auto const first = scene.perform(offer("a.pdf"));
    auto const second = scene.perform(offer("b.pdf"));
    auto const sent = scene.perform(reply(id, "", {second->attachment, first->attachment}));
    REQUIRE(sent.has_value());
    CHECK(sent->message.text.empty());
    CHECK(scene.store.read([&](store::Reading& r) { return store::intents_of(r, sent->message.id); }).size() == 2);
    CHECK(sent->media[0].reference.file_name == "b.pdf");
}

TEST_CASE("files: what cannot be sent is said at once, and nothing is queued")
{
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    auto const good = scene.perform(offer())->attachment;
    auto const used = scene.perform(offer())->attachment;
    REQUIRE(scene.perform(reply(id, "first", {used})).has_value());
    auto strange = offer("photo.tiff");
    strange.file.content_type = "image/tiff";
    auto big = offer("big.pdf");
    big.file.size = (1u << 20) + 1;
    auto const tiff = scene.perform(strange)->attachment;
    auto const large = scene.perform(big)->attachment;
    struct Case {
        std::string label;
        std::vector<std::int64_t> files;
        Fault fault;
        std::string words;
    };
    std::vector<Case> const cases{
        {"no such file", {999}, Fault::malformed, "there is no file 999"},
        {"sent already", {used}, Fault::conflict, "was sent already"},
        {"twice in one reply", {good, good}, Fault::malformed, "named twice"},
        {"a type that the channel does not take", {good, tiff}, Fault::malformed, "document (application/pdf, up to 1 MiB)"},
        {"too big", {large}, Fault::malformed, "big.pdf (application/pdf, 1 MiB) cannot be sent"},
        {"too many", std::vector<std::int64_t>(11, good), Fault::malformed, "10 files"},
    };
    auto const before = scene.now_in_log();
    for (auto const& c : cases) {
        INFO(c.label);
        auto const refused = scene.perform(reply(id, "hi", c.files));
        REQUIRE(refused.has_error());
        CHECK(refused.error().fault == c.fault);
        CHECK_THAT(refused.error().detail, Catch::Contains(c.words));
    }
    CHECK(scene.events(before).empty());
    auto empty = offer();
    empty.file.size = 0;
    CHECK(scene.perform(empty).error().fault == Fault::malformed);
}

TEST_CASE("files: the same key twice is one file, and one message")
{
    Scene scene;
    auto const id = scene.open_ticket("parcel");
    auto const first = scene.perform(offer("offer.pdf", "k1"));
    auto const again = scene.perform(offer("offer.pdf", "k1"));
    REQUIRE((first.has_value() && again.has_value()));
    CHECK(first->attachment == again->attachment);
    CHECK(scene.perform(offer("other.pdf", "k1")).error().fault == Fault::conflict);
    auto const sent = scene.perform(reply(id, "hello", {first->attachment}, "k2"));
    auto const repeated = scene.perform(reply(id, "hello", {first->attachment}, "k2"));
    REQUIRE((sent.has_value() && repeated.has_value()));
    CHECK(sent->message.id == repeated->message.id);
    CHECK(scene.perform(reply(id, "hello", {}, "k2")).error().fault == Fault::conflict);
    CHECK(scene.perform(offer("offer.pdf", "k1"))->attachment == first->attachment);
}
