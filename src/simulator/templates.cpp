#include "templates.hpp"

#include <algorithm>

namespace deskbridge::simulator {
namespace {

std::vector<std::string> placeholders_of(std::string const& body)
{
    std::vector<std::string> names;
    for (auto open = body.find("{{"); open != std::string::npos; open = body.find("{{", open + 2)) {
        auto const close = body.find("}}", open);
        if (close == std::string::npos)
            break;
        names.push_back(body.substr(open + 2, close - open - 2));
    }
    return names;
}

Template const* find_template(Json const& content)
{
    auto const name = text_at(content, {"name"}).value_or("");
    auto const language = text_at(content, {"language", "code"}).value_or("");
    auto const& all = templates();
    auto const found = std::find_if(all.begin(), all.end(),
                                    [&](Template const& t) { return t.name == name && t.language == language; });
    return found == all.end() ? nullptr : &*found;
}

std::vector<Json> body_parameters(Json const& content)
{
    for (auto const& component : items(at(content, {"components"})))
        if (text_at(component, {"type"}) == "body")
            return items(at(component, {"parameters"}));
    return {};
}

bool is_named(std::vector<std::string> const& placeholders)
{
    return !placeholders.empty() && placeholders.front() != "1";
}

std::optional<std::string> value_of(std::vector<Json> const& parameters, std::string const& name, std::size_t index)
{
    for (auto const& parameter : parameters)
        if (text_at(parameter, {"parameter_name"}) == name)
            return text_at(parameter, {"text"});
    if (index < parameters.size() && !text_at(parameters[index], {"parameter_name"}))
        return text_at(parameters[index], {"text"});
    return std::nullopt;
}

} // namespace

std::vector<Template> const& templates()
{
    static std::vector<Template> const all{
        {"reply_waiting", "en", "Hello {{1}}, we have an answer for you. Write to us here to read it."},
        {"reply_waiting", "en_US", "Hello {{1}}, we have an answer for you. Write to us here to read it."},
        {"reply_waiting", "de", "Hallo {{1}}, wir haben eine Antwort für Sie. Schreiben Sie uns hier, um sie zu lesen."},
        {"ticket_update", "en", "Your request {{ticket_no}} is now {{state}}."},
        {"ticket_update", "de", "Ihr Anliegen {{ticket_no}} ist jetzt {{state}}."},
        {"paused_offer", "en", "Ten per cent off until Sunday.", "PAUSED", "MARKETING"},
    };
    return all;
}

std::optional<GraphError> check_template_use(Json const& content)
{
    auto const* found = find_template(content);
    if (!found)
        return GraphError{132001, "template name does not exist in the translation."};
    if (found->status != "APPROVED")
        return GraphError{132015, "template is paused and cannot be sent."};
    auto const placeholders = placeholders_of(found->body);
    auto const parameters = body_parameters(content);
    if (placeholders.size() != parameters.size())
        return GraphError{132000, "body: number of localizable_params (" + std::to_string(parameters.size()) +
                                      ") does not match the expected number of params (" +
                                      std::to_string(placeholders.size()) + ")."};
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        bool const named = text_at(parameters[i], {"parameter_name"}).has_value();
        auto const value = value_of(parameters, placeholders[i], i);
        if (named != is_named(placeholders) || !value || value->empty() || value->find_first_of("\n\t") != std::string::npos)
            return GraphError{132012, "body: parameter " + std::to_string(i + 1) + " does not fit the template."};
    }
    return std::nullopt;
}

std::string render_template(Json const& content)
{
    auto const* found = find_template(content);
    if (!found)
        return {};
    auto const parameters = body_parameters(content);
    auto text = found->body;
    std::size_t index = 0;
    for (auto const& name : placeholders_of(found->body)) {
        auto const mark = "{{" + name + "}}";
        if (auto const place = text.find(mark); place != std::string::npos)
            text.replace(place, mark.size(), value_of(parameters, name, index).value_or(""));
        ++index;
    }
    return text;
}

Json template_list()
{
    auto data = Json::array();
    for (auto const& one : templates()) {
        bool const named = is_named(placeholders_of(one.body));
        Json const body{{"type", "BODY"}, {"text", one.body}};
        data.push_back(Json{{"name", one.name},
                            {"language", one.language},
                            {"status", one.status},
                            {"category", one.category},
                            {"parameter_format", named ? "NAMED" : "POSITIONAL"},
                            {"components", Json::array({body})}});
    }
    return Json{{"data", std::move(data)}};
}

} // namespace deskbridge::simulator
