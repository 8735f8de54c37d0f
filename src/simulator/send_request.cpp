#include "send_request.hpp"

#include "content_rules.hpp"

#include <algorithm>
#include <array>
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

/// In a group there are texts, files and templates alone. Source: Meta, WhatsApp Cloud API, "Group messaging", read 2026-11.
std::optional<GraphError> objection_in_group(std::string_view type)
{
    constexpr std::array<std::string_view, 7> types{"text", "image", "video", "audio", "document", "sticker", "template"};
    if (std::find(types.begin(), types.end(), type) != types.end())
        return std::nullopt;
    return GraphError{131051, "Messages of type " + std::string{type} + " are not supported in groups."};
}

std::variant<GraphError, Recipient> read_group(Json const& doc)
{
    constexpr std::size_t longest = 128;
    auto const to = text_at(doc, {"to"}).value_or("");
    if (to.empty())
        return GraphError{100, "The parameter to is required."};
    bool const plain = std::all_of(to.begin(), to.end(), [](char c) { return is_digit(c) || is_letter(c) || c == '_' || c == '-' || c == '='; });
    if (to.size() > longest || !plain)
        return invalid("to", "is not a valid group id");
    return Recipient{Recipient::Form::group, to, to};
}

std::variant<GraphError, Recipient> read_recipient(Json const& doc)
{
    auto const kind = text_at(doc, {"recipient_type"}).value_or("individual");
    if (kind == "group")
        return read_group(doc);
    if (kind != "individual")
        return GraphError{100, "Param recipient_type must be one of {INDIVIDUAL, GROUP} - got \"" + kind + "\"."};
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

    SendRequest send;
    send.recipient = std::move(std::get<Recipient>(recipient));
    send.type = text_at(doc, {"type"}).value_or("text");
    if (!known_type(send.type))
        return GraphError{100, "Param type must be one of the supported message types - got \"" + send.type + "\"."};
    if (send.recipient.form == Recipient::Form::group)
        if (auto error = objection_in_group(send.type))
            return std::move(*error);
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

std::vector<MediaUse> media_used_by(SendRequest const& send)
{
    std::vector<MediaUse> used;
    auto const add = [&used](std::string as, Json const* file) {
        if (auto id = file ? text_at(*file, {"id"}) : std::nullopt)
            used.push_back({std::move(as), std::move(*id)});
    };
    if (send.type == "interactive") {
        auto const kind = text_at(send.content, {"header", "type"}).value_or("");
        add(kind, at(send.content, {"header", kind}));
    } else if (send.type != "template") {
        add(send.type, &send.content);
    }
    for (auto const& component : items(at(send.content, {"components"})))
        for (auto const& parameter : items(at(component, {"parameters"}))) {
            auto const kind = text_at(parameter, {"type"}).value_or("");
            add(kind, at(parameter, {kind}));
        }
    return used;
}

} // namespace deskbridge::simulator
