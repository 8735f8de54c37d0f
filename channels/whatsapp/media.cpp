#include "media.hpp"

#include "contents.hpp"

#include "deskbridge/channel/digest.hpp"
#include "deskbridge/channel/url.hpp"
#include "deskbridge/core/text.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::whatsapp {
namespace {

struct MediaType {
    std::string_view type;
    MessageKind kind;
};

/// `voice` is what old webhooks called a voice note; today it is audio with "voice": true.
constexpr std::array<MediaType, 6> media_types{{{"image", MessageKind::image},
                                                {"audio", MessageKind::audio},
                                                {"voice", MessageKind::voice},
                                                {"video", MessageKind::video},
                                                {"document", MessageKind::document},
                                                {"sticker", MessageKind::sticker}}};

constexpr std::size_t longest_file_name = 255;

/// Invisible characters that turn the reading direction around: "invoice<U+202E>fdp.exe" would be shown as a PDF.
constexpr std::array<std::string_view, 12> direction_marks{"\u200E", "\u200F", "\u202A", "\u202B", "\u202C", "\u202D",
                                                           "\u202E", "\u2066", "\u2067", "\u2068", "\u2069", "\u061C"};

/// As shown, never as stored: no path, one line, no direction marks.
std::string shown_file_name(std::string const& raw)
{
    auto const slash = raw.find_last_of("/\\");
    auto name = clean_text(slash == std::string::npos ? std::string_view{raw} : std::string_view{raw}.substr(slash + 1));
    std::replace_if(name.begin(), name.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
    for (auto const mark : direction_marks)
        for (auto at = name.find(mark); at != std::string::npos; at = name.find(mark, at))
            name.erase(at, mark.size());
    return name.empty() ? name : shorten(name, longest_file_name);
}

} // namespace

bool read_media(Json const& node, std::string const& type, Draft& draft)
{
    auto const known = std::find_if(media_types.begin(), media_types.end(), [&](auto const& row) { return row.type == type; });
    if (known == media_types.end())
        return false;
    auto const* file = channel::object_at(node, "/" + type);
    if (file == nullptr)
        return false;
    auto& message = draft.message;
    message.text = words_at(*file, "/caption");
    auto id = name_at(*file, "/id");
    if (id.empty())
        return false;
    bool const spoken = known->kind == MessageKind::audio && channel::bool_at(*file, "/voice").value_or(false);
    message.kind = spoken ? MessageKind::voice : known->kind;
    message.media.push_back({std::move(id), words_at(*file, "/mime_type"),
                             shown_file_name(channel::text_at(*file, "/filename").value_or("")),
                             channel::sha256_as_hex(channel::text_at(*file, "/sha256").value_or(""))});
    if (channel::bool_at(*file, "/animated").value_or(false))
        draft.details["animated"] = true;
    return true;
}

std::optional<HttpRequest> ask_for_media(channel::Account const& account, MediaReference const& media)
{
    auto const tokens = account.secret("access_token");
    if (tokens.empty() || media.external_id.empty())
        return std::nullopt;
    auto url = channel::with_query(channel::join_url(account.setting("api_base"), {media.external_id}),
                                   {{"phone_number_id", account.setting("phone_number_id")}});
    return HttpRequest{"GET", std::move(url), {{"Authorization", "Bearer " + tokens.front()}}, {}};
}

} // namespace deskbridge::whatsapp
