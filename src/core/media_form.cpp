#include "deskbridge/core/media.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <system_error>

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

constexpr std::size_t chunk_at = 12; ///< the name of the first one, in WebP and in PNG
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

/// Big-endian; 0 behind the end.
std::uint32_t network_number_at(std::string_view bytes, std::size_t at, std::size_t size) noexcept
{
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < size && at + size <= bytes.size(); ++i)
        number = (number << 8U) | static_cast<unsigned char>(bytes[at + i]);
    return number;
}

std::string render_sides(std::uint32_t width, std::uint32_t height)
{
    return width > 0 && height > 0 ? render_canvas(width, height, false) : std::string{};
}

std::string form_of_png(std::string_view head)
{
    bool const measured = head.size() >= chunk_at + 12 && head.substr(chunk_at, 4) == "IHDR";
    return measured ? render_sides(network_number_at(head, chunk_at + 4, 4), network_number_at(head, chunk_at + 8, 4)) : std::string{};
}

/// Of a frame's header; the numbers in between are tables and an extension.
bool begins_frame(std::uint32_t marker) noexcept
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/// From segment to segment up to the frame's, which has the size.
std::string form_of_jpeg(std::string_view head, BytesAt const& further)
{
    constexpr std::size_t looked_at = 9; // marker, length, precision, height, width
    constexpr int most_segments = 1000;
    std::uint64_t at = 2;
    for (int segment = 0; segment < most_segments; ++segment) {
        bool const here = at + looked_at <= head.size();
        auto const bytes = here ? std::string{head.substr(at, looked_at)} : further ? further(at, looked_at) : std::string{};
        if (bytes.size() < 4 || bytes[0] != '\xFF')
            return {};
        auto const marker = network_number_at(bytes, 1, 1);
        if (begins_frame(marker))
            return render_sides(network_number_at(bytes, 7, 2), network_number_at(bytes, 5, 2));
        if (marker == 0xFF) // fills up
            at += 1;
        else if (marker == 0xDA || marker == 0xD9) // the picture itself, its end
            return {};
        else
            at += 2 + std::uint64_t{network_number_at(bytes, 2, 2)};
    }
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

std::string form_of(std::string_view head, BytesAt const& further)
{
    head = head.substr(0, sniffed_bytes);
    auto const type = sniff_type(head);
    if (type == "image/webp")
        return form_of_webp(head);
    if (type == "image/jpeg")
        return form_of_jpeg(head, further);
    if (type == "image/png")
        return form_of_png(head);
    return type == "audio/ogg" ? form_of_ogg(head) : std::string{};
}

std::optional<PictureSize> parse_picture_size(std::string_view form) noexcept
{
    PictureSize size;
    auto const* const end = form.data() + form.size();
    auto const [cross, no_width] = std::from_chars(form.data(), end, size.width);
    if (no_width != std::errc{} || cross == end || *cross != 'x')
        return std::nullopt;
    auto const [rest, no_height] = std::from_chars(cross + 1, end, size.height);
    bool const ends = rest == end || *rest == ' ';
    return no_height == std::errc{} && ends && size.width > 0 && size.height > 0 ? std::optional{size} : std::nullopt;
}

} // namespace deskbridge
