#include "deskbridge/channel/plan.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using channel::Capabilities;

namespace {

constexpr std::uint64_t mebi = 1u << 20;

/// Pictures with captions, voice without, anything else up to ten mebibytes.
Capabilities some_channel()
{
    Capabilities can;
    can.max_text_units = 100;
    can.files = {{MessageKind::image, {"image/jpeg", "image/png"}, 5 * mebi, 20},
                 {MessageKind::voice, {"audio/ogg"}, mebi, 0},
                 {MessageKind::document, {}, 10 * mebi, 20}};
    return can;
}

OutboundFile file(std::string const& type, std::uint64_t size, std::string const& name = "a.bin")
{
    return {7, name, type, size, std::string(64, 'a')};
}

/// "text:Hello image: document:caption"
std::string shown(std::vector<OutboundContent> const& planned)
{
    std::string out;
    for (auto const& part : planned) {
        CHECK(part.files.size() <= 1);
        auto const kind = part.files.empty() ? std::string{"text"} : part.files.front().kind;
        out += (out.empty() ? "" : " ") + kind + ":" + part.text + (part.quote ? "^" : "");
    }
    return out;
}

} // namespace

TEST_CASE("files: each goes by the first rule that it fits, and what fits none is not taken")
{
    struct Case {
        std::string label;
        OutboundFile file;
        std::string kind; ///< "": none
    };
    auto const c = GENERATE(values<Case>({
        {"a picture", file("image/jpeg", 5 * mebi), "image"},
        {"too big for a picture: a document", file("image/jpeg", 5 * mebi + 1), "document"},
        {"too big for anything", file("image/jpeg", 10 * mebi + 1), ""},
        {"of no kind of its own: a document", file("application/zip", 10), "document"},
        {"a voice", file("audio/ogg", 10), "voice"},
        {"nobody knows what it is", file("application/octet-stream", 10), ""},
        {"without a type", file("", 10), ""},
        {"empty", file("image/png", 0), ""},
    }));
    INFO(c.label);
    auto const can = some_channel();
    auto const* rule = channel::rule_of(c.file, can);
    CHECK((rule ? std::string{render_message_kind(rule->kind)} : std::string{}) == c.kind);
    CHECK(channel::objection_to_files({c.file}, can).empty() == !c.kind.empty());
}

TEST_CASE("files: a kind may ask for a form; what has another goes by the next rule")
{
    auto can = some_channel();
    can.files[1].forms = {"opus"};
    auto voice = file("audio/ogg", 10);
    for (auto const& [form, kind] : {std::pair{"opus", MessageKind::voice}, {"vorbis", MessageKind::document}, {"", MessageKind::document}}) {
        INFO(form);
        voice.form = form;
        auto const* rule = channel::rule_of(voice, can);
        REQUIRE(rule != nullptr);
        CHECK(rule->kind == kind);
    }
    can.files.pop_back();
    CHECK_THAT(channel::objection_to_files({voice}, can), Catch::EndsWith("; voice (audio/ogg, opus, up to 1 MiB)"));
}

TEST_CASE("files: a picture may have so many pixels on its sides; one that has more goes by the next rule")
{
    auto can = some_channel();
    can.files[0].max_sides = 10'000;
    can.files[0].max_ratio = 20;
    struct Case {
        std::string form;
        MessageKind kind;
    };
    auto const c = GENERATE(values<Case>({
        {"5000x5000", MessageKind::image},
        {"5000x5001", MessageKind::document},
        {"2000x100", MessageKind::image},
        {"2001x100", MessageKind::document},
        {"100x2001", MessageKind::document},
        {"4294967295x1", MessageKind::document},
        {"", MessageKind::image}, // nobody knows
    }));
    INFO(c.form);
    auto picture = file("image/jpeg", 10);
    picture.form = c.form;
    auto const* rule = channel::rule_of(picture, can);
    REQUIRE(rule != nullptr);
    CHECK(rule->kind == c.kind);
    can.files.pop_back();
    if (c.kind == MessageKind::document)
        CHECK_THAT(channel::objection_to_files({picture}, can),
                   Catch::Contains("image (image/jpeg, image/png, width and height up to 10000 pixels together, one up to 20 times the other, up to 5 MiB)"));
}

TEST_CASE("files: the objection names the file and what would be taken")
{
    auto const can = some_channel();
    auto const bad = file("image/tiff", 12 * mebi + mebi / 2, "scan\n1.tiff");
    CHECK(channel::objection_to_files({file("image/png", 1), bad}, can) ==
          "scan 1.tiff (image/tiff, 12.5 MiB) cannot be sent on this channel, which takes: image (image/jpeg, image/png, up to 5 MiB); "
          "voice (audio/ogg, up to 1 MiB); document (any known type, up to 10 MiB)");
    CHECK(channel::objection_to_files({file("application/octet-stream", 2000, "")}, can)
              .starts_with("the file (of an unknown type, 1 KiB) cannot be sent"));
    CHECK(channel::objection_to_files({file("image/png", 1)}, Capabilities{}) == "this channel takes no files: send a text, or a link");
    CHECK(channel::objection_to_files({}, Capabilities{}).empty());
}

TEST_CASE("files: the text is the first one's caption if there is room for it, else it goes ahead; the quote stands first")
{
    struct Case {
        std::string label;
        std::string text;
        std::vector<OutboundFile> files;
        std::string planned;
    };
    auto const image = file("image/jpeg", 10);
    auto const voice = file("audio/ogg", 10);
    auto const c = GENERATE_COPY(values<Case>({
        {"a caption", "Look", {image}, "image:Look^"},
        {"no words", "", {image}, "image:^"},
        {"blank words", " \n", {image}, "image:^"},
        {"too long for a caption", "Look at this, all of you", {image}, "text:Look at this, all of you^ image:"},
        {"a voice has none", "Listen", {voice}, "text:Listen^ voice:"},
        {"several", "Look", {image, voice, image}, "image:Look^ voice: image:"},
        {"several, the first without captions", "Listen", {voice, image}, "text:Listen^ voice: image:"},
    }));
    INFO(c.label);
    OutboundContent content;
    content.text = c.text;
    content.files = c.files;
    content.quote = ExternalMessageId{"q"};
    CHECK(shown(channel::plan_messages(content, some_channel())) == c.planned);
}

TEST_CASE("files: a form has its fields, then the file between what comes before and after")
{
    auto const offer = file("application/pdf", 1234, "our \"offer\"\r\nX: y.pdf");
    channel::Step step{{"POST", "https://a.test/up", {{"Authorization", "Bearer x"}}, "old"}, false};
    channel::put_form(step, {{"product", "acme"}, {"text", "a\r\nb"}}, "file", offer);
    auto const boundary = "deskbridge" + std::string(40, 'a');
    CHECK(step.request.headers.find("Content-Type") == "multipart/form-data; boundary=" + boundary);
    CHECK(step.request.body == "--" + boundary + "\r\nContent-Disposition: form-data; name=\"product\"\r\n\r\nacme\r\n--" + boundary +
                                   "\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\na\r\nb\r\n--" + boundary +
                                   "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"our %22offer%22%0D%0AX: y.pdf\"\r\n"
                                   "Content-Type: application/pdf\r\n\r\n");
    REQUIRE(step.file.has_value());
    CHECK(step.file->sha256 == offer.sha256);
    CHECK(step.file->size == 1234);
    CHECK(step.file->after == "\r\n--" + boundary + "--\r\n");
}
