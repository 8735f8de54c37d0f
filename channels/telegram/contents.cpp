#include "contents.hpp"

#include "deskbridge/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace deskbridge::telegram {
namespace {

/// What a message has whatever it is made of; the first other member names an unknown kind.
constexpr std::array<std::string_view, 38> of_every_message{
    "message_id", "message_thread_id", "direct_messages_topic", "from", "sender_chat", "sender_boost_count",
    "sender_business_bot", "sender_tag", "date", "business_connection_id", "chat", "forward_origin", "forward_from",
    "forward_from_chat", "forward_from_message_id", "forward_signature", "forward_sender_name", "forward_date",
    "is_topic_message", "is_automatic_forward", "reply_to_message", "external_reply", "quote", "reply_to_story", "via_bot",
    "edit_date", "has_protected_content", "is_from_offline", "is_paid_post", "media_group_id", "author_signature",
    "entities", "link_preview_options", "effect_id", "caption", "caption_entities", "show_caption_above_media", "reply_markup"};

/// Members that tell about the chat instead of saying something. Source: the page of contents.hpp.
constexpr std::array<std::string_view, 31> services{
    "new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo", "group_chat_created",
    "supergroup_chat_created", "channel_chat_created", "message_auto_delete_timer_changed", "migrate_to_chat_id",
    "migrate_from_chat_id", "pinned_message", "successful_payment", "refunded_payment", "users_shared", "chat_shared",
    "connected_website", "write_access_allowed", "proximity_alert_triggered", "boost_added", "chat_background_set",
    "forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened", "general_forum_topic_hidden",
    "general_forum_topic_unhidden", "video_chat_scheduled", "video_chat_started", "video_chat_ended",
    "video_chat_participants_invited"};

constexpr std::size_t longest_kind = 64;
constexpr std::size_t longest_quote = 1024; ///< units, as Telegram has it

std::string kind_of(Json const& node)
{
    for (auto const& [name, value] : node.get_ref<Json::object_t const&>())
        if (std::find(of_every_message.begin(), of_every_message.end(), name) == of_every_message.end())
            return name;
    return "unknown";
}

void become_placeholder(Json const& node, Draft& draft)
{
    auto const kind = kind_of(node);
    draft.message.kind = MessageKind::placeholder;
    draft.message.text = fmt::format("The customer sent something that cannot be shown here ({}).", shorten(one_line(kind), longest_kind));
    auto words = words_at(node, "/caption");
    if (words.empty())
        words = words_at(node, "/" + kind + "/question"); // a poll
    if (words.empty())
        words = words_at(node, "/" + kind + "/title"); // a game, an invoice, a list to tick off
    if (!words.empty())
        draft.message.text.append("\n").append(words);
}

bool is_payload(std::string_view text)
{
    constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    return !text.empty() && text.size() <= 64 && text.find_first_not_of(allowed) == std::string_view::npos;
}

/// "/start 4821-9376": what Telegram sends when somebody comes by a link https://t.me/<bot>?start=4821-9376. Nobody typed it,
/// so it is no matter: a reference alone stays, as if it had been written, and any other payload leaves the bare command.
/// Source: core.telegram.org/bots/features#deep-linking (2026-11).
void read_start(Draft& draft)
{
    constexpr std::string_view command = "/start";
    auto& text = draft.message.text;
    auto const gap = text.find(' ');
    if (gap == std::string::npos || !text.starts_with(command) || (gap != command.size() && text[command.size()] != '@'))
        return;
    auto payload = text.substr(gap + 1);
    if (!is_payload(payload))
        return;
    draft.details["start"] = payload;
    std::replace(payload.begin(), payload.end(), '_', '-');
    auto const digits = std::count_if(payload.begin(), payload.end(), [](char c) { return c >= '0' && c <= '9'; });
    bool const reference = digits >= 8 && payload.find_first_not_of("0123456789-") == std::string::npos;
    text = reference ? payload : std::string{command};
}

bool read_text(Json const& node, Draft& draft)
{
    if (!channel::text_at(node, "/text"))
        return false;
    draft.message.kind = MessageKind::text;
    draft.message.text = words_at(node, "/text");
    if (draft.message.group.empty())
        read_start(draft);
    return true;
}

bool read_dice(Json const& node, Draft& draft)
{
    auto const value = channel::int_at(node, "/dice/value");
    if (!value)
        return false;
    draft.message.kind = MessageKind::text;
    draft.message.text = fmt::format("{} {}", words_at(node, "/dice/emoji"), *value);
    return true;
}

/// Answers out of a web app of ours, opened from a keyboard.
bool read_form(Json const& node, Draft& draft)
{
    auto const data = channel::text_at(node, "/web_app_data/data");
    if (!data)
        return false;
    draft.message.kind = MessageKind::flow;
    draft.message.text = words_at(node, "/web_app_data/button_text");
    draft.details["form"] = words_at(node, "/web_app_data/data");
    if (draft.message.text.empty())
        draft.message.text = "(form)";
    return true;
}

/// The addresses behind words that are links: shown nowhere else.
void add_links(Json const& node, std::string_view place, Json& details)
{
    auto const* entities = channel::array_at(node, place);
    if (entities == nullptr)
        return;
    for (auto const& entity : *entities)
        if (auto const url = channel::text_at(entity, "/url"))
            details["links"].push_back(clean_text(*url));
}

void add_circumstances(Json const& node, Json& details)
{
    add_links(node, "/entities", details);
    add_links(node, "/caption_entities", details);
    if (auto album = word_at(node, "/media_group_id"); !album.empty())
        details["album"] = std::move(album);
    if (channel::object_at(node, "/forward_origin") != nullptr || channel::node_at(node, "/forward_date") != nullptr)
        details["forwarded"] = true;
    if (auto bot = shown_at(node, "/via_bot/username"); !bot.empty())
        details["via_bot"] = std::move(bot);
    if (auto quote = words_at(node, "/quote/text"); !quote.empty())
        details["quote"] = shorten(quote, longest_quote);
    if (channel::object_at(node, "/external_reply") != nullptr || channel::object_at(node, "/reply_to_story") != nullptr)
        details["quotes_elsewhere"] = true;
}

} // namespace

void read_content(Json const& node, Draft& draft)
{
    if (!read_text(node, draft) && !read_file(node, draft) && !read_card(node, draft) && !read_dice(node, draft) &&
        !read_form(node, draft))
        become_placeholder(node, draft);
    add_circumstances(node, draft.details);
    if (!draft.details.empty())
        draft.message.details = channel::write_json(draft.details);
}

std::string_view service_of(Json const& node) noexcept
{
    auto const found = std::find_if(services.begin(), services.end(), [&](std::string_view name) { return node.contains(name); });
    return found == services.end() ? std::string_view{} : *found;
}

} // namespace deskbridge::telegram
