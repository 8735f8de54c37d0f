#include "media_rules.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::simulator {
namespace {

struct Row {
    std::string_view message_type;
    std::string_view mime_type; ///< "": any
    std::size_t limit;
};

constexpr std::size_t kibi = 1024;
constexpr std::size_t mebi = 1024 * 1024;
constexpr std::size_t largest = 100 * mebi;

constexpr std::array<Row, 11> rows{{{"image", "image/jpeg", 5 * mebi},
                                    {"image", "image/png", 5 * mebi},
                                    {"sticker", "image/webp", 500 * kibi},
                                    {"audio", "audio/aac", 16 * mebi},
                                    {"audio", "audio/amr", 16 * mebi},
                                    {"audio", "audio/mpeg", 16 * mebi},
                                    {"audio", "audio/mp4", 16 * mebi},
                                    {"audio", "audio/ogg", 16 * mebi},
                                    {"video", "video/mp4", 16 * mebi},
                                    {"video", "video/3gpp", 16 * mebi},
                                    {"document", "", largest}}};

/// "audio/ogg; codecs=opus" is "audio/ogg".
std::string_view bare(std::string_view mime_type) noexcept
{
    mime_type = mime_type.substr(0, mime_type.find(';'));
    while (mime_type.ends_with(' '))
        mime_type.remove_suffix(1);
    return mime_type;
}

/// Of WebP: the flag in the extended header. Source: developers.google.com/speed/webp/docs/riff_container (2026-11).
bool moves(std::string_view head) noexcept
{
    constexpr std::size_t flags_at = 20;
    constexpr unsigned animation = 2;
    return head.size() > flags_at && head.substr(12, 4) == "VP8X" && (static_cast<unsigned char>(head[flags_at]) & animation) != 0;
}

/// Opus of one channel, by the first packet of the first page. Source: RFC 7845 5.1.
bool holds_opus(std::string_view head) noexcept
{
    constexpr std::size_t channels_at = 9;
    auto const packet = head.find("OpusHead");
    return head.starts_with("OggS") && packet != std::string_view::npos && packet + channels_at < head.size() &&
           head[packet + channels_at] == 1;
}

} // namespace

std::string objection_to_upload(std::string_view mime_type, std::size_t size)
{
    if (mime_type.empty() || bare(mime_type) == "application/octet-stream")
        return "Param file must be a file with one of the types that are supported.";
    if (size == 0)
        return "Param file is empty.";
    return size > largest ? "Param file is larger than 100 MB." : std::string{};
}

std::string objection_to_use(std::string_view message_type, std::string_view mime_type, std::size_t size, std::string_view head)
{
    auto const found = std::find_if(rows.begin(), rows.end(), [&](Row const& row) {
        return row.message_type == message_type && (row.mime_type.empty() || row.mime_type == bare(mime_type));
    });
    if (found == rows.end())
        return "A file of type " + std::string{mime_type} + " cannot be sent as " + std::string{message_type} + ".";
    if (message_type == "sticker" && !moves(head) && size > 100 * kibi)
        return "A static sticker is larger than 100 KB.";
    if (message_type == "audio" && bare(mime_type) == "audio/ogg" && !holds_opus(head))
        return "An Ogg file must hold Opus of one channel.";
    if (size > found->limit)
        return "The file is larger than a message of type " + std::string{message_type} + " may carry.";
    return {};
}

} // namespace deskbridge::simulator
