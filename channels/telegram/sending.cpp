#include "sending.hpp"

#include "answers.hpp"
#include "api.hpp"

#include "deskbridge/channel/plan.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::telegram {
namespace {

/// Where a message goes.
struct Target {
    std::string connection;
    std::int64_t chat{0};
    std::int64_t topic{0};
};

std::optional<Target> target_of(channel::Delivery const& delivery)
{
    if (!delivery.group.empty()) {
        auto const group = parse_group(delivery.group);
        return group ? std::optional{Target{{}, group->chat, group->topic}} : std::nullopt;
    }
    auto chat = chat_of(delivery.to);
    return chat ? std::optional{Target{std::move(chat->connection), chat->chat, 0}} : std::nullopt;
}

/// One button a row: their titles are sentences more often than words.
Json keyboard_of(std::vector<Choice> const& choices)
{
    auto rows = Json::array();
    for (auto const& choice : choices) {
        auto const title = choice.description.empty() ? choice.title : choice.title + " · " + choice.description;
        rows.push_back(Json::array({Json{{"text", title}, {"callback_data", choice.id}}}));
    }
    return rows;
}

/// Without a parse mode: neither customers' nor agents' words become markup.
Json message_of(OutboundContent const& content, Target const& target)
{
    auto const& choices = content.list ? content.list->rows : content.buttons;
    Json body{{"chat_id", target.chat}, {"text", content.text}, {"link_preview_options", {{"is_disabled", true}}}};
    if (auto keyboard = keyboard_of(choices); !keyboard.empty())
        body["reply_markup"] = {{"inline_keyboard", std::move(keyboard)}};
    if (!target.connection.empty())
        body["business_connection_id"] = target.connection;
    if (target.topic != 0)
        body["message_thread_id"] = target.topic;
    auto const quoted = content.quote ? parse_name(content.quote->value) : std::nullopt;
    if (quoted && quoted->chat == target.chat && quoted->connection == target.connection)
        body["reply_parameters"] = {{"message_id", quoted->message}, {"allow_sending_without_reply", true}};
    return body;
}

struct FileMethod {
    MessageKind kind;
    std::string_view method;
    std::string_view field;
};
constexpr std::array<FileMethod, 5> file_methods{{{MessageKind::image, "sendPhoto", "photo"},
                                                  {MessageKind::video, "sendVideo", "video"},
                                                  {MessageKind::audio, "sendAudio", "audio"},
                                                  {MessageKind::voice, "sendVoice", "voice"},
                                                  {MessageKind::document, "sendDocument", "document"}}};

/// The file goes along with the call: there is nothing to upload before.
channel::Step send_file(channel::Account const& account, std::string_view token, OutboundContent const& content, Json const& message)
{
    auto const& file = content.files.front();
    auto const found = std::find_if(file_methods.begin(), file_methods.end(),
                                    [&](FileMethod const& row) { return render_message_kind(row.kind) == file.kind; });
    auto const& row = found == file_methods.end() ? file_methods.back() : *found;
    std::vector<channel::FormField> fields;
    for (auto const& [name, value] : message.get_ref<Json::object_t const&>()) {
        if (name == "link_preview_options" || (name == "text" && content.text.empty()))
            continue;
        fields.push_back({name == "text" ? "caption" : name, value.is_string() ? value.get<std::string>() : channel::write_json(value)});
    }
    channel::Step step;
    step.request = call(account, token, row.method, {});
    channel::put_form(step, fields, row.field, file);
    return step;
}

channel::Step send(channel::Account const& account, std::string_view token, OutboundContent const& content, Target const& target)
{
    auto const message = message_of(content, target);
    if (!content.files.empty())
        return send_file(account, token, content, message);
    return {call(account, token, "sendMessage", channel::write_json(message)), true};
}

bool goes_as_photo(OutboundContent const& content)
{
    return !content.files.empty() && content.files.front().kind == render_message_kind(MessageKind::image);
}

/// Takes out what cannot be a button, since its payload is too long, and tells it below the text.
void tell_instead(std::vector<Choice>& choices, std::string& text)
{
    constexpr std::size_t longest_payload = 64; // bytes of callback_data
    std::vector<Choice> kept;
    for (auto& choice : choices)
        if (choice.id.empty() || choice.id.size() > longest_payload)
            text.append("\n• ").append(choice.title);
        else
            kept.push_back(std::move(choice));
    choices = std::move(kept);
}

Outcome refused(std::string why, Refused::Because because)
{
    return Refused{std::move(why), because, {}};
}

} // namespace

std::vector<channel::FileRule> file_rules()
{
    using enum MessageKind;
    constexpr std::uint64_t mebi = 1u << 20;
    constexpr std::size_t caption = 1024;
    return {{.kind = image,
             .types = {"image/jpeg", "image/png"},
             .max_bytes = 10 * mebi,
             .max_caption_units = caption,
             .max_sides = 10'000,
             .max_ratio = 20},
            {video, {"video/mp4"}, 50 * mebi, caption},
            {audio, {"audio/mpeg", "audio/mp4"}, 50 * mebi, caption},
            {voice, {"audio/ogg"}, 50 * mebi, caption, {"opus", "opus stereo"}},
            {document, {}, 50 * mebi, caption}};
}

std::vector<OutboundContent> plan_messages(OutboundContent content, channel::Capabilities const& can)
{
    tell_instead(content.buttons, content.text);
    if (content.list)
        tell_instead(content.list->rows, content.text);
    return channel::plan_messages(content, can);
}

channel::SendStep next_step(channel::Account const& account, channel::Delivery const& delivery,
                            std::span<HttpResponse const> so_far)
{
    auto const tokens = tokens_of(account);
    if (tokens.empty())
        return refused("The account has no bot token, or not one of the bot that bot_id names.", Refused::Because::account);
    auto target = target_of(delivery);
    if (!target)
        return refused("The customer has no address that Telegram can send to.", Refused::Because::message);
    if (delivery.content.template_call)
        return refused("Telegram has no templates.", Refused::Because::message);
    auto content = delivery.content;
    std::size_t token = 0;
    bool moved = false;
    for (auto const& response : so_far) {
        auto const new_group = target->chat < 0 && !moved ? migrated_to(response) : std::nullopt;
        if (is_token_refused(response) && token + 1 < tokens.size()) {
            ++token;
        } else if (new_group) {
            moved = true;
            *target = {{}, *new_group, 0};
        } else if (goes_as_photo(content) && is_no_photo(response)) {
            content.files.front().kind = render_message_kind(MessageKind::document);
        } else {
            return outcome_of(response, {target->connection, target->chat, 0});
        }
    }
    return send(account, tokens[token], content, *target);
}

std::optional<HttpRequest> mark_as_read(channel::Account const& account, ExternalMessageId const& message)
{
    auto const tokens = tokens_of(account);
    auto const name = parse_name(message.value);
    if (tokens.empty() || !name || name->connection.empty())
        return std::nullopt;
    Json const body{{"business_connection_id", name->connection}, {"chat_id", name->chat}, {"message_id", name->message}};
    return call(account, tokens.front(), "readBusinessMessage", channel::write_json(body));
}

} // namespace deskbridge::telegram
