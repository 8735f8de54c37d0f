#include "sending.hpp"

#include "access.hpp"
#include "errors.hpp"
#include "files.hpp"

#include "deskbridge/channel/url.hpp"

namespace deskbridge::whatsapp {
namespace {

HttpRequest post_message(channel::Account const& account, Access const& access, Json const& body)
{
    return {"POST",
            url_with(access, channel::join_url(account.setting("api_base"), {account.setting("phone_number_id"), "messages"})),
            {{"Authorization", bearer(access)}, {"Content-Type", "application/json"}},
            channel::write_json(body)};
}

/// A business-scoped id in `to` is answered 200 and never delivered: it belongs into `recipient`. A phone without '+' may
/// get the business's own country code. Source: WhatsApp "Business-scoped user IDs" (2026-08); chatwoot/chatwoot#15150.
bool set_recipient(channel::Delivery const& delivery, Json& body)
{
    if (!delivery.group.empty()) {
        body["recipient_type"] = "group";
        body["to"] = delivery.group;
        return true;
    }
    body["recipient_type"] = "individual";
    auto const& [kind, value] = delivery.to;
    bool const digits = !value.empty() && value.find_first_not_of("0123456789") == std::string::npos;
    if (kind == "wa_id" && digits)
        body["to"] = "+" + value;
    else if ((kind == "bsuid" || kind == "parent_bsuid") && !value.empty())
        body["recipient"] = value;
    else
        return false;
    return true;
}

Json reply_buttons(std::vector<Choice> const& buttons)
{
    auto out = Json::array();
    for (auto const& button : buttons)
        out.push_back({{"type", "reply"}, {"reply", {{"id", button.id}, {"title", button.title}}}});
    return {{"buttons", std::move(out)}};
}

Json list_action(ChoiceList const& list)
{
    auto rows = Json::array();
    for (auto const& row : list.rows) {
        Json out{{"id", row.id}, {"title", row.title}};
        if (!row.description.empty())
            out["description"] = row.description;
        rows.push_back(std::move(out));
    }
    auto sections = Json::array();
    sections.push_back({{"rows", std::move(rows)}});
    return {{"button", list.button}, {"sections", std::move(sections)}};
}

/// A file that the header was filled with goes by the id of its upload.
void name_header(Json& components, OutboundFile const& file, std::string const& file_id)
{
    for (auto& component : components)
        if (component.value("type", "") == "header")
            component["parameters"][0][file.kind]["id"] = file_id;
}

Json template_object(TemplateCall const& call)
{
    Json out{{"name", call.name}, {"language", {{"code", call.language}}}};
    if (!call.components.empty()) {
        auto components = Json::parse(call.components, nullptr, false);
        out["components"] = components.is_array() ? std::move(components) : Json::array();
        return out;
    }
    if (call.parameters.empty())
        return out;
    auto parameters = Json::array();
    for (auto const& parameter : call.parameters)
        parameters.push_back({{"type", "text"}, {"text", parameter}});
    auto components = Json::array();
    components.push_back({{"type", "body"}, {"parameters", std::move(parameters)}});
    out["components"] = std::move(components);
    return out;
}

void set_interactive(std::string_view type, std::string const& text, Json action, Json& body)
{
    body["type"] = "interactive";
    body["interactive"] = {{"type", type}, {"body", {{"text", text}}}, {"action", std::move(action)}};
}

void set_text(std::string const& text, Json& body)
{
    body["type"] = "text";
    body["text"] = {{"body", text}, {"preview_url", false}};
}

/// Groups know no interactive messages: the titles stand below the text instead.
std::string text_with_titles(OutboundContent const& content)
{
    auto text = content.text;
    for (auto const& choice : content.list ? content.list->rows : content.buttons)
        text.append("\n• ").append(choice.title);
    return text;
}

void set_content(OutboundContent const& content, bool group, std::string const& file_id, Json& body)
{
    if (content.template_call) {
        body["type"] = "template";
        body["template"] = template_object(*content.template_call);
        if (!content.files.empty() && body["template"].contains("components"))
            name_header(body["template"]["components"], content.files.front(), file_id);
    } else if (!content.files.empty()) {
        set_file(content, file_id, body);
    } else if (group) {
        set_text(text_with_titles(content), body);
    } else if (content.list) {
        set_interactive("list", content.text, list_action(*content.list), body);
    } else if (!content.buttons.empty()) {
        set_interactive("button", content.text, reply_buttons(content.buttons), body);
    } else if (content.asks_number) {
        set_interactive("contact_request", content.text, {{"name", "request_contact_info"}}, body);
    } else {
        set_text(content.text, body);
    }
    if (content.quote)
        body["context"] = {{"message_id", content.quote->value}};
}

channel::SendStep ask(channel::Account const& account, channel::Delivery const& delivery, Access const& access,
                      std::string const& file_id)
{
    Json body{{"messaging_product", "whatsapp"}};
    if (!set_recipient(delivery, body))
        return Outcome{Refused{"The customer has no address that WhatsApp can send to.", Refused::Because::message, {}}};
    set_content(delivery.content, !delivery.group.empty(), file_id, body);
    if (!delivery.token.empty())
        body["biz_opaque_callback_data"] = delivery.token;
    return channel::Step{post_message(account, access, body), true};
}

} // namespace

channel::SendStep next_step(channel::Account const& account, channel::Delivery const& delivery,
                            std::span<HttpResponse const> so_far)
{
    auto const accesses = accesses_of(account);
    if (accesses.empty() || account.setting("phone_number_id").empty())
        return Outcome{Refused{"The account has no access token or no phone number id.", Refused::Because::account, {}}};
    auto const& files = delivery.content.files;
    std::size_t access = 0;
    auto file_id = delivery.uploaded;
    bool fresh = false; // it was uploaded in this history
    for (auto const& response : so_far) {
        bool const uploading = !files.empty() && file_id.empty();
        if (auto const other = access_after(accesses, access, response)) {
            access = *other;
        } else if (uploading) {
            auto const uploaded = uploaded_in(response);
            if (!uploaded)
                return outcome_of_upload(response);
            file_id = uploaded->id;
            fresh = true;
        } else if (!files.empty() && !fresh && is_file_refused(response)) {
            file_id.clear();
        } else {
            return outcome_of(response);
        }
    }
    Json addressed;
    if (!files.empty() && file_id.empty() && set_recipient(delivery, addressed)) // else `ask` says why it is no use
        return upload_file(account, accesses[access], files.front());
    return ask(account, delivery, accesses[access], file_id);
}

std::optional<HttpRequest> mark_as_read(channel::Account const& account, ExternalMessageId const& message, bool typing)
{
    auto const accesses = accesses_of(account);
    if (accesses.empty() || message.value.empty())
        return std::nullopt;
    Json body{{"messaging_product", "whatsapp"}, {"status", "read"}, {"message_id", message.value}};
    if (typing)
        body["typing_indicator"] = {{"type", "text"}};
    return post_message(account, accesses.front(), body);
}

} // namespace deskbridge::whatsapp
