#include "content_rules.hpp"

#include <set>
#include <string>

namespace deskbridge::simulator {
namespace {

using Checked = std::optional<GraphError>;

Checked check_header(Json const& content, bool text_only)
{
    auto const* header = at(content, {"header"});
    if (!header || header->is_null())
        return std::nullopt;
    auto const type = text_at(*header, {"type"});
    if (!type)
        return missing("interactive['header']['type']");
    if (*type == "text")
        return check_text(at(*header, {"text"}), "interactive['header']['text']", 60);
    if (text_only)
        return invalid("interactive['header']['type']", "must be text for this type");
    if (*type != "image" && *type != "video" && *type != "document")
        return invalid("interactive['header']['type']", "must be one of {text, image, video, document}");
    return check_content(*type, header->value(*type, Json::object()));
}

Checked check_button(Json const& button, std::set<std::string>& ids, std::set<std::string>& titles)
{
    if (text_at(button, {"type"}) != "reply")
        return invalid("interactive['action']['buttons'][]['type']", "must be reply");
    if (auto error = check_text(at(button, {"reply", "id"}), "interactive['action']['buttons'][]['reply']['id']", 256))
        return error;
    if (auto error = check_text(at(button, {"reply", "title"}), "interactive['action']['buttons'][]['reply']['title']", 20))
        return error;
    if (!ids.insert(*text_at(button, {"reply", "id"})).second)
        return invalid("interactive['action']['buttons']", "has duplicate ids");
    if (!titles.insert(*text_at(button, {"reply", "title"})).second)
        return invalid("interactive['action']['buttons']", "has duplicate titles");
    return std::nullopt;
}

Checked check_buttons(Json const& content)
{
    auto const& buttons = items(at(content, {"action", "buttons"}));
    if (buttons.empty() || buttons.size() > 3)
        return invalid("interactive['action']['buttons']", "must have 1 to 3 buttons");
    std::set<std::string> ids;
    std::set<std::string> titles;
    for (auto const& button : buttons)
        if (auto error = check_button(button, ids, titles))
            return error;
    return std::nullopt;
}

Checked check_row(Json const& row, std::set<std::string>& ids)
{
    constexpr auto rows = "interactive['action']['sections'][]['rows'][]";
    if (auto error = check_text(at(row, {"id"}), std::string{rows} + "['id']", 200))
        return error;
    if (auto error = check_text(at(row, {"title"}), std::string{rows} + "['title']", 24))
        return error;
    if (auto error = check_optional_text(at(row, {"description"}), std::string{rows} + "['description']", 72))
        return error;
    if (!ids.insert(*text_at(row, {"id"})).second)
        return invalid("interactive['action']['sections']", "has duplicate row ids");
    return std::nullopt;
}

Checked check_list(Json const& content)
{
    if (auto error = check_text(at(content, {"action", "button"}), "interactive['action']['button']", 20))
        return error;
    auto const& sections = items(at(content, {"action", "sections"}));
    if (sections.empty() || sections.size() > 10)
        return invalid("interactive['action']['sections']", "must have 1 to 10 sections");
    std::set<std::string> ids;
    for (auto const& section : sections) {
        auto const* title = at(section, {"title"});
        constexpr auto name = "interactive['action']['sections'][]['title']";
        if (auto error = sections.size() > 1 ? check_text(title, name, 24) : check_optional_text(title, name, 24))
            return error;
        auto const& rows = items(at(section, {"rows"}));
        if (rows.empty())
            return invalid("interactive['action']['sections'][]['rows']", "must not be empty");
        for (auto const& row : rows)
            if (auto error = check_row(row, ids))
                return error;
    }
    if (ids.size() > 10)
        return GraphError{131009, "Total row count exceed max allowed count: 10."};
    return std::nullopt;
}

Checked check_link_button(Json const& content)
{
    constexpr auto parameters = "interactive['action']['parameters']";
    if (auto error = check_text(at(content, {"action", "parameters", "display_text"}),
                                std::string{parameters} + "['display_text']", 20))
        return error;
    return check_text(at(content, {"action", "parameters", "url"}), std::string{parameters} + "['url']", 2000);
}

} // namespace

std::optional<GraphError> check_interactive(Json const& content)
{
    auto const type = text_at(content, {"type"});
    if (!type)
        return missing("interactive['type']");
    bool const list = *type == "list";
    if (auto error = check_text(at(content, {"body", "text"}), "interactive['body']['text']", list ? 4096 : 1024))
        return error;
    if (auto error = check_optional_text(at(content, {"footer", "text"}), "interactive['footer']['text']", 60))
        return error;
    if (auto error = check_header(content, list))
        return error;
    auto const* action = at(content, {"action"});
    if (!action || !action->is_object())
        return missing("interactive['action']");
    if (*type == "button")
        return check_buttons(content);
    if (list)
        return check_list(content);
    if (*type == "cta_url")
        return check_link_button(content);
    if (*type == "location_request_message" || *type == "contact_request" || *type == "flow")
        return std::nullopt;
    return invalid("interactive['type']", "is not one that this number supports");
}

} // namespace deskbridge::simulator
