#include "reading.hpp"

#include "deskbridge/core/text.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::telegram {
namespace {

struct Reader {
    std::string_view kind;
    Events (*read)(Update const&);
};

constexpr std::array<Reader, 9> readers{{{"message", read_message},
                                         {"business_message", read_message},
                                         {"edited_message", read_edit},
                                         {"edited_business_message", read_edit},
                                         {"deleted_business_messages", read_deletions},
                                         {"message_reaction", read_reaction},
                                         {"callback_query", read_tap},
                                         {"my_chat_member", read_membership},
                                         {"business_connection", read_connection}}};

constexpr std::size_t longest_kind = 64;

/// Where an update keeps what it carries: the one member beside its id.
struct Carried {
    std::string kind;
    Json const* node{nullptr};
};

Carried carried_by(Json const& doc)
{
    for (auto const& [name, value] : doc.get_ref<Json::object_t const&>())
        if (name != "update_id" && value.is_object())
            return {name, &value};
    return {};
}

bool looks_like_message(Json const& node)
{
    return id_at(node, "/message_id") && channel::object_at(node, "/chat") != nullptr && channel::object_at(node, "/from") != nullptr;
}

Events read(Update const& update)
{
    auto const same = [&](Reader const& row) { return row.kind == update.kind; };
    if (auto const row = std::find_if(readers.begin(), readers.end(), same); row != readers.end())
        return row->read(update);
    bool const post = update.kind == "channel_post" || update.kind == "edited_channel_post";
    return !post && looks_like_message(update.node) ? read_message(update) : read_notice(update);
}

/// A tapped button spins until it is answered. The answer to the webhook may carry one call of the API, made once and
/// without a result: right for this, and sent only when the tap is stored.
/// Source: core.telegram.org/bots/api#making-requests-when-getting-updates (2026-11).
void answer_tap(Update const& update, channel::Intake& intake)
{
    auto const id = update.kind == "callback_query" ? word_at(update.node, "/id") : std::string{};
    if (id.empty())
        return;
    intake.reply_body = channel::write_json({{"method", "answerCallbackQuery"}, {"callback_query_id", id}});
    intake.reply_type = "application/json";
}

} // namespace

InboundEvent notice_of(Update const& update, std::string kind, Json const& details, std::optional<ReachNews> reach)
{
    auto name = one_line(kind);
    ChannelNotice notice{name.empty() ? "unknown" : shorten(name, longest_kind), std::nullopt, time_at(update.node, "/date", update.received_at),
                         channel::write_json(details)};
    for (auto const* const place : {"/from", "/user"})
        if (auto const* person = channel::object_at(update.node, place); person != nullptr && !notice.sender)
            if (auto sender = person_of(*person); !sender.addresses.empty())
                notice.sender = std::move(sender);
    notice.about_reach = std::move(reach);
    auto key = "notice:" + notice.kind + ":" + update.id;
    return {{}, std::move(key), std::move(notice)};
}

Events read_membership(Update const& update)
{
    auto const& node = update.node;
    auto const chat = chat_at(node);
    auto const status = word_at(node, "/new_chat_member/status");
    if (!chat || status.empty())
        return Error{Fault::malformed, "a membership without chat or status"};
    bool const out = status == "kicked" || status == "left";
    auto const kind = !chat->group.empty() ? "group_membership" : out ? "blocked" : "unblocked";
    std::optional<ReachNews> reach;
    if (chat->group.empty())
        reach = {{std::string{user_kind}, std::to_string(chat->id)}, out ? std::optional{Barrier::blocked} : std::nullopt};
    return std::vector{notice_of(update, kind, {{"status", status}}, std::move(reach))};
}

/// Its `date` is of the day on which it was made, whatever has changed since. Source: Telegram Bot API, "BusinessConnection" (2026-11).
Events read_connection(Update const& update)
{
    auto const& node = update.node;
    auto details = Json::object();
    auto const enabled = channel::bool_at(node, "/is_enabled");
    if (enabled)
        details["is_enabled"] = *enabled;
    auto can_reply = channel::bool_at(node, "/rights/can_reply"); // until Bot API 9.0 beside the rights
    if (!can_reply && channel::object_at(node, "/rights") != nullptr)
        can_reply = false;
    if (!can_reply)
        can_reply = channel::bool_at(node, "/can_reply");
    if (can_reply)
        details["can_reply"] = *can_reply;
    std::optional<ReachNews> reach;
    if (auto const id = word_at(node, "/id"); !id.empty() && enabled)
        reach = {{std::string{business_kind}, id + "/"},
                 !*enabled                    ? std::optional{Barrier::connection_ended}
                 : can_reply.value_or(true) ? std::nullopt
                                            : std::optional{Barrier::replies_not_allowed}};
    auto event = notice_of(update, std::string{update.kind}, details, std::move(reach));
    std::get<ChannelNotice>(event.body).at = update.received_at;
    return std::vector{std::move(event)};
}

Events read_notice(Update const& update)
{
    return std::vector{notice_of(update, std::string{update.kind}, Json::object())};
}

Result<channel::Intake> read_webhook(channel::Hook const& hook, std::string_view body, Timestamp received_at)
{
    auto const doc = channel::read_json(body);
    if (!doc)
        return doc.error();
    auto const id = doc->is_object() ? channel::int_at(*doc, "/update_id") : std::nullopt;
    if (!id)
        return Error{Fault::malformed, "the body is not an update: it has no update_id"};
    auto const carried = carried_by(*doc);
    if (carried.node == nullptr)
        return Error{Fault::malformed, "the update carries nothing"};
    auto const bot = hook.accounts.size() == 1 ? hook.accounts.front()->number : std::string{};
    Update const update{*carried.node, carried.kind, std::to_string(*id), bot, received_at};
    auto events = read(update);
    if (!events)
        return events.error();
    channel::Intake intake;
    intake.events = std::move(*events);
    for (auto& event : intake.events)
        event.account_number = bot;
    answer_tap(update, intake);
    return intake;
}

} // namespace deskbridge::telegram
