#include "contents.hpp"

#include <fmt/format.h>

namespace deskbridge::whatsapp {
namespace {

void append_part(std::string& line, std::string const& part)
{
    if (!part.empty())
        line.append(line.empty() ? "" : ", ").append(part);
}

void append_all(Json const& card, std::string_view list, std::initializer_list<std::string_view> places, std::string& line)
{
    auto const* items = channel::array_at(card, list);
    if (items == nullptr)
        return;
    for (auto const& item : *items)
        append_part(line, first_words(item, places));
}

std::string card_name(Json const& card)
{
    auto name = first_words(card, {"/name/formatted_name", "/name"});
    if (!name.empty())
        return name;
    for (auto const* const place : {"/name/first_name", "/name/last_name"}) {
        auto const part = words_at(card, place);
        name.append(name.empty() || part.empty() ? "" : " ").append(part);
    }
    return name.empty() ? words_at(card, "/org/company") : name;
}

/// "Ana Weiß, +49 151 2345678, ana@example.org"
std::string render_card(Json const& card)
{
    std::string line = card_name(card);
    append_all(card, "/phones", {"/phone", "/wa_id"}, line);
    append_all(card, "/emails", {"/email"}, line);
    return line;
}

/// Answering our request for their number, customers send a card that Meta marks: that number is their own.
/// Source: developers.facebook.com, WhatsApp "Business-scoped user IDs", "Request contact information" (2026-08).
void learn_own_number(Json const& card, InboundMessage& message)
{
    if (channel::text_at(card, "/origin") != "contact_request" || find_address(message.sender.addresses, "wa_id") != nullptr)
        return;
    auto found = addresses_at(card, {"/phones/0/wa_id", {}, {}});
    if (found.empty())
        found = addresses_at(card, {"/phones/0/phone", {}, {}});
    for (auto& address : found)
        add_address(message.sender.addresses, std::move(address));
    if (find_address(message.sender.addresses, "wa_id") != nullptr)
        message.sender.country.clear(); // the number tells it
}

std::string render_item(Json const& item)
{
    auto const product = words_at(item, "/product_retailer_id");
    if (product.empty())
        return {};
    auto const quantity = channel::loose_number_at(item, "/quantity");
    auto line = quantity ? fmt::format("{} × {}", *quantity, product) : product;
    if (auto const price = channel::loose_number_at(item, "/item_price"))
        line += fmt::format(" ({:.2f} {})", *price, words_at(item, "/currency"));
    return line;
}

} // namespace

bool read_cards(Json const& node, Draft& draft)
{
    auto const* cards = channel::array_at(node, "/contacts");
    if (cards == nullptr || cards->empty())
        return false;
    std::string lines;
    for (auto const& card : *cards) {
        auto const line = render_card(card);
        if (!line.empty())
            lines.append(lines.empty() ? "" : "\n").append(line);
        learn_own_number(card, draft.message);
    }
    draft.message.kind = MessageKind::contacts;
    draft.message.text = lines.empty() ? "(contact card without a name)" : lines;
    draft.details["contacts"] = *cards;
    return true;
}

bool read_order(Json const& node, Draft& draft)
{
    auto const* order = channel::object_at(node, "/order");
    if (order == nullptr)
        return false;
    std::string lines;
    if (auto const* items = channel::array_at(*order, "/product_items"))
        for (auto const& item : *items) {
            auto const line = render_item(item);
            if (!line.empty())
                lines.append(lines.empty() ? "" : "\n").append(line);
        }
    auto const words = words_at(*order, "/text");
    if (!words.empty())
        lines.append(lines.empty() ? "" : "\n").append(words);
    draft.message.kind = MessageKind::order;
    draft.message.text = lines.empty() ? "(order without items)" : lines;
    draft.details["order"] = *order;
    return true;
}

} // namespace deskbridge::whatsapp
