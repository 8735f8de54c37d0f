#include "deskbridge/core/media.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace deskbridge;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

FailedFetch failed(MediaProblem problem, int failures, std::chrono::milliseconds age = 1min)
{
    FailedFetch out;
    out.problem = problem;
    out.failures = failures;
    out.received_at = from_ms(1'795'267'200'000);
    out.now = out.received_at + age;
    out.life = std::chrono::hours{7 * 24};
    out.dice = 5;
    return out;
}

} // namespace

TEST_CASE("media: what follows a try that failed")
{
    using What = FetchVerdict::What;
    struct Case {
        std::string label;
        MediaProblem problem;
        int failures;
        std::chrono::milliseconds age;
        What what;
        MediaProblem reason;
    };
    auto const c = GENERATE(values<Case>({
        {"unreachable: again", MediaProblem::unreachable, 1, 1min, What::wait, MediaProblem::unreachable},
        {"unreachable for days: again", MediaProblem::unreachable, 400, 24h * 6, What::wait, MediaProblem::unreachable},
        {"a refused token may be renewed for as long as the file lives", MediaProblem::credentials, 100, 24h * 6, What::wait, MediaProblem::credentials},
        {"no next try within the file's life", MediaProblem::unreachable, 400, 24h * 7 - 1s, What::expired, MediaProblem::expired},
        {"life is over", MediaProblem::busy, 3, 24h * 30, What::expired, MediaProblem::expired},
        {"gone: perhaps not known everywhere yet", MediaProblem::gone, 2, 1min, What::wait, MediaProblem::gone},
        {"gone three times is gone", MediaProblem::gone, 3, 1min, What::expired, MediaProblem::gone},
        {"damaged: again", MediaProblem::damaged, 4, 1min, What::wait, MediaProblem::damaged},
        {"damaged five times", MediaProblem::damaged, 5, 1min, What::failed, MediaProblem::damaged},
        {"too big at once", MediaProblem::too_big, 1, 1min, What::failed, MediaProblem::too_big},
        {"a forbidden host at once", MediaProblem::forbidden, 1, 1min, What::failed, MediaProblem::forbidden},
        {"no way to fetch it", MediaProblem::unsupported, 1, 1min, What::failed, MediaProblem::unsupported},
        {"our own disk: again", MediaProblem::storage, 50, 1min, What::wait, MediaProblem::storage},
    }));
    INFO(c.label);
    auto const verdict = judge_fetch(failed(c.problem, c.failures, c.age));
    CHECK(verdict.what == c.what);
    CHECK(verdict.reason == c.reason);
}

TEST_CASE("media: how long it waits")
{
    struct Case {
        std::string label;
        int failures;
        std::chrono::seconds asked;
        std::chrono::seconds most;
    };
    auto const c = GENERATE(values<Case>({
        {"first", 1, 0s, 5s},
        {"second", 2, 0s, 10s},
        {"never over half an hour of our own", 60, 0s, 1800s},
        {"the provider's wish", 1, 600s, 600s},
        {"a wish of a day is not followed", 1, 86400s, 3600s},
    }));
    INFO(c.label);
    auto fetch = failed(MediaProblem::busy, c.failures);
    fetch.asked = c.asked;
    fetch.dice = static_cast<std::uint64_t>(c.most.count()); // the longest that the jitter draws
    CHECK(judge_fetch(fetch).next_at == fetch.now + c.most);
    fetch.dice = 0;
    CHECK(judge_fetch(fetch).next_at > fetch.now);
}

TEST_CASE("media: every problem has a word and a sentence")
{
    for (int i = 0; i <= static_cast<int>(MediaProblem::storage); ++i) {
        auto const problem = static_cast<MediaProblem>(i);
        auto const word = render_media_problem(problem);
        CHECK(parse_media_problem(word) == problem);
        auto const why = explain_media_problem(word); // a part of a sentence, as everything that explains an error
        REQUIRE_FALSE(why.empty());
        CHECK((why.front() >= 'a' && why.front() <= 'z'));
        CHECK(why.back() != '.');
    }
    CHECK(explain_media_problem("no such word").empty());
}

