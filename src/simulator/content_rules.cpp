#include "content_rules.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::simulator {
namespace {

using Checked = std::optional<GraphError>;

Checked check_text_message(Json const& content)
{
    if (auto error = check_text(at(content, {"body"}), "text['body']", 4096))
        return error;
    auto const* preview = at(content, {"preview_url"});
    if (preview && !preview->is_boolean())
        return invalid("text['preview_url']", "must be a boolean");
    return std::nullopt;
}

Checked check_media(std::string_view type, Json const& content)
{
    auto const name = std::string{type};
    auto const id = text_at(content, {"id"});
    auto const link = text_at(content, {"link"});
    if (id.has_value() == link.has_value())
        return invalid(name, "needs exactly one of id and link");
    if ((id && id->empty()) || (link && !link->starts_with("https://")))
        return invalid(name, "has an id or link that is not valid");
    auto const* caption = at(content, {"caption"});
    if (caption && (type == "audio" || type == "sticker"))
        return invalid(name + "['caption']", "is not allowed for this type");
    return check_optional_text(caption, name + "['caption']", 1024);
}

Checked check_location(Json const& content)
{
    for (auto const* key : {"latitude", "longitude"}) {
        auto const* value = at(content, {key});
        if (!value)
            return missing(std::string{"location['"} + key + "']");
        if (!value->is_number() && !value->is_string())
            return invalid(std::string{"location['"} + key + "']", "must be a number");
    }
    return std::nullopt;
}

Checked check_contacts(Json const& content)
{
    if (!content.is_array() || content.empty() || content.size() > 257)
        return invalid("contacts", "must be an array of 1 to 257 contacts");
    constexpr std::array others{"first_name", "last_name", "middle_name", "suffix", "prefix"};
    for (auto const& contact : content) {
        if (auto error = check_text(at(contact, {"name", "formatted_name"}), "contacts['name']['formatted_name']", 4096))
            return error;
        auto const has = [&](char const* part) { return !text_at(contact, {"name", part}).value_or("").empty(); };
        if (std::none_of(others.begin(), others.end(), has))
            return invalid("contacts['name']", "needs formatted_name and one more of its parts");
    }
    return std::nullopt;
}

Checked check_reaction(Json const& content)
{
    if (auto error = check_text(at(content, {"message_id"}), "reaction['message_id']", 512))
        return error;
    if (!text_at(content, {"emoji"}))
        return missing("reaction['emoji']");
    return std::nullopt;
}

Checked check_template(Json const& content)
{
    if (auto error = check_text(at(content, {"name"}), "template['name']", 512))
        return error;
    return check_text(at(content, {"language", "code"}), "template['language']['code']", 32);
}

} // namespace

GraphError missing(std::string_view name)
{
    return {131008, "The parameter " + std::string{name} + " is required."};
}

GraphError invalid(std::string_view name, std::string_view why)
{
    return {131009, "Param " + std::string{name} + " " + std::string{why} + "."};
}

std::optional<GraphError> check_text(Json const* value, std::string_view name, std::size_t max)
{
    if (!value || value->is_null())
        return missing(name);
    if (!value->is_string())
        return invalid(name, "must be a string");
    if (value->get_ref<std::string const&>().empty())
        return missing(name);
    return check_optional_text(value, name, max);
}

std::optional<GraphError> check_optional_text(Json const* value, std::string_view name, std::size_t max)
{
    if (!value || value->is_null())
        return std::nullopt;
    if (!value->is_string())
        return invalid(name, "must be a string");
    if (utf16_length(value->get_ref<std::string const&>()) > max)
        return GraphError{100, "Param " + std::string{name} + " must be at most " + std::to_string(max) +
                                   " characters long."};
    return std::nullopt;
}

bool known_type(std::string_view type) noexcept
{
    constexpr std::array<std::string_view, 11> types{"text",    "image",    "video",    "audio",    "document",   "sticker",
                                                     "location", "contacts", "reaction", "template", "interactive"};
    return std::find(types.begin(), types.end(), type) != types.end();
}

std::optional<GraphError> check_content(std::string_view type, Json const& content)
{
    if (type == "contacts")
        return check_contacts(content);
    if (!content.is_object())
        return invalid(type, "must be an object");
    if (type == "text")
        return check_text_message(content);
    if (type == "interactive")
        return check_interactive(content);
    if (type == "location")
        return check_location(content);
    if (type == "reaction")
        return check_reaction(content);
    if (type == "template")
        return check_template(content);
    return check_media(type, content);
}

} // namespace deskbridge::simulator
