#include "deskbridge/core/media.hpp"

#include "deskbridge/core/ascii.hpp"

#include <algorithm>
#include <array>

namespace deskbridge {
namespace {

using namespace std::string_view_literals;

constexpr auto unknown_bytes = "application/octet-stream"sv;

struct Magic {
    std::size_t at;
    std::string_view bytes;
    std::string_view type;
};

constexpr std::array<Magic, 23> magics{{
    {0, "\xFF\xD8\xFF"sv, "image/jpeg"},
    {0, "\x89PNG\r\n\x1A\n"sv, "image/png"},
    {0, "GIF87a"sv, "image/gif"},
    {0, "GIF89a"sv, "image/gif"},
    {8, "WEBPVP8"sv, "image/webp"},
    {0, "OggS\0"sv, "audio/ogg"},
    {0, "#!AMR\n"sv, "audio/amr"},
    {0, "#!AMR-WB\n"sv, "audio/amr"},
    {0, "ID3"sv, "audio/mpeg"},
    {0, "%PDF-"sv, "application/pdf"},
    {0, "PK\x03\x04"sv, "application/zip"},
    {0, "PK\x05\x06"sv, "application/zip"},
    {0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "application/x-ole-storage"},
    {0, "\x1A\x45\xDF\xA3"sv, "video/webm"},
    {0, "{\\rtf"sv, "application/rtf"},
    {4, "ftypM4A"sv, "audio/mp4"},
    {4, "ftyphei"sv, "image/heic"},
    {4, "ftyphev"sv, "image/heic"},
    {4, "ftypmif1"sv, "image/heif"},
    {4, "ftypmsf1"sv, "image/heif"},
    {4, "ftypavi"sv, "image/avif"},
    {4, "ftyp3gp"sv, "video/3gpp"},
    {4, "ftyp"sv, "video/mp4"},
}};

/// Frames without a tag before them. MPEG audio: ISO 11172-3; AAC in ADTS: ISO 14496-3 (layer 0, where MPEG audio has 1 to 3).
std::string_view sniff_frame(std::string_view head) noexcept
{
    if (head.size() < 4 || static_cast<unsigned char>(head[0]) != 0xFF)
        return {};
    auto const second = static_cast<unsigned char>(head[1]);
    auto const third = static_cast<unsigned char>(head[2]);
    if ((second & 0xF6U) == 0xF0U)
        return ((third >> 2U) & 0x0FU) < 13 ? "audio/aac"sv : ""sv;
    auto const layer = second & 0x06U; // II and III only: what looks like layer I is UTF-16's byte order mark
    bool const mpeg = (second & 0xE0U) == 0xE0U && (layer == 0x02U || layer == 0x04U) && (second & 0x18U) != 0x08U;
    return mpeg && (third >> 4U) != 0x0FU && (third & 0x0CU) != 0x0CU ? "audio/mpeg"sv : ""sv;
}

bool is_text(std::string_view head) noexcept
{
    return !head.empty() && std::all_of(head.begin(), head.end(), [](char c) {
        auto const byte = static_cast<unsigned char>(c);
        return byte >= 0x20 ? byte != 0x7F && byte < 0xFE : c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\x1B';
    });
}

/// "audio/ogg; codecs=opus" is "audio/ogg".
std::string_view bare(std::string_view type) noexcept
{
    type = type.substr(0, type.find(';'));
    while (type.ends_with(' '))
        type.remove_suffix(1);
    return type;
}

struct Family {
    std::string_view bytes;     ///< what they look like
    std::string_view announced; ///< what it may then be called
};

/// Containers whose first bytes do not tell which of their uses it is, and types that go under several names. The announced name
/// is believed among these.
constexpr std::array<Family, 23> families{{
    {"application/zip", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"application/zip", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"application/zip", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {"application/zip", "application/vnd.oasis.opendocument.text"},
    {"application/zip", "application/vnd.oasis.opendocument.spreadsheet"},
    {"application/zip", "application/vnd.oasis.opendocument.presentation"},
    {"application/zip", "application/epub+zip"},
    {"application/zip", "application/zip"},
    {"application/x-ole-storage", "application/msword"},
    {"application/x-ole-storage", "application/vnd.ms-excel"},
    {"application/x-ole-storage", "application/vnd.ms-powerpoint"},
    {"application/x-ole-storage", "application/vnd.ms-outlook"},
    {"video/mp4", "audio/mp4"},
    {"video/mp4", "video/3gpp"},
    {"video/mp4", "video/quicktime"},
    {"video/3gpp", "video/mp4"},
    {"video/3gpp", "audio/3gpp"},
    {"audio/mp4", "audio/aac"},
    {"audio/mp4", "video/mp4"},
    {"audio/ogg", "video/ogg"},
    {"text/plain", "text/csv"},
    {"text/plain", "text/vcard"},
    {"text/plain", "application/json"},
}};

/// Other names that senders use for a type.
constexpr std::array<Family, 11> synonyms{{
    {"image/jpeg", "image/jpg"},
    {"image/jpeg", "image/pjpeg"},
    {"audio/mpeg", "audio/mp3"},
    {"audio/amr", "audio/amr-wb"},
    {"audio/aac", "audio/aacp"},
    {"audio/mp4", "audio/x-m4a"},
    {"audio/mp4", "audio/m4a"},
    {"audio/ogg", "application/ogg"},
    {"audio/ogg", "audio/opus"},
    {"application/zip", "application/x-zip-compressed"},
    {"application/rtf", "text/rtf"},
}};

struct Ending {
    std::string_view ending;
    std::string_view type;
};

/// Of files whose first bytes only tell their container.
constexpr std::array<Ending, 14> endings{{
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {"odt", "application/vnd.oasis.opendocument.text"},
    {"ods", "application/vnd.oasis.opendocument.spreadsheet"},
    {"odp", "application/vnd.oasis.opendocument.presentation"},
    {"epub", "application/epub+zip"},
    {"doc", "application/msword"},
    {"xls", "application/vnd.ms-excel"},
    {"ppt", "application/vnd.ms-powerpoint"},
    {"csv", "text/csv"},
    {"vcf", "text/vcard"},
    {"json", "application/json"},
    {"mov", "video/quicktime"},
}};

bool says_nothing(std::string_view announced) noexcept
{
    return announced.empty() || announced == unknown_bytes || announced == "binary/octet-stream";
}

} // namespace

std::string_view sniff_type(std::string_view head) noexcept
{
    head = head.substr(0, sniffed_bytes);
    for (auto const& magic : magics)
        if (head.size() >= magic.at && head.substr(magic.at).starts_with(magic.bytes))
            return magic.type;
    if (auto const frame = sniff_frame(head); !frame.empty())
        return frame;
    return is_text(head) ? "text/plain"sv : ""sv;
}

std::string_view type_of_name(std::string_view file_name) noexcept
{
    auto const dot = file_name.rfind('.');
    auto const ending = dot == std::string_view::npos ? std::string_view{} : file_name.substr(dot + 1);
    for (auto const& row : endings)
        if (same_word(row.ending, ending))
            return row.type;
    return {};
}

std::string_view kept_type(std::string_view announced_type, std::string_view head) noexcept
{
    auto const announced = bare(announced_type);
    auto const found = sniff_type(head);
    if (found.empty())
        return unknown_bytes;
    if (found == announced || says_nothing(announced))
        return found == "application/x-ole-storage" ? unknown_bytes : found;
    for (auto const& family : families)
        if (family.bytes == found && family.announced == announced)
            return family.announced;
    for (auto const& other : synonyms)
        if (other.bytes == found && other.announced == announced)
            return found;
    return unknown_bytes;
}

} // namespace deskbridge
