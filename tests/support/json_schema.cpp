#include "support/json_schema.hpp"

#include <algorithm>
#include <optional>
#include <regex>
#include <set>
#include <stdexcept>

namespace deskbridge::test {
namespace {

using Json = nlohmann::json;

bool is_a(Json const& value, std::string const& type)
{
    return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) || (type == "string" && value.is_string()) ||
           (type == "integer" && value.is_number_integer()) || (type == "number" && value.is_number()) ||
           (type == "boolean" && value.is_boolean()) || (type == "null" && value.is_null());
}

bool is_description(std::string const& word)
{
    static std::set<std::string> const words{"$schema", "$defs", "title", "description", "default", "examples"};
    return words.contains(word);
}

/// How the value breaks a word about itself alone; "" if it does not; nullopt: it is another word.
std::optional<std::string> fault_of_value(std::string const& word, Json const& rule, Json const& value)
{
    auto const unless = [&word](bool holds) { return std::optional{holds ? std::string{} : word + " does not hold"}; };
    if (word == "type")
        return unless(is_a(value, rule.get<std::string>()));
    if (word == "const")
        return unless(value == rule);
    if (word == "enum")
        return unless(std::find(rule.begin(), rule.end(), value) != rule.end());
    if (word == "pattern")
        return unless(!value.is_string() || std::regex_search(value.get<std::string>(), std::regex{rule.get<std::string>()}));
    if (word == "minLength")
        return unless(!value.is_string() || value.get<std::string>().size() >= rule.get<std::size_t>());
    if (word == "maxLength")
        return unless(!value.is_string() || value.get<std::string>().size() <= rule.get<std::size_t>());
    if (word == "minItems")
        return unless(!value.is_array() || value.size() >= rule.get<std::size_t>());
    if (word == "maxItems")
        return unless(!value.is_array() || value.size() <= rule.get<std::size_t>());
    return std::nullopt;
}

} // namespace

std::string JsonSchema::fault(Json const& schema, Json const& value, std::string const& place) const
{
    for (auto const& [word, rule] : schema.items()) {
        if (is_description(word))
            continue;
        auto const own = fault_of_value(word, rule, value);
        auto const found = own ? (own->empty() ? "" : place + ": " + *own) : fault_of_word(schema, word, value, place);
        if (!found.empty())
            return found;
    }
    return {};
}

std::string JsonSchema::fault_of_word(Json const& schema, std::string const& word, Json const& value, std::string const& place) const
{
    auto const& rule = schema.at(word);
    if (word == "$ref")
        return fault(whole_.at(Json::json_pointer{rule.get<std::string>().substr(1)}), value, place);
    if (word == "allOf" || word == "anyOf" || word == "oneOf")
        return fault_of_choice(word, rule, value, place);
    if (word == "required" || word == "properties" || word == "additionalProperties")
        return value.is_object() ? fault_of_object(schema, word, value, place) : std::string{};
    if (word != "items")
        throw std::runtime_error{"a word of JSON Schema that is not known here: " + word};
    if (value.is_array())
        for (std::size_t i = 0; i < value.size(); ++i)
            if (auto found = fault(rule, value[i], place + "/" + std::to_string(i)); !found.empty())
                return found;
    return {};
}

std::string JsonSchema::fault_of_choice(std::string const& word, Json const& choices, Json const& value, std::string const& place) const
{
    std::size_t held = 0;
    std::string last;
    for (auto const& choice : choices) {
        auto found = fault(choice, value, place);
        held += found.empty() ? 1U : 0U;
        last = found.empty() ? last : found;
    }
    bool const holds = word == "allOf" ? held == choices.size() : word == "anyOf" ? held > 0 : held == 1;
    return holds ? std::string{} : place + ": " + std::to_string(held) + " of " + word + " hold (" + last + ")";
}

std::string JsonSchema::fault_of_object(Json const& schema, std::string const& word, Json const& value, std::string const& place) const
{
    auto const& rule = schema.at(word);
    if (word == "required") {
        for (auto const& name : rule)
            if (!value.contains(name.get<std::string>()))
                return place + ": " + name.get<std::string>() + " is missing";
        return {};
    }
    auto const properties = schema.value("properties", Json::object());
    for (auto const& [name, member] : value.items()) {
        bool const known = properties.contains(name);
        if (word == "properties" && known)
            if (auto found = fault(properties.at(name), member, place + "/" + name); !found.empty())
                return found;
        if (word == "properties" || known)
            continue;
        auto const found = rule.is_boolean() ? (rule.get<bool>() ? "" : place + "/" + name + ": is not known") : fault(rule, member, place + "/" + name);
        if (!found.empty())
            return found;
    }
    return {};
}

} // namespace deskbridge::test
