#include "send_request.hpp"

#include "content_rules.hpp"

#include <algorithm>
#include <cctype>

namespace deskbridge::simulator {
namespace {

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

bool is_letter(char c) noexcept
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// Two letters, a dot, then 1 to 128 letters, digits or dots.
bool looks_like_user_id(std::string_view text) noexcept
{
    if (text.size() < 4 || text.size() > 131 || !is_letter(text[0]) || !is_letter(text[1]) || text[2] != '.')
        return false;
    auto const rest = text.substr(3);
    return std::all_of(rest.begin(), rest.end(), [](char c) { return is_digit(c) || is_letter(c) || c == '.'; });
}

std::optional<std::string> phone_digits(std::string_view text)
{
    std::string digits;
    for (char const c : text) {
        if (is_digit(c))
            digits += c;
        else if (c != '+' && c != ' ' && c != '-' && c != '(' && c != ')')
            return std::nullopt;
    }
    if (digits.size() < 5 || digits.size() > 20)
        return std::nullopt;
    return digits;
}

std::variant<GraphError, Recipient> read_recipient(Json const& doc)
{
    if (auto const to = text_at(doc, {"to"}); to && !to->empty()) { // with both, `to` wins
        if (looks_like_user_id(*to))
            return Recipient{Recipient::Form::user_id_as_phone, *to, *to};
        auto digits = phone_digits(*to);
        if (!digits)
            return invalid("to", "is not a valid phone number");
        return Recipient{Recipient::Form::phone, *to, std::move(*digits)};
    }
    if (auto const user = text_at(doc, {"recipient"}); user && !user->empty()) {
        if (!looks_like_user_id(*user))
            return invalid("recipient", "is not a valid business-scoped user id");
        return Recipient{Recipient::Form::user_id, *user, *user};
    }
    return GraphError{100, "The parameter to is required."};
}

Reading read_mark(Json const& doc, std::string const& status)
{
    if (status != "read")
        return GraphError{100, "Param status must be one of {READ}."};
    auto const id = text_at(doc, {"message_id"});
    if (!id || id->empty())
        return GraphError{100, "The parameter message_id is required."};
    auto const* typing = at(doc, {"typing_indicator"});
    if (typing && text_at(*typing, {"type"}) != "text")
        return GraphError{100, "Param typing_indicator['type'] must be text."};
    return MarkRead{*id, typing != nullptr};
}

Reading read_message(Json const& doc)
{
    auto recipient = read_recipient(doc);
    if (auto* error = std::get_if<GraphError>(&recipient))
        return std::move(*error);
    if (auto const kind = text_at(doc, {"recipient_type"}); kind && *kind != "individual")
        return GraphError{100, "Param recipient_type must be individual for this number."};

    SendRequest send;
    send.recipient = std::move(std::get<Recipient>(recipient));
    send.type = text_at(doc, {"type"}).value_or("text");
    if (!known_type(send.type))
        return GraphError{100, "Param type must be one of the supported message types - got \"" + send.type + "\"."};
    auto const* content = at(doc, {send.type});
    if (!content)
        return GraphError{100, "The parameter " + send.type + " is required."};
    send.content = *content;
    if (auto error = check_content(send.type, send.content))
        return std::move(*error);

    send.quoted = text_at(doc, {"context", "message_id"}).value_or("");
    if (send.type == "reaction" && !send.quoted.empty())
        return invalid("context", "is not allowed for reactions");
    if (auto error = check_optional_text(at(doc, {"biz_opaque_callback_data"}), "biz_opaque_callback_data", 512))
        return std::move(*error);
    send.callback_data = text_at(doc, {"biz_opaque_callback_data"}).value_or("");
    return send;
}

} // namespace

Reading read_send(std::string_view body)
{
    auto const doc = parse_json(body);
    if (!doc || !doc->is_object())
        return GraphError{100, "The request body is not a JSON object."};
    auto const product = text_at(*doc, {"messaging_product"});
    if (!product)
        return GraphError{100, "The parameter messaging_product is required."};
    if (*product != "whatsapp")
        return GraphError{100, "Param messaging_product must be one of {WHATSAPP}."};
    if (auto const status = text_at(*doc, {"status"}))
        return read_mark(*doc, *status);
    return read_message(*doc);
}

std::vector<std::string> media_ids_of(SendRequest const& send)
{
    std::vector<std::string> ids;
    if (auto id = text_at(send.content, {"id"}); id && send.type != "interactive")
        ids.push_back(std::move(*id));
    if (auto const kind = text_at(send.content, {"header", "type"}))
        if (auto id = text_at(send.content, {"header", *kind, "id"}))
            ids.push_back(std::move(*id));
    return ids;
}

} // namespace deskbridge::simulator
