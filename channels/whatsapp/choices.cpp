#include "contents.hpp"

#include "deskbridge/core/text.hpp"

namespace deskbridge::whatsapp {
namespace {

bool read_tap(Json const& reply, MessageKind kind, Draft& draft)
{
    auto title = words_at(reply, "/title");
    draft.message.choice_id = channel::loose_text_at(reply, "/id").value_or("");
    draft.message.text = title.empty() ? draft.message.choice_id : std::move(title);
    draft.message.kind = kind;
    if (auto description = words_at(reply, "/description"); !description.empty())
        draft.details["description"] = std::move(description);
    return !draft.message.text.empty();
}

std::string render_answer(Json const& value)
{
    if (value.is_string())
        return value.get<std::string>();
    if (!value.is_array())
        return channel::write_json(value);
    std::string joined;
    for (auto const& item : value)
        joined.append(joined.empty() ? "" : ", ").append(render_answer(item));
    return joined;
}

/// "rating: 4", a line per answer; an address comes as an object in an object, whose inner names say enough.
void append_answers(Json const& answers, std::string& lines)
{
    for (auto const& [name, value] : answers.get_ref<Json::object_t const&>()) {
        if (name == "flow_token" || value.is_null())
            continue;
        if (value.is_object())
            append_answers(value, lines);
        else
            lines.append(lines.empty() ? "" : "\n").append(name).append(": ").append(render_answer(value));
    }
}

/// `response_json` is JSON in a string, or an object already, or anything else.
Json flow_response(Json const& reply)
{
    auto const* raw = channel::node_at(reply, "/response_json");
    if (raw == nullptr)
        return {};
    if (!raw->is_string())
        return *raw;
    auto parsed = channel::read_json(raw->get_ref<std::string const&>());
    return parsed ? std::move(*parsed) : *raw;
}

bool read_flow(Json const& reply, Draft& draft)
{
    auto const response = flow_response(reply);
    std::string lines;
    if (response.is_object())
        append_answers(response, lines);
    else if (!response.is_null())
        lines = render_answer(response);
    if (lines.empty())
        lines = words_at(reply, "/body");
    draft.message.kind = MessageKind::flow;
    draft.message.text = clean_text(lines);
    draft.details["flow"] = {{"name", words_at(reply, "/name")}, {"response", response}};
    if (draft.message.text.empty())
        draft.message.text = "(form sent without answers)";
    return true;
}

} // namespace

bool read_interactive(Json const& node, Draft& draft)
{
    auto const* interactive = channel::object_at(node, "/interactive");
    if (interactive == nullptr)
        return false;
    if (auto const* button = channel::object_at(*interactive, "/button_reply"))
        return read_tap(*button, MessageKind::button, draft);
    if (auto const* row = channel::object_at(*interactive, "/list_reply"))
        return read_tap(*row, MessageKind::list, draft);
    if (auto const* flow = channel::object_at(*interactive, "/nfm_reply"))
        return read_flow(*flow, draft);
    return false;
}

bool read_template_button(Json const& node, Draft& draft)
{
    auto const* button = channel::object_at(node, "/button");
    if (button == nullptr)
        return false;
    auto text = words_at(*button, "/text");
    draft.message.choice_id = channel::loose_text_at(*button, "/payload").value_or("");
    draft.message.text = text.empty() ? draft.message.choice_id : std::move(text);
    draft.message.kind = MessageKind::button;
    return !draft.message.text.empty();
}

} // namespace deskbridge::whatsapp
