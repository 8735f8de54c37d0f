#include "deskbridge/core/inbound.hpp"

#include <array>
#include <utility>

namespace deskbridge {
namespace {

constexpr std::array<std::pair<MessageKind, std::string_view>, 15> kinds{{
    {MessageKind::text, "text"},
    {MessageKind::image, "image"},
    {MessageKind::audio, "audio"},
    {MessageKind::voice, "voice"},
    {MessageKind::video, "video"},
    {MessageKind::document, "document"},
    {MessageKind::sticker, "sticker"},
    {MessageKind::location, "location"},
    {MessageKind::contacts, "contacts"},
    {MessageKind::button, "button"},
    {MessageKind::list, "list"},
    {MessageKind::flow, "flow"},
    {MessageKind::order, "order"},
    {MessageKind::call, "call"},
    {MessageKind::placeholder, "placeholder"},
}};

} // namespace

std::string_view render_message_kind(MessageKind kind) noexcept
{
    for (auto const& [value, word] : kinds)
        if (value == kind)
            return word;
    return {};
}

} // namespace deskbridge
