#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace deskbridge::simulator {

/// What the provider says against taking a file; "" : it takes it. What it may be sent as is another matter.
/// Source: Meta, WhatsApp Cloud API, "Upload media" and "Media: supported media types", read 2026-10.
[[nodiscard]] std::string objection_to_upload(std::string_view mime_type, std::size_t size);

/// What it says against a message of this type with that file; "": nothing.
/// @param head  the file's first bytes: they tell a moving sticker from a still one, and which sound an Ogg file holds.
/// Source: the same; that it mostly says so in a failed status, after a 200, is what integrators report.
[[nodiscard]] std::string objection_to_use(std::string_view message_type, std::string_view mime_type, std::size_t size, std::string_view head);

/// So many first bytes are looked at.
inline constexpr std::size_t head_size = 64;

} // namespace deskbridge::simulator
