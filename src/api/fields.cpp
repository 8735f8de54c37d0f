#include "fields.hpp"

#include "deskbridge/core/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <stdexcept>

namespace deskbridge::api {
namespace {

using nlohmann::json;

constexpr int max_depth = 8;
constexpr std::size_t max_quoted = 60; // UTF-16 units of what was asked for and is not known

/// Refuses while parsing, before anything deep or double is built.
struct Guard {
    std::vector<std::set<std::string>> keys{};

    bool operator()(int depth, json::parse_event_t event, json const& parsed)
    {
        if (depth > max_depth)
            throw std::invalid_argument("nested too deeply");
        if (event == json::parse_event_t::object_start)
            keys.emplace_back();
        if (event == json::parse_event_t::object_end)
            keys.pop_back();
        if (event == json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second)
            throw std::invalid_argument(fmt::format("\"{}\" stands twice in one object", parsed.get<std::string>()));
        return true;
    }
};

} // namespace

Fields::Fields(std::string_view body)
{
    if (body.empty())
        return;
    try {
        Guard guard;
        auto parsed = json::parse(body, std::ref(guard));
        if (!parsed.is_object())
            throw std::invalid_argument("expected a JSON object");
        object_ = std::move(parsed);
    } catch (json::exception const&) { // its text quotes the body, which may be a customer's words
        errors_.push_back({"", "the body is not JSON"});
    } catch (std::invalid_argument const& e) {
        errors_.push_back({"", e.what()});
    }
}

json const* Fields::find(std::string_view name, bool required)
{
    known_.emplace_back(name);
    auto const found = object_.find(name);
    if (found != object_.end())
        return &*found;
    if (required)
        report(name, "is required");
    return nullptr;
}

std::string Fields::checked(std::string_view name, json const& value, std::size_t max_bytes)
{
    if (!value.is_string()) {
        report(name, "must be a text");
        return {};
    }
    auto text = value.get<std::string>();
    if (text.size() > max_bytes)
        report(name, fmt::format("is longer than {} bytes", max_bytes));
    if (text.find('\0') != std::string::npos)
        report(name, "must not contain the character U+0000");
    return text;
}

std::string Fields::text(std::string_view name, std::size_t max_bytes)
{
    auto const* value = find(name, true);
    if (!value)
        return {};
    auto out = checked(name, *value, max_bytes);
    if (value->is_string() && out.empty())
        report(name, "must not be empty");
    return out;
}

std::string Fields::optional_text(std::string_view name, std::size_t max_bytes)
{
    auto const* value = find(name, false);
    return value && !value->is_null() ? checked(name, *value, max_bytes) : std::string{};
}

std::optional<std::string> Fields::nullable_text(std::string_view name, std::size_t max_bytes)
{
    auto const* value = find(name, true);
    if (!value || value->is_null())
        return std::nullopt;
    return checked(name, *value, max_bytes);
}

std::int64_t Fields::optional_id(std::string_view name)
{
    auto const* value = find(name, false);
    if (!value || value->is_null())
        return 0;
    if (value->is_number_integer() && value->get<std::int64_t>() > 0)
        return value->get<std::int64_t>();
    report(name, "must be a whole number above 0");
    return 0;
}

std::vector<std::int64_t> Fields::ids(std::string_view name)
{
    auto const* value = find(name, true);
    std::vector<std::int64_t> ids;
    if (!value)
        return ids;
    for (auto const& id : value->is_array() ? *value : json::array())
        ids.push_back(id.is_number_integer() ? id.get<std::int64_t>() : 0);
    if (ids.empty() || *std::min_element(ids.begin(), ids.end()) <= 0)
        report(name, "must be a list of whole numbers above 0, with one at least");
    return ids;
}

std::vector<std::int64_t> Fields::optional_ids(std::string_view name)
{
    auto const found = object_.find(name);
    bool const absent = found == object_.end() || found->is_null() || (found->is_array() && found->empty());
    if (!absent)
        return ids(name);
    known_.emplace_back(name);
    return {};
}

bool Fields::optional_flag(std::string_view name)
{
    auto const* value = find(name, false);
    if (!value || value->is_null())
        return false;
    if (!value->is_boolean())
        report(name, "must be true or false");
    return value->is_boolean() && value->get<bool>();
}

std::vector<std::pair<std::string, std::string>> Fields::optional_texts(std::string_view name, std::size_t most, std::size_t max_bytes)
{
    std::vector<std::pair<std::string, std::string>> out;
    auto const* value = find(name, false);
    if (!value || value->is_null())
        return out;
    if (!value->is_object() || value->size() > most) {
        report(name, fmt::format("must be an object of at most {} texts", most));
        return out;
    }
    for (auto const& [key, text] : value->items())
        out.emplace_back(key, checked(fmt::format("{}/{}", name, key), text, max_bytes));
    return out;
}

void Fields::report(std::string_view name, std::string detail)
{
    errors_.push_back({fmt::format("/{}", name), std::move(detail)});
}

std::vector<FieldError> const& Fields::finish()
{
    for (auto const& item : object_.items())
        if (std::find(known_.begin(), known_.end(), item.key()) == known_.end())
            report(item.key(), "is not known here");
    return errors_;
}

std::int64_t whole_number(net::Request const& request, std::string_view name, std::int64_t otherwise,
                          std::pair<std::int64_t, std::int64_t> bounds, std::vector<FieldError>& errors)
{
    auto const text = query_parameter(request.http.target, name);
    if (!text)
        return otherwise;
    std::int64_t value = 0;
    auto const [end, failed] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (failed == std::errc{} && end == text->data() + text->size() && value >= bounds.first && value <= bounds.second)
        return value;
    errors.push_back({std::string{name}, fmt::format("must be a whole number from {} to {}", bounds.first, bounds.second)});
    return otherwise;
}

void check_parameters(net::Request const& request, std::span<std::string_view const> known, std::vector<FieldError>& errors)
{
    std::string_view const target = request.http.target;
    std::set<std::string_view> seen;
    auto rest = target.substr(std::min(target.find('?'), target.size()));
    while (!rest.empty()) {
        rest.remove_prefix(1); // ? or &
        auto const pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(pair.size());
        auto const name = pair.substr(0, pair.find('='));
        if (name.empty())
            continue;
        if (std::find(known.begin(), known.end(), name) == known.end())
            errors.push_back({shorten(clean_text(name), max_quoted), known.empty() ? "is not known here: there are none"
                                                                                   : fmt::format("is not known here; there is {}", fmt::join(known, ", "))});
        else if (!seen.insert(name).second)
            errors.push_back({std::string{name}, "stands there twice"});
    }
}

std::optional<Timestamp> moment(net::Request const& request, std::string_view name, std::vector<FieldError>& errors)
{
    auto const text = query_parameter(request.http.target, name);
    if (!text)
        return std::nullopt;
    auto const at = parse_rfc3339(*text);
    if (!at)
        errors.push_back({std::string{name}, "must be a moment, such as 2026-11-21T14:03:09Z (RFC 3339)"});
    return at;
}

std::int64_t number_in_path(net::Request const& request)
{
    auto const& word = request.parameters.front();
    std::int64_t value = 0;
    auto const [end, failed] = std::from_chars(word.data(), word.data() + word.size(), value);
    return failed == std::errc{} && end == word.data() + word.size() && value > 0 ? value : 0;
}

void take_errors(Fields& fields, std::vector<FieldError>& errors)
{
    auto const& found = fields.finish();
    errors.insert(errors.end(), found.begin(), found.end());
}

void read_nothing(net::Request const& request, std::vector<FieldError>& errors)
{
    Fields fields{request.http.body};
    take_errors(fields, errors);
}

std::string idempotency_key(net::Request const& request, std::vector<FieldError>& errors)
{
    constexpr std::size_t max_key = 200;
    auto const key = request.http.headers.find("Idempotency-Key");
    if (key && key->size() > max_key)
        errors.push_back({"Idempotency-Key", fmt::format("is longer than {} bytes", max_key)});
    return key ? std::string{*key} : std::string{};
}

std::vector<std::string> words_of(std::string_view list)
{
    std::vector<std::string> words;
    while (!list.empty()) {
        auto const end = std::min(list.find(','), list.size());
        if (end > 0)
            words.emplace_back(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return words;
}

} // namespace deskbridge::api
