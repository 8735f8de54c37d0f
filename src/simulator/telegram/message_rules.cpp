#include "telegram/message_rules.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::simulator::telegram {
namespace {

constexpr std::size_t longest_text = 4096;
constexpr std::size_t longest_caption = 1024;
constexpr std::size_t longest_data = 64;
constexpr std::uint64_t mebi = 1u << 20;

constexpr std::array<FileForm, 5> forms{{{"sendPhoto", "photo", 10 * mebi},
                                         {"sendDocument", "document", 50 * mebi},
                                         {"sendVideo", "video", 50 * mebi},
                                         {"sendAudio", "audio", 50 * mebi},
                                         {"sendVoice", "voice", 50 * mebi}}};

/// What a tap on a button can do, "text" apart.
constexpr std::array<std::string_view, 9> actions{
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "pay"};

std::optional<BotError> objection_to_button(Json const& button)
{
    if (!button.is_object())
        return bad_request("can't parse inline keyboard button: Object expected as inline keyboard button");
    if (text_at(button, {"text"}).value_or("").empty())
        return bad_request("can't parse inline keyboard button: Field \"text\" must be of type String");
    auto const there = std::count_if(actions.begin(), actions.end(), [&](std::string_view name) { return button.contains(name); });
    if (there != 1)
        return bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
    auto const data = text_at(button, {"callback_data"});
    if (button.contains("callback_data") && (!data || data->empty() || data->size() > longest_data))
        return bad_request("BUTTON_DATA_INVALID");
    return std::nullopt;
}

bool is_image(std::string_view bytes)
{
    bool const webp = bytes.substr(0, 12).ends_with("WEBP");
    return bytes.starts_with("\xFF\xD8\xFF") || bytes.starts_with("\x89PNG\r\n") || bytes.starts_with("GIF8") || webp;
}

std::size_t big_endian(std::string_view bytes, std::size_t at, std::size_t size)
{
    std::size_t number = 0;
    for (auto const c : bytes.substr(std::min(at, bytes.size()), size))
        number = number * 256 + static_cast<unsigned char>(c);
    return number;
}

struct Sides {
    std::size_t width{0};
    std::size_t height{0};
};

/// A JPEG file's frame stands behind segments that have their length in front.
Sides sides_of_jpeg(std::string_view bytes)
{
    constexpr std::string_view frames = "\xC0\xC1\xC2\xC3\xC5\xC6\xC7\xC9\xCA\xCB\xCD\xCE\xCF";
    for (std::size_t at = 2; at + 9 <= bytes.size() && bytes[at] == '\xFF' && bytes[at + 1] != '\xDA'; at += 2 + big_endian(bytes, at + 2, 2))
        if (frames.find(bytes[at + 1]) != std::string_view::npos)
            return {big_endian(bytes, at + 7, 2), big_endian(bytes, at + 5, 2)};
    return {};
}

/// 0x0: of a format whose sides are not looked for.
Sides sides_of(std::string_view bytes)
{
    if (bytes.starts_with("\xFF\xD8\xFF"))
        return sides_of_jpeg(bytes);
    if (bytes.starts_with("\x89PNG\r\n") && bytes.size() >= 24 && bytes.substr(12, 4) == "IHDR")
        return {big_endian(bytes, 16, 4), big_endian(bytes, 20, 4)};
    return {};
}

/// Source: core.telegram.org/bots/api#sendphoto (2026-11).
bool fits_photo(Sides sides)
{
    auto const [shorter, longer] = std::minmax({sides.width, sides.height});
    return shorter + longer <= 10'000 && longer <= shorter * 20;
}

} // namespace

std::string trimmed(std::string const& text)
{
    constexpr std::string_view blanks = " \t\r\n";
    auto const first = text.find_first_not_of(blanks);
    return first == std::string::npos ? std::string{} : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<BotError> objection_to_text(std::string const& text)
{
    auto const words = trimmed(text);
    if (words.empty())
        return bad_request("message text is empty");
    return utf16_length(words) > longest_text ? std::optional{bad_request("message is too long")} : std::nullopt;
}

std::optional<BotError> objection_to_caption(std::string const& caption)
{
    return utf16_length(trimmed(caption)) > longest_caption ? std::optional{bad_request("message caption is too long")} : std::nullopt;
}

std::optional<BotError> objection_to_markup(Json const& markup)
{
    if (markup.is_null())
        return std::nullopt;
    if (!markup.is_object())
        return bad_request("object expected as reply markup");
    auto const keyboard = markup.find("inline_keyboard");
    if (keyboard == markup.end())
        return std::nullopt;
    if (!keyboard->is_array())
        return bad_request("field \"inline_keyboard\" must be of type Array");
    for (auto const& row : *keyboard) {
        if (!row.is_array())
            return bad_request("field \"inline_keyboard\" of the InlineKeyboardMarkup must be an Array of Arrays");
        for (auto const& button : row)
            if (auto objection = objection_to_button(button))
                return objection;
    }
    return std::nullopt;
}

std::optional<BotError> objection_to_format(Parameters const& parameters)
{
    if (parameters.text("parse_mode"))
        return bad_request("unsupported parse_mode");
    for (auto const* const name : {"entities", "caption_entities"})
        if (auto const entities = parameters.json(name); !entities.is_null() && !entities.is_array())
            return bad_request("can't parse entities: expected an Array");
    if (auto const preview = parameters.json("link_preview_options"); !preview.is_null() && !preview.is_object())
        return bad_request("can't parse link preview options: expected an Object");
    return std::nullopt;
}

FileForm const* find_form(std::string_view method) noexcept
{
    auto const found = std::find_if(forms.begin(), forms.end(), [&](FileForm const& form) { return form.method == method; });
    return found == forms.end() ? nullptr : &*found;
}

std::optional<BotError> objection_to_upload(FileForm const& form, std::string_view bytes)
{
    if (bytes.empty())
        return bad_request("file must be non-empty");
    if (bytes.size() > form.most && form.field == "photo")
        return bad_request("file of size " + std::to_string(bytes.size()) +
                           " bytes is too big for a photo; the maximum size is 10485760 bytes");
    if (bytes.size() > form.most)
        return BotError{413, "Request Entity Too Large", {}};
    if (form.field == "photo" && !is_image(bytes))
        return bad_request("IMAGE_PROCESS_FAILED");
    if (form.field == "photo" && !fits_photo(sides_of(bytes)))
        return bad_request("PHOTO_INVALID_DIMENSIONS");
    return std::nullopt;
}

} // namespace deskbridge::simulator::telegram
