#include "simulator_world.hpp"

#include "media_rules.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

std::string part(std::string const& name, std::string const& value, std::string const& more = {})
{
    return "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n" + value + "\r\n";
}

std::string const pdf_head = "; filename=\"offer.pdf\"\r\nContent-Type: application/pdf";

std::string form(std::string const& parts)
{
    return parts + "--x--\r\n";
}

std::string good_form()
{
    return form(part("messaging_product", "whatsapp") + part("type", "application/pdf") + part("file", "%PDF-1.7", pdf_head));
}

HttpResponse upload(SimulatorWorld& world, std::string const& body)
{
    return world.graph("POST", world.options.phone_number_id + "/media", body, "multipart/form-data; boundary=x");
}

std::string media_of(HttpResponse const& response)
{
    return Json::parse(response.body).value("id", "");
}

HttpResponse send_document(SimulatorWorld& world, Json const& customer, std::string const& id, std::string const& type = "document")
{
    return world.send(Json{{"messaging_product", "whatsapp"},
                           {"to", "+" + customer.at("phone").get<std::string>()},
                           {"type", type},
                           {type, {{"id", id}}}});
}

} // namespace

TEST_CASE("uploads: fields that are missing, types and sizes that are wrong")
{
    SimulatorWorld world;
    world.start();
    auto const product = part("messaging_product", "whatsapp");
    auto const type = part("type", "application/pdf");
    struct Case {
        std::string label, body;
        int code; ///< 0: taken
    };
    std::vector<Case> const cases{
        {"all there", good_form(), 0},
        {"no product", form(type + part("file", "%PDF-1.7", pdf_head)), 100},
        {"no type", form(product + part("file", "%PDF-1.7", pdf_head)), 100},
        {"no file", form(product + type), 100},
        {"an empty file", form(product + type + part("file", "", pdf_head)), 100},
        {"nobody knows what it is", form(product + type + part("file", "x", "; filename=\"x\"\r\nContent-Type: application/octet-stream")), 100},
        {"no form", "{}", 100},
    };
    for (auto const& c : cases) {
        INFO(c.label);
        auto const answer = upload(world, c.body);
        CHECK(code_of(answer) == c.code);
        CHECK(media_of(answer).empty() == (c.code != 0));
    }
    CHECK(code_of(world.graph("POST", "999/media", good_form(), "multipart/form-data; boundary=x")) == 33);
    auto const rows = world.control("GET", "/sim/ledger?limit=1000").at("rows");
    std::size_t taken = 0;
    for (auto const& row : rows) {
        CHECK(row.dump().find("%PDF") == std::string::npos);
        taken += row.contains("media") ? 1U : 0U;
    }
    CHECK(taken == 1);
}

TEST_CASE("uploads: what a file may be used as")
{
    using simulator::objection_to_upload;
    using simulator::objection_to_use;
    constexpr std::size_t mebi = 1u << 20;
    struct Case {
        std::string_view as, mime_type;
        std::size_t size;
        bool fits;
        std::string head{};
    };
    std::string const opus = "OggS" + std::string(24, '\0') + "OpusHead\x01\x01";
    std::string const vorbis = "OggS" + std::string(24, '\0') + "\x01vorbis";
    auto const webp = [](char flags) { return "RIFF\x10\x10\x10\x10WEBPVP8X\x0A" + std::string(3, '\0') + flags; };
    auto const c = GENERATE_COPY(values<Case>({
        {"image", "image/jpeg", 5 * mebi, true},
        {"image", "image/jpeg", 5 * mebi + 1, false},
        {"image", "image/webp", 10, false},
        {"sticker", "image/webp", 500u << 10, true, webp('\x02')},
        {"sticker", "image/webp", (500u << 10) + 1, false, webp('\x02')},
        {"sticker", "image/webp", 100u << 10, true, webp('\x10')},
        {"sticker", "image/webp", (100u << 10) + 1, false, webp('\x10')},
        {"sticker", "image/webp", (100u << 10) + 1, false, "RIFF"},
        {"audio", "audio/ogg; codecs=opus", 16 * mebi, true, opus},
        {"audio", "audio/ogg", 16 * mebi + 1, false, opus},
        {"audio", "audio/ogg", 1000, false, vorbis},
        {"audio", "audio/ogg; codecs=opus", 1000, false, "OpusHead"},
        {"audio", "audio/ogg", 1000, false, "OggS" + std::string(24, '\0') + "OpusHead\x01\x02"},
        {"document", "audio/ogg", 1000, true, vorbis},
        {"video", "video/mp4", 16 * mebi, true},
        {"video", "image/png", 10, false},
        {"document", "image/png", 100 * mebi, true},
        {"document", "application/zip", 100 * mebi + 1, false},
        {"text", "text/plain", 10, false},
    }));
    INFO(c.as << " " << c.mime_type << " " << c.size);
    CHECK(objection_to_use(c.as, c.mime_type, c.size, c.head).empty() == c.fits);
    CHECK(objection_to_upload("application/pdf", 100 * mebi).empty());
    CHECK_FALSE(objection_to_upload("application/pdf", 100 * mebi + 1).empty());
}

