#include "contents.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::telegram {
namespace {

struct FileKind {
    std::string_view member;
    MessageKind kind;
    std::string_view usual_type; ///< where Telegram names none
};

/// An animation stands beside a document that is the same file: it comes first.
constexpr std::array<FileKind, 7> kinds{{{"animation", MessageKind::video, "video/mp4"},
                                         {"video", MessageKind::video, "video/mp4"},
                                         {"video_note", MessageKind::video, "video/mp4"},
                                         {"voice", MessageKind::voice, "audio/ogg"},
                                         {"audio", MessageKind::audio, "audio/mpeg"},
                                         {"sticker", MessageKind::sticker, ""},
                                         {"document", MessageKind::document, ""}}};

constexpr std::size_t longest_file_id = 512; ///< bytes; Telegram's have below 100

std::string file_id_of(Json const& file)
{
    auto id = channel::text_at(file, "/file_id").value_or("");
    return id.size() <= longest_file_id ? id : std::string{};
}

std::string_view type_of_sticker(Json const& sticker)
{
    if (channel::bool_at(sticker, "/is_video").value_or(false))
        return "video/webm";
    return channel::bool_at(sticker, "/is_animated").value_or(false) ? "application/x-tgsticker" : "image/webp";
}

/// A photo comes in several sizes, usually the largest last.
Json const* largest(Json const& sizes)
{
    auto const area = [](Json const& size) {
        return channel::loose_number_at(size, "/width").value_or(0) * channel::loose_number_at(size, "/height").value_or(0);
    };
    Json const* found = nullptr;
    for (auto const& size : sizes)
        if (!file_id_of(size).empty() && (found == nullptr || area(size) >= area(*found)))
            found = &size;
    return found;
}

bool read_photo(Json const& node, Draft& draft)
{
    auto const* sizes = channel::array_at(node, "/photo");
    auto const* photo = sizes != nullptr ? largest(*sizes) : nullptr;
    if (photo == nullptr)
        return false;
    draft.message.kind = MessageKind::image;
    draft.message.text = words_at(node, "/caption");
    draft.message.media.push_back({file_id_of(*photo), "image/jpeg", {}, {}});
    return true;
}

} // namespace

bool read_file(Json const& node, Draft& draft)
{
    if (read_photo(node, draft))
        return true;
    auto const there = [&](FileKind const& row) { return channel::object_at(node, "/" + std::string{row.member}) != nullptr; };
    auto const row = std::find_if(kinds.begin(), kinds.end(), there);
    if (row == kinds.end())
        return false;
    auto const& file = *channel::object_at(node, "/" + std::string{row->member});
    auto id = file_id_of(file);
    if (id.empty())
        return false;
    bool const sticker = row->kind == MessageKind::sticker;
    auto type = shown_at(file, "/mime_type");
    if (type.empty())
        type = sticker ? type_of_sticker(file) : row->usual_type;
    draft.message.kind = row->kind;
    draft.message.text = sticker ? words_at(file, "/emoji") : words_at(node, "/caption");
    draft.message.media.push_back({std::move(id), std::move(type), shown_at(file, "/file_name"), {}});
    return true;
}

} // namespace deskbridge::telegram
