#include "templates.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace deskbridge::simulator {
namespace {

using Checked = std::optional<GraphError>;

constexpr std::size_t max_rendered = 1024;

GraphError wrong_count(std::string const& where, std::size_t given, std::size_t expected)
{
    return {132000, where + ": number of localizable_params (" + std::to_string(given) +
                        ") does not match the expected number of params (" + std::to_string(expected) + ")"};
}

/// The component of a send of this type; of a button the one with this index. Null: the send has none.
Json const* component_of(Json const& content, std::string_view type, std::string const& index = {})
{
    for (auto const& component : items(at(content, {"components"}))) {
        if (text_at(component, {"type"}) != type)
            continue;
        auto const said = text_at(component, {"index"}).value_or(std::to_string(int_at(component, {"index"}).value_or(-1)));
        if (index.empty() || said == index)
            return &component;
    }
    return nullptr;
}

std::vector<Json> parameters_of(Json const* component)
{
    return component ? items(at(*component, {"parameters"})) : std::vector<Json>{};
}

/// A text in the place of a variable. Source: Meta, "Error codes", 132018; the rules of its text in "Message templates".
Checked check_text_value(std::string const& where, Json const& parameter, char const* key = "text")
{
    auto const value = text_at(parameter, {key});
    if (!value || value->empty())
        return GraphError{132012, where + ": a parameter is empty or of another type"};
    if (value->find_first_of("\n\t\r") != std::string::npos || value->find("     ") != std::string::npos)
        return GraphError{132018, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"};
    return std::nullopt;
}

/// The parameters of a text with variables: as many, of the right kind, named or in order as the template has them.
Checked check_variables(std::string const& where, Template const& found, std::vector<std::string> const& names,
                        std::vector<Json> const& given)
{
    if (names.size() != given.size())
        return wrong_count(where, given.size(), names.size());
    for (auto const& parameter : given) {
        if (text_at(parameter, {"type"}) != "text")
            return GraphError{132012, where + ": a parameter is of another type"};
        auto const name = text_at(parameter, {"parameter_name"});
        if (name.has_value() != found.named || (name && std::find(names.begin(), names.end(), *name) == names.end()))
            return GraphError{132012, where + ": the names of the parameters are not those of the template"};
        if (auto error = check_text_value(where, parameter))
            return error;
    }
    return std::nullopt;
}

Checked check_header(Template const& found, Json const& part, Json const& content)
{
    auto const format = text_at(part, {"format"}).value_or("TEXT");
    auto const given = parameters_of(component_of(content, "header"));
    if (format == "TEXT")
        return check_variables("header", found, placeholders_of(text_at(part, {"text"}).value_or("")), given);
    if (given.size() != 1)
        return wrong_count("header", given.size(), 1);
    auto kind = format;
    std::transform(kind.begin(), kind.end(), kind.begin(), [](char c) { return static_cast<char>(c - 'A' + 'a'); });
    auto const* file = at(given.front(), {kind});
    if (text_at(given.front(), {"type"}) != kind || !file)
        return GraphError{132012, "header: Format mismatch, expected " + format};
    if (kind == "location")
        return at(*file, {"latitude"}) && at(*file, {"longitude"})
                   ? Checked{}
                   : GraphError{132012, "header: latitude and longitude are needed"};
    auto const link = text_at(*file, {"link"});
    if (!text_at(*file, {"id"}) && !(link && link->starts_with("https://")))
        return GraphError{132012, "header: a file needs an id or an https link"};
    return std::nullopt;
}

/// Which parameter a button wants, and whether it must be there.
struct ButtonRule {
    std::string_view type;
    std::string_view sub_type;
    char const* value;
    bool required;
};

constexpr std::array<ButtonRule, 5> button_rules{{{"URL", "url", "text", true},
                                                  {"OTP", "url", "text", true},
                                                  {"COPY_CODE", "copy_code", "coupon_code", true},
                                                  {"QUICK_REPLY", "quick_reply", "payload", false},
                                                  {"FLOW", "flow", nullptr, true}}};

Checked check_button(Json const& button, std::size_t index, Json const& content)
{
    auto const where = "buttons: Button at index " + std::to_string(index);
    auto const* given = component_of(content, "button", std::to_string(index));
    auto const type = text_at(button, {"type"}).value_or("");
    auto const rule = std::find_if(button_rules.begin(), button_rules.end(), [&](auto const& row) { return row.type == type; });
    bool const fixed_url = type == "URL" && placeholders_of(text_at(button, {"url"}).value_or("")).empty();
    if (rule == button_rules.end() || fixed_url)
        return given ? Checked{GraphError{132000, where + " takes no parameter"}} : std::nullopt;
    if (!given)
        return rule->required ? Checked{GraphError{131008, where + " of type " + type + " requires a parameter"}} : std::nullopt;
    auto const parameters = parameters_of(given);
    if (text_at(*given, {"sub_type"}) != rule->sub_type || parameters.size() != 1)
        return GraphError{132012, where + " wants one parameter of sub_type " + std::string{rule->sub_type}};
    return rule->value ? check_text_value(where, parameters.front(), rule->value) : std::nullopt;
}

Checked check_offer(Json const& part, Json const& content)
{
    auto const given = parameters_of(component_of(content, "limited_time_offer"));
    if (!bool_at(part, {"limited_time_offer", "has_expiration"}).value_or(false))
        return std::nullopt;
    if (given.size() != 1 || !int_at(given.front(), {"limited_time_offer", "expiration_time_ms"}))
        return GraphError{132012, "limited_time_offer: expiration_time_ms is needed"};
    return std::nullopt;
}

Checked check_part(Template const& found, Json const& part, Json const& content)
{
    auto const type = text_at(part, {"type"}).value_or("");
    if (type == "HEADER")
        return check_header(found, part, content);
    if (type == "BODY")
        return check_variables("body", found, placeholders_of(text_at(part, {"text"}).value_or("")),
                               parameters_of(component_of(content, "body")));
    if (type == "LIMITED_TIME_OFFER")
        return check_offer(part, content);
    auto const& buttons = items(at(part, {"buttons"}));
    for (std::size_t i = 0; i < buttons.size(); ++i)
        if (auto error = check_button(buttons[i], i, content))
            return error;
    return std::nullopt;
}

Checked check_status(Template const& found)
{
    if (found.status == "PAUSED")
        return GraphError{132015, "template is paused and cannot be sent."};
    if (found.status == "DISABLED")
        return GraphError{132016, "template is disabled and cannot be sent."};
    if (found.status != "APPROVED")
        return GraphError{132001, "template name does not exist in the translation or is not approved."};
    if (found.violates_policy)
        return GraphError{132007, "the template's content violates a policy."};
    return std::nullopt;
}

/// By name, or the n-th for {{n}}.
std::string value_of(std::vector<Json> const& parameters, std::string const& name)
{
    for (auto const& parameter : parameters)
        if (text_at(parameter, {"parameter_name"}) == name)
            return text_at(parameter, {"text"}).value_or("");
    std::size_t number = 0;
    std::from_chars(name.data(), name.data() + name.size(), number);
    return number > 0 && number <= parameters.size() ? text_at(parameters[number - 1], {"text"}).value_or("") : std::string{};
}

std::string filled(std::string text, std::vector<Json> const& parameters)
{
    std::size_t from = 0;
    for (auto const& name : placeholders_of(text)) {
        auto const mark = "{{" + name + "}}";
        auto const place = text.find(mark, from);
        if (place == std::string::npos)
            continue;
        auto const value = value_of(parameters, name);
        text.replace(place, mark.size(), value);
        from = place + value.size();
    }
    return text;
}

} // namespace

std::vector<std::string> placeholders_of(std::string const& text)
{
    std::vector<std::string> names;
    for (auto open = text.find("{{"); open != std::string::npos; open = text.find("{{", open + 2)) {
        auto const close = text.find("}}", open);
        if (close == std::string::npos)
            break;
        names.push_back(text.substr(open + 2, close - open - 2));
    }
    return names;
}

std::optional<GraphError> check_template_use(Template const* found, Json const& content, bool to_user_id)
{
    if (!found)
        return GraphError{132001, "template name does not exist in the translation."};
    if (auto error = check_status(*found))
        return error;
    if (found->category == "AUTHENTICATION" && to_user_id)
        return GraphError{131062, "Business-scoped user ids cannot be used for this template."};
    for (auto const& component : items(at(content, {"components"})))
        if (text_at(component, {"type"}) == "header" &&
            std::none_of(found->components.begin(), found->components.end(),
                         [](Json const& part) { return text_at(part, {"type"}) == "HEADER"; }))
            return wrong_count("header", parameters_of(&component).size(), 0);
    for (auto const& part : found->components)
        if (auto error = check_part(*found, part, content))
            return error;
    for (auto const& part : found->components)
        if (text_at(part, {"type"}) == "BODY" &&
            utf16_length(filled(text_at(part, {"text"}).value_or(""), parameters_of(component_of(content, "body")))) > max_rendered)
            return GraphError{132005, "Translated text too long"};
    return std::nullopt;
}

std::string render_template(Template const* found, Json const& content)
{
    std::string shown;
    auto const show = [&shown](std::string const& text) { shown += (shown.empty() || text.empty() ? "" : "\n") + text; };
    if (!found)
        return shown;
    for (auto const& part : found->components) {
        auto const type = text_at(part, {"type"}).value_or("");
        auto const text = text_at(part, {"text"}).value_or("");
        if (type == "HEADER")
            show(filled(text, parameters_of(component_of(content, "header"))));
        else if (type == "BODY")
            show(filled(text, parameters_of(component_of(content, "body"))));
        else if (type == "FOOTER")
            show(text);
    }
    return shown;
}

} // namespace deskbridge::simulator
