#include "deskbridge/core/media.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace deskbridge {
namespace {

using namespace std::string_view_literals;

/// Little-endian; 0 behind the end.
std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t size) noexcept
{
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < size && at + size <= bytes.size(); ++i)
        number |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    return number;
}

std::string render_canvas(std::uint32_t width, std::uint32_t height, bool animated)
{
    return fmt::format("{}x{}{}", width, height, animated ? " animated" : "");
}

constexpr std::size_t chunk_at = 12; ///< the first one of a WebP file: its name, its size, its data
constexpr std::size_t data_at = 20;

std::string form_of_webp(std::string_view head)
{
    auto const chunk = head.substr(chunk_at, 4);
    if (chunk == "VP8X" && head.size() >= data_at + 10)
        return render_canvas(number_at(head, data_at + 4, 3) + 1, number_at(head, data_at + 7, 3) + 1, (number_at(head, data_at, 1) & 0x02U) != 0);
    if (chunk == "VP8L" && head.size() >= data_at + 5 && head[data_at] == '\x2F') {
        auto const sizes = number_at(head, data_at + 1, 4);
        return render_canvas((sizes & 0x3FFFU) + 1, ((sizes >> 14U) & 0x3FFFU) + 1, false);
    }
    if (chunk == "VP8 " && head.size() >= data_at + 10 && head.substr(data_at + 3, 3) == "\x9D\x01\x2A"sv)
        return render_canvas(number_at(head, data_at + 6, 2) & 0x3FFFU, number_at(head, data_at + 8, 2) & 0x3FFFU, false);
    return {};
}

/// The first packet of the first page, which names the codec.
std::string form_of_ogg(std::string_view head)
{
    constexpr std::size_t segments_at = 26;
    if (head.size() <= segments_at)
        return {};
    auto const packet = segments_at + 1 + number_at(head, segments_at, 1);
    if (packet >= head.size())
        return {};
    auto const rest = head.substr(packet);
    if (rest.starts_with("\x01vorbis"sv))
        return "vorbis";
    constexpr std::size_t channels_at = 9;
    if (!rest.starts_with("OpusHead") || rest.size() <= channels_at)
        return {};
    return rest[channels_at] == 1 ? "opus" : "opus stereo";
}

} // namespace

std::string form_of(std::string_view head)
{
    head = head.substr(0, sniffed_bytes);
    auto const type = sniff_type(head);
    if (type == "image/webp")
        return form_of_webp(head);
    return type == "audio/ogg" ? form_of_ogg(head) : std::string{};
}

} // namespace deskbridge
