#include "deskbridge/channel/plan.hpp"

#include "deskbridge/core/text.hpp"

#include <algorithm>

namespace deskbridge::channel {
namespace {

/// A button must be called something in any language, and a text in front of it say something.
constexpr std::string_view unnamed = "☰";

std::string const& title_of(Choice const& choice)
{
    return is_blank(choice.title) ? choice.id : choice.title;
}

std::string join_titles(std::vector<Choice> const& choices)
{
    std::string joined;
    for (auto const& choice : choices)
        joined.append(joined.empty() ? "" : " / ").append(title_of(choice));
    return is_blank(joined) ? std::string{unnamed} : joined;
}

/// Shortened, not blank, and none twice: Meta refuses the message otherwise, and people cannot tell them apart.
std::vector<Choice> fit_choices(std::vector<Choice> choices, std::size_t title_units, std::size_t description_units)
{
    std::vector<std::string> taken;
    for (auto& choice : choices) {
        auto title = shorten(title_of(choice), title_units);
        for (int copy = 2; std::find(taken.begin(), taken.end(), title) != taken.end(); ++copy) {
            auto const mark = " " + std::to_string(copy);
            title = shorten(title_of(choice), title_units - mark.size()) + mark;
        }
        taken.push_back(title);
        choice.title = std::move(title);
        choice.description = choice.description.empty() ? std::string{} : shorten(choice.description, description_units);
    }
    return choices;
}

std::vector<OutboundContent> plan_text(std::string const& text, std::size_t units)
{
    std::vector<OutboundContent> planned;
    for (auto& part : split_text(text, units))
        planned.push_back({std::move(part), {}, {}, {}, {}});
    return planned;
}

/// The text in front of buttons: what does not fit into their own body goes ahead as plain messages.
std::vector<OutboundContent> plan_body(std::string const& text, std::string const& otherwise, Capabilities const& can)
{
    auto const& words = is_blank(text) ? otherwise : text;
    if (utf16_units(words) <= can.max_body_units)
        return plan_text(words, can.max_body_units);
    auto tail = split_text(words, can.max_body_units).back();
    auto const at = words.rfind(tail);
    if (at == std::string::npos)
        return plan_text(words, can.max_body_units);
    auto planned = plan_text(words.substr(0, at), can.max_text_units);
    planned.push_back({std::move(tail), {}, {}, {}, {}});
    return planned;
}

std::vector<OutboundContent> plan_list(std::string const& text, ChoiceList const& list, Capabilities const& can)
{
    auto const button = shorten(is_blank(list.button) ? unnamed : std::string_view{list.button}, can.max_list_button);
    auto planned = plan_body(text, join_titles(list.rows), can);
    auto const rows = fit_choices(list.rows, can.max_row_title, can.max_row_description);
    for (std::size_t first = 0; first < rows.size(); first += can.max_rows) {
        auto const last = std::min(first + can.max_rows, rows.size());
        if (first > 0)
            planned.push_back({button, {}, {}, {}, {}});
        using Offset = std::vector<Choice>::difference_type;
        planned.back().list = ChoiceList{
            button, {rows.begin() + static_cast<Offset>(first), rows.begin() + static_cast<Offset>(last)}};
    }
    return planned;
}

std::vector<OutboundContent> plan_buttons(OutboundContent const& content, Capabilities const& can)
{
    if (content.buttons.size() > can.max_buttons)
        return plan_list(content.text, ChoiceList{{}, content.buttons}, can);
    auto planned = plan_body(content.text, join_titles(content.buttons), can);
    planned.back().buttons = fit_choices(content.buttons, can.max_button_title, can.max_row_description);
    return planned;
}

std::vector<OutboundContent> plan_question(OutboundContent const& content, Capabilities const& can)
{
    auto planned = plan_body(content.text, std::string{unnamed}, can);
    planned.back().asks_number = true;
    return planned;
}

/// Each file as its own message; the text goes with the first one if that has room for it, else ahead.
std::vector<OutboundContent> plan_files(OutboundContent const& content, Capabilities const& can)
{
    auto const* const first = rule_of(content.files.front(), can);
    bool const speaks = !is_blank(content.text);
    bool const caption = speaks && first != nullptr && utf16_units(content.text) <= first->max_caption_units;
    std::vector<OutboundContent> planned;
    if (speaks && !caption)
        planned = plan_text(content.text, can.max_text_units);
    for (auto const& file : content.files) {
        OutboundContent part;
        part.files.push_back(file);
        if (auto const* rule = rule_of(file, can))
            part.files.back().kind = render_message_kind(rule->kind);
        if (caption && &file == &content.files.front())
            part.text = content.text;
        planned.push_back(std::move(part));
    }
    return planned;
}

} // namespace

std::vector<OutboundContent> plan_messages(OutboundContent const& content, Capabilities const& can)
{
    if (content.template_call)
        return {content};
    std::vector<OutboundContent> planned;
    if (!content.files.empty())
        planned = plan_files(content, can);
    else if (content.list && !content.list->rows.empty())
        planned = plan_list(content.text, *content.list, can);
    else if (!content.buttons.empty())
        planned = plan_buttons(content, can);
    else if (content.asks_number && can.asks_numbers)
        planned = plan_question(content, can);
    else
        planned = plan_text(content.text, can.max_text_units);
    if (!planned.empty())
        planned.front().quote = content.quote;
    return planned;
}

} // namespace deskbridge::channel
