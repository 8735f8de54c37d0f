#include "document.hpp"

#include "yaml.hpp"

#include "support/read_file.hpp"

#include <algorithm>

namespace deskbridge::test {
namespace {

using nlohmann::json;

bool is_a(json const& value, std::string const& type)
{
    return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) || (type == "string" && value.is_string()) ||
           (type == "integer" && value.is_number_integer()) || (type == "boolean" && value.is_boolean()) ||
           (type == "null" && value.is_null());
}

bool has_type(json const& value, json const& types)
{
    if (types.is_string())
        return is_a(value, types.get<std::string>());
    return std::any_of(types.begin(), types.end(), [&](json const& type) { return is_a(value, type.get<std::string>()); });
}

/// The names of a target's query parameters.
std::vector<std::string> parameters_in(std::string const& target)
{
    std::vector<std::string> names;
    for (auto at = target.find('?'); at != std::string::npos; at = target.find('&', at + 1)) {
        auto const end = std::min(target.find_first_of("=&", at + 1), target.size());
        names.push_back(target.substr(at + 1, end - at - 1));
    }
    return names;
}

std::string lower(std::string word)
{
    std::transform(word.begin(), word.end(), word.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return word;
}

} // namespace

Document const& Document::of_this_tree()
{
    static Document const document = [] {
        auto const text = test::read_file(std::string{DESKBRIDGE_SOURCE_DIR} + "/schemas/openapi.yaml");
        return Document{parse_yaml(text)};
    }();
    return document;
}

std::set<std::string> Document::routes() const
{
    std::set<std::string> out;
    for (auto const& [path, methods] : whole_.at("paths").items())
        for (std::string const method : {"GET", "POST"})
            if (methods.contains(lower(method)))
                out.insert(method + " " + path);
    return out;
}

json const& Document::resolved(json const& node) const
{
    if (!node.contains("$ref"))
        return node;
    return resolved(whole_.at(json::json_pointer{node.at("$ref").get<std::string>().substr(1)}));
}

/// A schema with those that it is made of.
json Document::merged(json const& schema) const
{
    auto out = resolved(schema);
    for (auto const& part : out.value("allOf", json::array())) {
        auto const other = merged(part);
        out["type"] = other.at("type");
        auto const properties = other.value("properties", json::object());
        for (auto const& [name, property] : properties.items())
            out["properties"][name] = property;
        for (auto const& name : other.value("required", json::array()))
            out["required"].push_back(name);
    }
    return out;
}

void Document::compare_object(json const& schema, Value const& value, Differences& out) const
{
    if (!schema.contains("properties"))
        return;
    auto const& properties = schema.at("properties");
    for (auto const& [name, field] : value.json.items())
        if (properties.contains(name))
            compare(properties.at(name), {field, value.place + "/" + name}, out);
        else
            out.push_back(value.place + "/" + name + ": is not in the document");
    for (auto const& name : schema.value("required", json::array()))
        if (!value.json.contains(name.get<std::string>()))
            out.push_back(value.place + "/" + name.get<std::string>() + ": is required by the document, and absent");
}

void Document::compare(json const& written, Value const& value, Differences& out) const
{
    auto const schema = merged(written);
    if (auto const choices = schema.find("oneOf"); choices != schema.end()) {
        bool const any = std::any_of(choices->begin(), choices->end(), [&](json const& choice) {
            Differences here;
            compare(choice, value, here);
            return here.empty();
        });
        if (!any)
            out.push_back(value.place + ": is none of what the document says: " + value.json.dump());
        return;
    }
    auto const allowed = schema.value("enum", json::array());
    if ((schema.contains("type") && !has_type(value.json, schema.at("type"))) ||
        (!allowed.empty() && std::find(allowed.begin(), allowed.end(), value.json) == allowed.end())) {
        out.push_back(value.place + ": is not as the document says: " + value.json.dump());
        return;
    }
    if (value.json.is_object())
        compare_object(schema, value, out);
    if (value.json.is_array() && schema.contains("items"))
        for (std::size_t i = 0; i < value.json.size(); ++i)
            compare(schema.at("items"), {value.json[i], value.place + "/" + std::to_string(i)}, out);
}

void Document::compare_request(json const& path, json const& operation, HttpRequest const& request, Differences& out) const
{
    std::set<std::string> known;
    for (auto const* place : {&path, &operation})
        for (auto const& parameter : place->value("parameters", json::array()))
            if (resolved(parameter).at("in") == "query")
                known.insert(resolved(parameter).at("name").get<std::string>());
    for (auto const& name : parameters_in(request.target))
        if (!known.contains(name))
            out.push_back("?" + name + ": is taken, and not in the document");
    auto const body = json::parse(request.body, nullptr, false);
    if (!body.is_object() || body.empty())
        return;
    if (operation.contains("requestBody") && resolved(operation.at("requestBody")).at("content").contains("application/json"))
        compare(resolved(operation.at("requestBody")).at("content").at("application/json").at("schema"), {body, "request:"}, out);
    else
        out.push_back("request: has a body, and the document knows of none");
}

std::vector<std::string> Document::differences(std::string const& pattern, HttpRequest const& request, int status, json const& answer) const
{
    Differences out;
    auto const& path = whole_.at("paths").at(pattern);
    auto const& operation = path.at(lower(request.method));
    auto const& responses = operation.at("responses");
    auto const code = std::to_string(status);
    if (status < 400)
        compare_request(path, operation, request, out);
    if (status < 400 && !responses.contains(code))
        return {"the document knows no " + code};
    auto const response = resolved(responses.contains(code) ? responses.at(code) : whole_.at("components").at("responses").at("Problem"));
    auto const* const type = status < 400 ? "application/json" : "application/problem+json";
    compare(response.at("content").at(type).at("schema"), {answer, ""}, out);
    return out;
}

} // namespace deskbridge::test