TEST_CASE("uploads: a file arrives on the phone; one that is unknown, expired or of a wrong type does not")
{
    SimulatorWorld world;
    world.start();
    auto const customer = world.customer();
    world.says(customer, "an offer, please");
    auto const media = media_of(upload(world, good_form()));
    auto const sent = id_of(send_document(world, customer, media));
    REQUIRE(world.until([&] { return world.statuses_of(sent).find("delivered") != std::string::npos; }));
    CHECK(world.message(customer, sent).at("content").at("id") == media);
    auto const fails = [&](std::string const& id) {
        return world.until([&] { return world.statuses_of(id) == "failed"; });
    };
    CHECK(fails(id_of(send_document(world, customer, "4711"))));
    CHECK(fails(id_of(send_document(world, customer, media, "image"))));
    world.control("POST", "/sim/media-faults", Json{{"kind", "upload_forgotten"}});
    CHECK(fails(id_of(send_document(world, customer, media_of(upload(world, good_form()))))));
}

TEST_CASE("uploads: what was uploaded is gone after thirty days of the provider's clock, what a customer sent after seven")
{
    struct Case {
        bool ours;
        int days;
        bool there;
    };
    auto const c = GENERATE(values<Case>({{true, 29, true}, {true, 30, false}, {false, 6, true}, {false, 7, false}}));
    INFO((c.ours ? "ours " : "theirs ") << c.days);
    SimulatorWorld world;
    world.start();
    auto const customer = world.customer();
    auto media = media_of(upload(world, good_form()));
    if (!c.ours) {
        HttpRequest request{"POST", world.base + "/sim/media?name=p.pdf", {{"Content-Type", "application/pdf"}}, "%PDF-1.7"};
        auto const answer = world.ask(request);
        media = media_of(std::get<HttpResponse>(answer));
    }
    world.control("POST", "/sim/clock", Json{{"advance_s", c.days * 24 * 3600}});
    CHECK(code_of(world.graph("GET", media)) == (c.there ? 0 : 33));
    world.says(customer, "an offer, please");
    auto const sent = id_of(send_document(world, customer, media));
    CHECK(world.until([&] { return world.statuses_of(sent) == (c.there ? "sent delivered" : "failed"); }));
}

TEST_CASE("uploads: an unknown id is refused at once where that is asked for")
{
    SimulatorWorld world;
    world.options.refuse_unknown_media = true;
    world.start();
    auto const customer = world.customer();
    world.says(customer, "an offer, please");
    CHECK(code_of(send_document(world, customer, "4711")) == 100);
}

TEST_CASE("uploads: faults on demand")
{
    SimulatorWorld world;
    world.start();
    world.control("POST", "/sim/media-faults", Json{{"kind", "upload_busy"}});
    CHECK(upload(world, good_form()).status == 500);
    world.control("POST", "/sim/media-faults", Json{{"kind", "upload_lost"}});
    HttpRequest request{"POST", world.base + "/v25.0/" + world.options.phone_number_id + "/media",
                        {{"Authorization", "Bearer " + world.options.access_token}, {"Content-Type", "multipart/form-data; boundary=x"}}, good_form()};
    CHECK(std::holds_alternative<net::NoAnswer>(world.ask(request)));
    CHECK_FALSE(media_of(upload(world, good_form())).empty());
}
