#include "contents.hpp"

#include "deskbridge/channel/digest.hpp"

#include <array>

namespace deskbridge::signed_http {
namespace {

constexpr std::size_t longest_url = 2048;

bool read_text(Json const& data, Draft& draft)
{
    draft.message.kind = MessageKind::text;
    return channel::loose_text_at(data, "/text").has_value();
}

bool read_files(Json const& data, MessageKind kind, Draft& draft)
{
    draft.message.kind = kind;
    for (auto const* file : items_at(data, "/media")) {
        auto url = channel::text_at(*file, "/url").value_or("");
        if (url.empty() || url.size() > longest_url)
            return false;
        draft.message.media.push_back({std::move(url), channel::words_at(*file, "/mime_type"),
                                       channel::file_name_at(*file, "/file_name"),
                                       channel::sha256_as_hex(channel::text_at(*file, "/sha256").value_or(""))});
    }
    return !draft.message.media.empty();
}

bool read_location(Json const& data, Draft& draft)
{
    auto const* place = channel::object_at(data, "/location");
    auto words = place != nullptr ? channel::render_place(*place) : std::nullopt;
    if (!words)
        return false;
    draft.message.kind = MessageKind::location;
    draft.message.text = std::move(*words);
    draft.details["location"] = *place;
    return true;
}

bool read_choice(Json const& data, MessageKind kind, Draft& draft)
{
    auto const* choice = channel::object_at(data, "/choice");
    if (choice == nullptr)
        return false;
    auto title = channel::words_at(*choice, "/title");
    draft.message.kind = kind;
    draft.message.choice_id = channel::loose_text_at(*choice, "/id").value_or("");
    draft.message.text = title.empty() ? draft.message.choice_id : std::move(title);
    return !draft.message.text.empty();
}

struct Kind {
    std::string_view word;
    MessageKind kind;
};

constexpr std::array<Kind, 6> files{{{"image", MessageKind::image},
                                     {"audio", MessageKind::audio},
                                     {"voice", MessageKind::voice},
                                     {"video", MessageKind::video},
                                     {"document", MessageKind::document},
                                     {"sticker", MessageKind::sticker}}};

} // namespace

std::vector<Json const*> items_at(Json const& node, std::string_view pointer)
{
    std::vector<Json const*> found;
    auto const* list = channel::array_at(node, pointer);
    if (list != nullptr)
        for (auto const& item : *list)
            found.push_back(&item);
    else if (auto const* one = channel::node_at(node, pointer); one != nullptr && !one->is_null())
        found.push_back(one);
    return found;
}

bool read_content(Json const& data, std::string_view kind, Draft& draft)
{
    draft.message.text = channel::words_at(data, "/text");
    for (auto const& row : files)
        if (row.word == kind)
            return read_files(data, row.kind, draft);
    if (kind == "text")
        return read_text(data, draft);
    if (kind == "location")
        return read_location(data, draft);
    if (kind == "contacts")
        return read_cards(data, draft);
    if (kind == "button")
        return read_choice(data, MessageKind::button, draft);
    if (kind == "list")
        return read_choice(data, MessageKind::list, draft);
    if (kind == "flow")
        return read_answers(data, draft);
    if (kind == "order")
        return read_order(data, draft);
    return false;
}

} // namespace deskbridge::signed_http
