#include "contents.hpp"
#include "reading.hpp"

namespace deskbridge::telegram {
namespace {

Error malformed(std::string why)
{
    return Error{Fault::malformed, std::move(why)};
}

/// A message and where it stands.
struct Place {
    Chat chat;
    MessageName name;
};

std::optional<Place> place_of(Json const& node)
{
    auto chat = chat_at(node);
    auto const id = id_at(node, "/message_id");
    if (!chat || !id)
        return std::nullopt;
    MessageName name{chat->connection, chat->id, *id};
    return Place{std::move(*chat), std::move(name)};
}

/// In a private chat of a business account whoever is not the customer is the owner, or a bot in the owner's name.
bool is_owners(Json const& node, Chat const& chat)
{
    bool const by_bot = channel::object_at(node, "/sender_business_bot") != nullptr;
    return !chat.connection.empty() && chat.group.empty() && (by_bot || id_at(node, "/from/id") != chat.id);
}

bool is_our_own(Json const& node, Update const& update)
{
    auto const bot = id_at(node, "/sender_business_bot/id");
    return bot && std::to_string(*bot) == update.bot;
}

Sender sender_of(Json const& node, Chat const& chat)
{
    if (!chat.group.empty())
        return author_of(node);
    auto const* person = channel::object_at(node, "/from");
    if (person == nullptr || is_owners(node, chat))
        person = channel::object_at(node, "/chat");
    return customer_of(chat, *person);
}

/// In a topic every message that answers none refers to the one that opened the topic.
std::optional<ExternalMessageId> quoted_in(Json const& node, Place const& place)
{
    auto const quoted = id_at(node, "/reply_to_message/message_id");
    bool const opener = channel::bool_at(node, "/is_topic_message").value_or(false) && quoted == id_at(node, "/message_thread_id");
    if (!quoted || opener)
        return std::nullopt;
    return render_name({place.name.connection, place.name.chat, *quoted});
}

Draft draft_of(Json const& node, Place const& place, Timestamp otherwise)
{
    Draft draft;
    auto& message = draft.message;
    message.id = render_name(place.name);
    message.sender = sender_of(node, place.chat);
    message.group = place.chat.group;
    message.sent_at = time_at(node, "/date", otherwise);
    message.quoted = quoted_in(node, place);
    read_content(node, draft);
    return draft;
}

/// Both the old chat and the new one tell of it; whichever comes first is enough.
std::optional<InboundEvent> read_migration(Json const& node, Place const& place, Timestamp otherwise)
{
    auto const to = id_at(node, "/migrate_to_chat_id");
    auto const from = id_at(node, "/migrate_from_chat_id");
    if (!to && !from)
        return std::nullopt;
    IdentityChange change;
    change.group = std::to_string(to ? place.chat.id : *from);
    change.new_group = std::to_string(to ? *to : place.chat.id);
    change.id = {"migration:" + change.group + ":" + change.new_group};
    change.at = time_at(node, "/date", otherwise);
    change.text = "The group has become a supergroup.";
    auto key = change.id.value;
    return InboundEvent{{}, std::move(key), std::move(change)};
}

std::vector<InboundEvent> read_service(Update const& update, Place const& place, std::string_view service)
{
    if (auto migration = read_migration(update.node, place, update.received_at))
        return {std::move(*migration)};
    return {notice_of(update, std::string{service}, Json::object())};
}

/// What the business account's owner, or another bot in the owner's name, wrote to the customer.
InboundEvent echo_of(Json const& node, InboundMessage message)
{
    Echo echo{std::move(message), {}};
    echo.to = std::move(echo.message.sender.addresses);
    auto const* from = channel::object_at(node, "/from");
    echo.message.sender = from != nullptr ? person_of(*from) : Sender{};
    auto key = "message:" + echo.message.id.value;
    return {{}, std::move(key), std::move(echo)};
}

/// What we sent through a business account comes back: proof that it went out.
InboundEvent own_echo(InboundMessage const& message)
{
    Receipt receipt;
    receipt.message = message.id;
    receipt.status = ReceiptStatus::sent;
    receipt.at = message.sent_at;
    return {{}, "message:" + message.id.value, std::move(receipt)};
}

} // namespace

Events read_message(Update const& update)
{
    auto const& node = update.node;
    auto const place = place_of(node);
    if (!place)
        return malformed("a message without chat or id");
    if (place->chat.channel)
        return std::vector{notice_of(update, "channel_post", Json::object())};
    if (auto const service = service_of(node); !service.empty())
        return read_service(update, *place, service);
    auto draft = draft_of(node, *place, update.received_at);
    auto& message = draft.message;
    if (message.sender.addresses.empty())
        return malformed("a message that names no sender");
    if (is_our_own(node, update))
        return std::vector{own_echo(message)};
    if (is_owners(node, place->chat))
        return std::vector{echo_of(node, std::move(message))};
    auto key = "message:" + message.id.value;
    return std::vector{InboundEvent{{}, std::move(key), std::move(message)}};
}

Events read_edit(Update const& update)
{
    auto const& node = update.node;
    auto const place = place_of(node);
    if (!place)
        return malformed("an edit without chat or message id");
    auto draft = draft_of(node, *place, update.received_at);
    auto& message = draft.message;
    // What we sent ourselves is not changed from outside; what has no words here has none to be replaced.
    if (is_our_own(node, update) || place->chat.channel || message.kind == MessageKind::placeholder)
        return std::vector{notice_of(update, std::string{update.kind}, Json::object())};
    if (message.sender.addresses.empty())
        return malformed("an edit that names no sender");
    auto const key = "edit:" + message.id.value + ":" + update.id;
    Revision revision{{key}, std::move(message.sender), message.id, Revision::Kind::edit, std::move(message.text),
                      time_at(node, "/edit_date", update.received_at), is_owners(node, place->chat), std::move(message.group), std::move(message.media)};
    return std::vector{InboundEvent{{}, key, std::move(revision)}};
}

Events read_deletions(Update const& update)
{
    auto const& node = update.node;
    auto const chat = chat_at(node);
    auto const* ids = channel::array_at(node, "/message_ids");
    if (!chat || ids == nullptr)
        return malformed("deletions without chat or messages");
    std::vector<InboundEvent> events;
    std::size_t unread = 0;
    for (std::size_t i = 0; i < ids->size(); ++i) {
        auto const message = id_at((*ids)[i], "");
        if (!message) {
            ++unread;
            events.push_back(notice_of(update, std::string{channel::unreadable_notice}, {{"reason", "a deletion without message id"}}));
            events.back().key += ":" + std::to_string(i);
            continue;
        }
        auto target = render_name({chat->connection, chat->id, *message});
        auto const key = "deletion:" + target.value;
        auto const* person = channel::object_at(node, "/chat");
        Revision revision{{key}, customer_of(*chat, *person), std::move(target), Revision::Kind::deletion, {}, update.received_at,
                          false, chat->group};
        events.push_back({{}, key, std::move(revision)});
    }
    if (events.size() == unread)
        return malformed("deletions that name no message");
    return events;
}

} // namespace deskbridge::telegram