TEST_CASE("media: what a download's status means")
{
    for (int const status : {401, 403, 404, 410})
        CHECK(problem_of_download(status) == MediaProblem::link_expired);
    for (int const status : {408, 425, 429, 500, 502, 503, 599})
        CHECK(problem_of_download(status) == MediaProblem::busy);
    for (int const status : {100, 304, 400, 418})
        CHECK(problem_of_download(status) == MediaProblem::unreadable);
}

TEST_CASE("media: how large a file may be")
{
    constexpr std::uint64_t mib = 1u << 20;
    CHECK(max_media_bytes("image/jpeg", 100 * mib) == 32 * mib);
    CHECK(max_media_bytes("audio/ogg; codecs=opus", 100 * mib) == 64 * mib);
    CHECK(max_media_bytes("application/pdf", 100 * mib) == 100 * mib);
    CHECK(max_media_bytes("video/mp4", 100 * mib) == 100 * mib);
    CHECK(max_media_bytes("image/jpeg", 2 * mib) == 2 * mib);
}

TEST_CASE("media: a file may end anywhere in its head")
{
    auto const c = GENERATE(values<std::string>({
        "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\x02\x80\0\0\x01\xE0\x08\x06"s,
        "RIFF\x24\0\0\0WEBPVP8X\x0A\0\0\0\0\0\0\0\xFF\x01\0\xFF\x01\0"s,
        "RIFF\x24\0\0\0WEBPVP8L\x0A\0\0\0\x2F\xFF\xC1\x7F\0"s,
        "RIFF\x24\0\0\0WEBPVP8 \x0A\0\0\0\0\0\0\x9D\x01\x2A\0\x02\0\x02"s,
        "\xFF\xD8\xFF\xE0\0\x04\0\0\xFF\xC0\0\x11\x08\x01\xE0\x02\x80\x03"s,
        "OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead\x01\x01"s,
    }));
    CHECK_FALSE(form_of(c).empty());
    for (std::size_t size = 0; size < c.size(); ++size)
        CHECK_NOTHROW(form_of(std::string_view{c}.substr(0, size)));
}

