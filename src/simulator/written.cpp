#include "written.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::simulator {
namespace {

constexpr std::array<std::string_view, 5> media_types{"image", "video", "audio", "document", "sticker"};

} // namespace

bool is_media(std::string_view type)
{
    return std::find(media_types.begin(), media_types.end(), type) != media_types.end();
}

Result<Written> written_in(Json const& order, Book const& book)
{
    auto const* content = at(order, {"content"});
    auto const body = text_at(order, {"body"});
    Written out{text_at(order, {"type"}).value_or("text"), content ? *content : Json{}};
    if (body && !content)
        out.content = Json{{"body", *body}};
    if (out.type == "text" && text_at(out.content, {"body"}).value_or("").empty())
        return Error{Fault::malformed, "the text must not be empty"};
    if (!is_media(out.type))
        return out;
    auto const* media = book.find_media(text_at(out.content, {"id"}).value_or(""));
    if (!media)
        return Error{Fault::not_found, "no such media"};
    out.content["mime_type"] = media->mime_type;
    out.content["sha256"] = media->sha256_base64;
    if (out.type == "document" && !media->name.empty())
        out.content["filename"] = media->name;
    if (out.type == "audio")
        out.content["voice"] = bool_at(out.content, {"voice"}).value_or(false);
    return out;
}

} // namespace deskbridge::simulator
