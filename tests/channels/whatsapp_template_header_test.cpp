#include "channels/fixture.hpp"

#include "deskbridge/channel/registry.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using test::Json;

namespace {

constexpr std::uint64_t mebi = 1u << 20;

MessageTemplate with_header(std::string const& format)
{
    MessageTemplate one;
    one.name = "invoice";
    one.language = "en";
    one.components = Json::array({{{"type", "HEADER"}, {"format", format}, {"text", "Hello"}}, {{"type", "BODY"}, {"text", "Your bill"}}}).dump();
    return one;
}

OutboundFile file(std::string const& type, std::uint64_t size)
{
    return {7, "bill.pdf", type, size, std::string(64, 'a')};
}

struct Case {
    std::string label;
    std::string format;
    OutboundFile file;
    TemplateValues values;
    std::string outcome; ///< the header's parameter, or what is wrong
};

} // namespace

TEST_CASE("whatsapp templates: a header takes a file of its kind, which goes along")
{
    auto const c = GENERATE(values<Case>({
        {"a document", "DOCUMENT", file("application/pdf", 90000), {}, R"({"document":{"filename":"bill.pdf"},"type":"document"})"},
        {"under another name", "DOCUMENT", file("application/pdf", 90000), {{"header.filename", "r.pdf"}},
         R"({"document":{"filename":"r.pdf"},"type":"document"})"},
        {"a picture", "IMAGE", file("image/png", 5 * mebi), {}, R"({"image":{},"type":"image"})"},
        {"a video", "VIDEO", file("video/mp4", 16 * mebi), {}, R"({"type":"video","video":{}})"},
        {"a picture that is too big", "IMAGE", file("image/png", 5 * mebi + 1), {},
         "The header does not take this file: bill.pdf (image/png, 5 MiB) cannot be sent on this channel, which takes: image (image/jpeg, "
         "image/png, up to 5 MiB)."},
        {"no picture", "IMAGE", file("application/pdf", 10), {},
         "The header does not take this file: bill.pdf (application/pdf, 10 bytes) cannot be sent on this channel, which takes: image "
         "(image/jpeg, image/png, up to 5 MiB)."},
        {"given twice", "IMAGE", file("image/png", 10), {{"header", "https://x.example/p.png"}},
         "The header's file is given twice: as a file, and as \"header\"."},
        {"a header of words", "TEXT", file("image/png", 10), {}, "The template invoice has no header that takes a file."},
    }));
    INFO(c.label);
    auto const filled = channel::find_adapter("whatsapp")->fill_template(with_header(c.format), c.values, {Address{"wa_id", "4915112345678"}}, &c.file);
    if (!filled) {
        CHECK(filled.error().detail == c.outcome);
        return;
    }
    CHECK(Json::parse(filled->template_call->components).at(0).at("parameters").at(0).dump() == c.outcome);
    REQUIRE(filled->files.size() == 1);
    CHECK(filled->files.front().attachment == 7);
    CHECK(c.outcome.find("\"" + filled->files.front().kind + "\":") != std::string::npos);
    CHECK(filled->text == "Your bill");
}
