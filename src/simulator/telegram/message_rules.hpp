#pragma once

#include "telegram/book.hpp"
#include "telegram/parameters.hpp"

namespace deskbridge::simulator::telegram {

// What a message may be made of. Each answers the refusal, or nullopt. Source: core.telegram.org/bots/api (Bot API 10.1, 2026-11);
// the words as in bot_error.hpp.

/// 1 to 4096 characters without the white space around them. Counted in UTF-16 units, the strictest reading of the page.
[[nodiscard]] std::optional<BotError> objection_to_text(std::string const& text);
/// Up to 1024, counted alike.
[[nodiscard]] std::optional<BotError> objection_to_caption(std::string const& caption);
/// An inline keyboard's buttons: a text, and exactly one thing that a tap does; callback_data has 1 to 64 bytes. Other keyboards have
/// only to be objects.
[[nodiscard]] std::optional<BotError> objection_to_markup(Json const& markup);
/// Parse modes are not played: what is sent here says with `entities` what is to be bold.
[[nodiscard]] std::optional<BotError> objection_to_format(Parameters const& parameters);

/// What may be sent as what, in the form in which it was uploaded.
struct FileForm {
    std::string_view method; ///< "sendPhoto"
    std::string_view field;  ///< "photo"
    std::uint64_t most;      ///< bytes
};
/// Nullptr: no such method. Source: core.telegram.org/bots/api#sending-files (2026-11).
[[nodiscard]] FileForm const* find_form(std::string_view method) noexcept;
[[nodiscard]] std::optional<BotError> objection_to_upload(FileForm const& form, std::string_view bytes);

/// The message without the white space around it.
[[nodiscard]] std::string trimmed(std::string const& text);

} // namespace deskbridge::simulator::telegram
