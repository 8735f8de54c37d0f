#include "deskbridge/core/content.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace deskbridge {
namespace {

using nlohmann::json;

json render_choices(std::vector<Choice> const& choices)
{
    auto out = json::array();
    for (auto const& choice : choices) {
        json row{{"id", choice.id}, {"title", choice.title}};
        if (!choice.description.empty())
            row["description"] = choice.description;
        out.push_back(std::move(row));
    }
    return out;
}

json render_call(TemplateCall const& call)
{
    json out{{"name", call.name}, {"language", call.language}, {"parameters", call.parameters}};
    auto components = call.components.empty() ? json(json::value_t::discarded) : json::parse(call.components, nullptr, false);
    if (!components.is_discarded())
        out["components"] = std::move(components);
    return out;
}

/// Throws json::exception on wrong types and on keys that are not in `known`.
template <std::size_t N>
void only(json const& object, std::array<std::string_view, N> const& known)
{
    for (auto const& item : object.get_ref<json::object_t const&>())
        if (std::find(known.begin(), known.end(), item.first) == known.end())
            throw json::other_error::create(599, "unknown key " + item.first, nullptr);
}

std::vector<Choice> parse_choices(json const& array)
{
    std::vector<Choice> out;
    for (auto const& row : array.get_ref<json::array_t const&>()) {
        only(row, std::array<std::string_view, 3>{"id", "title", "description"});
        out.push_back({row.at("id").get<std::string>(), row.at("title").get<std::string>(),
                       row.contains("description") ? row.at("description").get<std::string>() : std::string{}});
    }
    return out;
}

json render_files(std::vector<OutboundFile> const& files)
{
    auto out = json::array();
    for (auto const& file : files) {
        json row{{"attachment", file.attachment}, {"file_name", file.file_name}, {"content_type", file.content_type},
                 {"size_bytes", file.size},       {"sha256", file.sha256}};
        if (!file.kind.empty())
            row["kind"] = file.kind;
        if (!file.form.empty())
            row["form"] = file.form;
        out.push_back(std::move(row));
    }
    return out;
}

std::vector<OutboundFile> parse_files(json const& array)
{
    std::vector<OutboundFile> out;
    for (auto const& row : array.get_ref<json::array_t const&>()) {
        only(row, std::array<std::string_view, 7>{"attachment", "file_name", "content_type", "size_bytes", "sha256", "kind", "form"});
        out.push_back({row.at("attachment").get<std::int64_t>(), row.at("file_name").get<std::string>(),
                       row.at("content_type").get<std::string>(), row.at("size_bytes").get<std::uint64_t>(),
                       row.at("sha256").get<std::string>(),
                       row.value("kind", std::string{}), row.value("form", std::string{})});
    }
    return out;
}

OutboundContent content_of(json const& doc)
{
    only(doc, std::array<std::string_view, 8>{"text", "buttons", "list", "template", "quote", "files", "asks_number", "to_kind"});
    OutboundContent content;
    content.text = doc.at("text").get<std::string>();
    if (doc.contains("buttons"))
        content.buttons = parse_choices(doc.at("buttons"));
    if (doc.contains("list")) {
        auto const& list = doc.at("list");
        only(list, std::array<std::string_view, 2>{"button", "rows"});
        content.list = ChoiceList{list.at("button").get<std::string>(), parse_choices(list.at("rows"))};
    }
    if (doc.contains("template")) {
        auto const& call = doc.at("template");
        only(call, std::array<std::string_view, 4>{"name", "language", "parameters", "components"});
        content.template_call = TemplateCall{call.at("name").get<std::string>(), call.at("language").get<std::string>(),
                                             call.at("parameters").get<std::vector<std::string>>(),
                                             call.contains("components") ? call.at("components").dump() : std::string{}};
    }
    if (doc.contains("quote"))
        content.quote = ExternalMessageId{doc.at("quote").get<std::string>()};
    if (doc.contains("files"))
        content.files = parse_files(doc.at("files"));
    content.asks_number = doc.contains("asks_number") && doc.at("asks_number").get<bool>();
    content.to_kind = doc.value("to_kind", std::string{});
    return content;
}

} // namespace

std::string render_content(OutboundContent const& content)
{
    json doc{{"text", content.text}};
    if (!content.buttons.empty())
        doc["buttons"] = render_choices(content.buttons);
    if (content.list)
        doc["list"] = {{"button", content.list->button}, {"rows", render_choices(content.list->rows)}};
    if (content.template_call)
        doc["template"] = render_call(*content.template_call);
    if (content.quote)
        doc["quote"] = content.quote->value;
    if (!content.files.empty())
        doc["files"] = render_files(content.files);
    if (content.asks_number)
        doc["asks_number"] = true;
    if (!content.to_kind.empty())
        doc["to_kind"] = content.to_kind;
    return doc.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<OutboundContent> parse_content(std::string_view text)
{
    try {
        return content_of(json::parse(text));
    } catch (json::exception const& e) { // its text may quote the message, so only its number is told
        return Error{Fault::malformed, "outbound content: JSON error " + std::to_string(e.id)};
    }
}

} // namespace deskbridge