TEST_CASE("media: what bytes say that they are")
{
    struct Case {
        std::string head;
        std::string type;
    };
    auto const c = GENERATE(values<Case>({
        {"\xFF\xD8\xFF\xE0\0\x10JFIF"s, "image/jpeg"},
        {"\x89PNG\r\n\x1A\n"s, "image/png"},
        {"\x89PNG\n\x1A\n"s, ""}, // its line end was converted on the way
        {"GIF89a"s, "image/gif"},
        {"RIFF\x24\0\0\0WEBPVP8 "s, "image/webp"},
        {"RIFF\x24\0\0\0WAVEfmt "s, ""},
        {"OggS\0\x02"s, "audio/ogg"},
        {"#!AMR\n\x3C"s, "audio/amr"},
        {"ID3\x04\0\0"s, "audio/mpeg"},
        {"\xFF\xFB\x90\x64"s, "audio/mpeg"},
        {"\xFF\xF3\x44\xC4"s, "audio/mpeg"},
        {"\xFF\xF1\x50\x80"s, "audio/aac"},
        {"\xFF\xF9\x50\x80"s, "audio/aac"},
        {"\xFF\xFE" "a\0b\0"s, ""}, // UTF-16, no MPEG audio
        {"\0\0\0\x20" "ftypisom"s, "video/mp4"},
        {"\0\0\0\x20" "ftypM4A "s, "audio/mp4"},
        {"\0\0\0\x18" "ftyp3gp5"s, "video/3gpp"},
        {"\0\0\0\x18" "ftypheic"s, "image/heic"},
        {"\0\0\0\x18" "ftypmif1"s, "image/heif"},
        {"\0\0\0\x20" "ftypavif"s, "image/avif"},
        {"%PDF-1.7"s, "application/pdf"},
        {"PK\x03\x04\x14\0"s, "application/zip"},
        {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"s, "application/x-ole-storage"},
        {"Hallo, wie geht's?\r\n"s, "text/plain"},
        {"Gr\xC3\xBC\xC3\x9F" "e"s, "text/plain"},
        {"<script>alert(1)</script>"s, "text/plain"},
        {"MZ\x90\0\x03"s, ""},
        {"\x7F" "ELF\x02"s, ""},
        {""s, ""},
        {"\xFF\xD8"s, ""},
    }));
    INFO("bytes " << c.head);
    CHECK(sniff_type(c.head) == c.type);
}

TEST_CASE("media: the type that it is kept as")
{
    auto const jpeg = "\xFF\xD8\xFF\xE0"s;
    auto const zip = "PK\x03\x04\x14\0"s;
    auto const ole = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"s;
    auto const ogg = "OggS\0\x02"s;
    auto const mp4 = "\0\0\0\x20" "ftypisom"s;
    auto const exe = "MZ\x90\0\x03"s;
    auto const unknown = "application/octet-stream"s;
    auto const docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"s;
    struct Case {
        std::string announced;
        std::string head;
        std::string kept;
    };
    auto const c = GENERATE_COPY(values<Case>({
        {"image/jpeg", jpeg, "image/jpeg"},
        {"image/jpg", jpeg, "image/jpeg"},
        {"", jpeg, "image/jpeg"},
        {"application/octet-stream", jpeg, "image/jpeg"},
        {"image/png", jpeg, unknown},
        {"image/jpeg", exe, unknown},
        {"image/jpeg", "<html><script>", unknown},
        {"text/html", "<html><script>", unknown},
        {"image/svg+xml", "<svg onload=", unknown},
        {"application/xhtml+xml", "<html>", unknown},
        {"text/plain", "hello", "text/plain"},
        {"text/csv", "a;b", "text/csv"},
        {"text/plain; charset=utf-8", "hello", "text/plain"},
        {"audio/ogg; codecs=opus", ogg, "audio/ogg"},
        {"video/mp4", mp4, "video/mp4"},
        {"audio/mp4", mp4, "audio/mp4"},
        {docx, zip, docx},
        {docx, exe, unknown},
        {"application/vnd.android.package-archive", zip, unknown},
        {"application/msword", ole, "application/msword"},
        {"", ole, unknown},
        {"application/x-msdownload", exe, unknown},
    }));
    INFO(c.announced << " with " << c.head);
    CHECK(kept_type(c.announced, c.head) == c.kept);
}

TEST_CASE("a file's name tells its type where its first bytes only tell the container")
{
    struct Case {
        std::string name;
        std::string_view type;
    };
    auto const c = GENERATE(values<Case>({
        {"offer.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
        {"OFFER.XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {"list.old.csv", "text/csv"},
        {"photo.jpg", ""},
        {"docx", ""},
        {"", ""},
        {"archive.", ""},
    }));
    INFO(c.name);
    CHECK(type_of_name(c.name) == c.type);
}

TEST_CASE("media: what kinds of message ask of a file beyond its type")
{
    struct Case {
        std::string label;
        std::string head;
        std::string form;
    };
    auto const webp = [](std::string const& chunk) { return "RIFF\x24\0\0\0WEBP"s + chunk; };
    auto const ogg = [](std::string const& packet) { return "OggS\0\x02"s + std::string(20, '\0') + "\x01\x13"s + packet; };
    auto const c = GENERATE_COPY(values<Case>({
        {"lossy", webp("VP8 \x20\0\0\0\x30\x01\x00\x9D\x01\x2A\x00\x02\x00\x02"s), "512x512"},
        {"lossy, scaled", webp("VP8 \x20\0\0\0\x30\x01\x00\x9D\x01\x2A\x58\x42\x00\x82"s), "600x512"},
        {"lossless", webp("VP8L\x20\0\0\0\x2F\xFF\xC1\x7F\x00"s), "512x512"},
        {"still, with transparency", webp("VP8X\x0A\0\0\0\x10\0\0\0\xFF\x01\x00\xFF\x01\x00"s), "512x512"},
        {"animated", webp("VP8X\x0A\0\0\0\x12\0\0\0\xFF\x01\x00\xFF\x01\x00"s), "512x512 animated"},
        {"another canvas", webp("VP8X\x0A\0\0\0\x10\0\0\0\xFF\x01\x00\x00\x02\x00"s), "512x513"},
        {"cut off", webp("VP8X\x0A\0\0\0\x10\0\0\0\xFF\x01"s), ""},
        {"no frame", webp("VP8 \x20\0\0\0\x30\x01\x00\x9D\x01\x2B\x00\x02\x00\x02"s), ""},
        {"Opus", ogg("OpusHead\x01\x01"s), "opus"},
        {"Opus of two channels", ogg("OpusHead\x01\x02"s), "opus stereo"},
        {"Opus that is cut off", ogg("OpusHead\x01"s), ""},
        {"Vorbis", ogg("\x01vorbis\0\0"s), "vorbis"},
        {"another codec", ogg("Speex   "s), ""},
        {"a page that is cut off", "OggS\0\x02"s, ""},
        {"more segments than there are bytes", "OggS\0\x02"s + std::string(20, '\0') + "\xFF\x13OpusHead"s, ""},
        {"JPEG", "\xFF\xD8\xFF\xE0\x00\x04JF\xFF\xC0\x00\x11\x08\x0B\xB8\x0F\xA0\x03"s, "4000x3000"},
        {"JPEG, progressive, with a byte that fills up", "\xFF\xD8\xFF\xFF\xC2\x00\x11\x08\x00\x10\x00\x20\x03"s, "32x16"},
        {"JPEG, tables before the frame", "\xFF\xD8\xFF\xC4\x00\x04TT\xFF\xC0\x00\x11\x08\x00\x10\x00\x20\x03"s, "32x16"},
        {"JPEG without a frame", "\xFF\xD8\xFF\xDA\x00\x08\x01\x02\x03\x04\x05\x06"s, ""},
        {"JPEG whose segment leads out of the file", "\xFF\xD8\xFF\xE1\xFF\xFF\x00"s, ""},
        {"JPEG that is cut off", "\xFF\xD8\xFF\xE0"s, ""},
        {"PNG", "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\x13\x88\0\0\x01\x00"s, "5000x256"},
        {"PNG that is cut off", "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0"s, ""},
        {"nothing", "", ""},
    }));
    INFO(c.label);
    CHECK(form_of(c.head) == c.form);
}

TEST_CASE("media: a JPEG picture's size may stand far behind its first bytes")
{
    auto const notes = "\xFF\xE1\xFF\xFF"s + std::string(0xFFFD, 'n');
    auto const file = "\xFF\xD8"s + notes + notes + "\xFF\xC0\x00\x11\x08\x0B\xB8\x0F\xA0\x03"s;
    auto const further = [&](std::uint64_t at, std::size_t size) {
        return at < file.size() ? file.substr(static_cast<std::size_t>(at), size) : std::string{};
    };
    CHECK(form_of(file.substr(0, sniffed_bytes), further) == "4000x3000");
    CHECK(form_of(file.substr(0, sniffed_bytes)).empty());
}

TEST_CASE("media: a picture's form is read back")
{
    struct Case {
        std::string form;
        std::uint32_t width, height; ///< 0: no picture's
    };
    auto const c = GENERATE(values<Case>({{"4000x3000", 4000, 3000}, {"512x512 animated", 512, 512}, {"opus", 0, 0}, {"", 0, 0}, {"12", 0, 0},
                                          {"x12", 0, 0}, {"12x", 0, 0}, {"12x0", 0, 0}, {"12x13px", 0, 0}, {"99999999999x1", 0, 0}}));
    INFO(c.form);
    auto const size = parse_picture_size(c.form).value_or(PictureSize{});
    CHECK(size.width == c.width);
    CHECK(size.height == c.height);
}
