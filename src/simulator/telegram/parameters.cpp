#include "telegram/parameters.hpp"

#include <algorithm>
#include <charconv>

namespace deskbridge::simulator::telegram {
namespace {

/// '+' and %XX understood; nullopt if it is badly encoded.
std::optional<std::string> decoded(std::string_view text)
{
    return text.empty() ? std::optional{std::string{}} : query_parameter(std::string{"/?x="}.append(text), "x");
}

bool is_json(std::string_view content_type)
{
    return content_type.starts_with("application/json");
}

} // namespace

std::variant<Parameters, BotError> Parameters::read(HttpRequest const& request)
{
    Parameters parameters;
    std::string_view const target = request.target;
    if (auto const query = target.find('?'); query != std::string_view::npos)
        parameters.take_pairs(target.substr(query + 1));
    auto const type = request.headers.find("Content-Type").value_or("");
    if (request.body.empty())
        return parameters;
    if (is_json(type)) {
        auto const object = parse_json(request.body);
        if (!object || !object->is_object())
            return bad_request("can't parse request JSON object");
        parameters.take_object(*object);
    } else if (type.starts_with("application/x-www-form-urlencoded")) {
        parameters.take_pairs(request.body);
    } else {
        auto const parts = parse_multipart(type, request.body);
        if (!parts)
            return bad_request("can't parse the body as multipart/form-data");
        for (auto const& part : *parts) {
            if (part.filename.empty())
                parameters.values_[part.name] = part.bytes;
            else
                parameters.files_.push_back(part);
        }
    }
    if (!parameters.readable())
        return bad_request("strings must be encoded in UTF-8");
    return parameters;
}

Parameters Parameters::of_object(Json const& object)
{
    Parameters parameters;
    parameters.take_object(object);
    return parameters;
}

void Parameters::take_object(Json const& object)
{
    for (auto const& [name, value] : object.items())
        if (!value.is_null())
            values_[name] = value.is_string() ? value.get<std::string>() : render_json(value);
}

void Parameters::take_pairs(std::string_view pairs)
{
    while (!pairs.empty()) {
        auto const pair = pairs.substr(0, pairs.find('&'));
        pairs.remove_prefix(std::min(pairs.size(), pair.size() + 1));
        auto const equals = std::min(pair.find('='), pair.size());
        auto const name = decoded(pair.substr(0, equals));
        auto const value = decoded(pair.substr(std::min(pair.size(), equals + 1)));
        if (name && value)
            values_[*name] = *value;
    }
}

std::optional<std::string> Parameters::text(std::string_view name) const
{
    auto const found = values_.find(name);
    return found == values_.end() || found->second.empty() ? std::nullopt : std::optional{found->second};
}

std::optional<std::int64_t> Parameters::integer(std::string_view name) const
{
    auto const value = text(name);
    std::int64_t number = 0;
    if (!value)
        return std::nullopt;
    auto const* end = value->data() + value->size();
    auto const [stopped, error] = std::from_chars(value->data(), end, number);
    return error == std::errc{} && stopped == end ? std::optional{number} : std::nullopt;
}

bool Parameters::flag(std::string_view name) const
{
    auto const value = text(name).value_or("");
    return value == "true" || value == "True" || value == "yes" || value == "1";
}

Json Parameters::json(std::string_view name) const
{
    auto const value = text(name);
    if (!value)
        return nullptr;
    auto parsed = parse_json(*value);
    return parsed ? std::move(*parsed) : Json(Json::value_t::discarded);
}

FormPart const* Parameters::file(std::string_view name) const
{
    constexpr std::string_view attached = "attach://";
    auto const value = text(name).value_or("");
    std::string_view const wanted = value.starts_with(attached) ? std::string_view{value}.substr(attached.size()) : name;
    auto const same = [&](FormPart const& part) { return part.name == wanted; };
    auto const found = std::find_if(files_.begin(), files_.end(), same);
    return found == files_.end() ? nullptr : &*found;
}

Json Parameters::row() const
{
    auto row = Json::object();
    for (auto const& [name, value] : values_)
        row[name] = name == "secret_token" ? Json("…") : Json(value);
    for (auto const& part : files_)
        row["files"].push_back(Json{{"name", part.name}, {"file_name", part.filename}, {"bytes", part.bytes.size()}});
    return row;
}

bool Parameters::readable() const
{
    auto const is_utf8 = [](std::string const& text) {
        try {
            (void)Json(text).dump();
            return true;
        } catch (Json::type_error const&) {
            return false;
        }
    };
    return std::all_of(values_.begin(), values_.end(), [&](auto const& value) { return is_utf8(value.second); });
}

} // namespace deskbridge::simulator::telegram
