#include "contents.hpp"

#include "deskbridge/core/text.hpp"

#include <fmt/format.h>

namespace deskbridge::signed_http {
namespace {

void append_part(std::string& line, std::string const& part)
{
    if (!part.empty())
        line.append(line.empty() ? "" : ", ").append(part);
}

void append_line(std::string& lines, std::string const& line)
{
    if (!line.empty())
        lines.append(lines.empty() ? "" : "\n").append(line);
}

/// "Ana Weiß, +49 151 2345678, ana@example.org"
std::string render_card(Json const& card)
{
    auto line = channel::words_at(card, "/name");
    for (std::string_view const list : {"/phones", "/emails"})
        for (auto const* item : items_at(card, list))
            append_part(line, channel::words_at(*item, ""));
    return line;
}

std::string render_value(Json const& value)
{
    return value.is_string() ? channel::words_at(value, "") : channel::write_json(value);
}

std::string render_item(Json const& item)
{
    auto const product = channel::words_at(item, "/product");
    if (product.empty())
        return {};
    auto line = fmt::format("{} × {}", channel::loose_int_at(item, "/quantity").value_or(1), product);
    if (auto const price = channel::loose_number_at(item, "/price"))
        line += fmt::format(" ({:.2f} {})", *price, channel::words_at(item, "/currency"));
    return line;
}

} // namespace

bool read_cards(Json const& data, Draft& draft)
{
    auto const cards = items_at(data, "/contacts");
    if (cards.empty())
        return false;
    std::string lines;
    for (auto const* card : cards)
        append_line(lines, render_card(*card));
    draft.message.kind = MessageKind::contacts;
    draft.message.text = lines.empty() ? "(contact card without a name)" : lines;
    draft.details["contacts"] = data.at("contacts");
    return true;
}

bool read_answers(Json const& data, Draft& draft)
{
    auto const* answers = channel::object_at(data, "/answers");
    if (answers == nullptr)
        return false;
    std::string lines;
    for (auto const& [name, value] : answers->get_ref<Json::object_t const&>())
        if (!value.is_null())
            append_line(lines, fmt::format("{}: {}", name, render_value(value)));
    draft.message.kind = MessageKind::flow;
    draft.message.text = lines.empty() ? "(form sent without answers)" : clean_text(lines);
    draft.details["answers"] = *answers;
    return true;
}

bool read_order(Json const& data, Draft& draft)
{
    auto const* order = channel::object_at(data, "/order");
    if (order == nullptr)
        return false;
    std::string lines;
    for (auto const* item : items_at(*order, "/items"))
        append_line(lines, render_item(*item));
    append_line(lines, draft.message.text);
    draft.message.kind = MessageKind::order;
    draft.message.text = lines.empty() ? "(order without items)" : lines;
    draft.details["order"] = *order;
    return true;
}

} // namespace deskbridge::signed_http
