#include "contents.hpp"
#include "message_node.hpp"

namespace deskbridge::whatsapp {
namespace {

void add_context(Json const& node, Draft& draft)
{
    draft.message.quoted = message_id_at(node, "/context/id");
    for (auto const* const flag : {"forwarded", "frequently_forwarded"})
        if (channel::bool_at(node, std::string{"/context/"} + flag).value_or(false))
            draft.details[flag] = true;
    if (auto const* product = channel::object_at(node, "/context/referred_product"))
        draft.details["product"] = *product;
    if (auto const* referral = channel::object_at(node, "/referral")) {
        draft.message.referral = read_referral(*referral);
        auto rest = *referral;
        for (auto const* const told : {"source_type", "source_id", "source_url", "headline", "body"})
            if (draft.message.referral && channel::text_at(rest, std::string{"/"} + told))
                rest.erase(told);
        if (!rest.empty())
            draft.details["referral"] = std::move(rest);
    }
    if (auto const* errors = channel::array_at(node, "/errors"))
        draft.details["errors"] = *errors;
}

EventBody read_inbound(MessageNode const& node, Change const& change)
{
    Draft draft;
    draft.from_phone = node.from_phone;
    draft.message.id = node.id;
    draft.message.sender = node.customer;
    draft.message.group = name_at(node.json, "/group_id");
    draft.message.sent_at = node.at;
    if (!read_content(node.json, node.type, draft)) {
        become_placeholder(node.json, node.type, draft);
        // An interactive answer may lose its object and leave only errors beside the messages.
        if (auto const* errors = channel::array_at(change.value, "/errors"))
            draft.details["errors"] = *errors;
    }
    add_context(node.json, draft);
    if (!draft.details.empty())
        draft.message.details = render_details(draft.details);
    return std::move(draft.message);
}

std::optional<EventBody> read_reaction(MessageNode const& node)
{
    auto target = message_id_at(node.json, "/reaction/message_id");
    auto const* emoji = channel::node_at(node.json, "/reaction/emoji");
    if (!target || (emoji != nullptr && emoji->is_structured()))
        return std::nullopt;
    // Removed: `emoji` is absent, or "".
    return Reaction{node.id, node.customer, std::move(*target), words_at(node.json, "/reaction/emoji"), node.at, false,
                    name_at(node.json, "/group_id")};
}

std::optional<EventBody> read_revision(MessageNode const& node)
{
    bool const is_edit = node.type == "edit";
    auto target = message_id_at(node.json, is_edit ? "/edit/original_message_id" : "/revoke/original_message_id");
    auto const* content = channel::object_at(node.json, "/edit/message");
    if (!target || (is_edit && content == nullptr))
        return std::nullopt;
    Revision revision{node.id, node.customer, std::move(*target), Revision::Kind::deletion, {}, node.at, false,
                      name_at(node.json, "/group_id")};
    if (!is_edit)
        return revision;
    auto const type = type_of(*content);
    if (type == "text") {
        if (!channel::loose_text_at(*content, "/text/body"))
            return std::nullopt;
        revision.text = words_at(*content, "/text/body");
    } else {
        // What has no caption has no words to be replaced by: a guess would wipe out what was said.
        bool const captioned = type == "image" || type == "video" || type == "document";
        if (!captioned || channel::object_at(*content, "/" + type) == nullptr)
            return std::nullopt;
        revision.text = words_at(*content, "/" + type + "/caption");
    }
    revision.kind = Revision::Kind::edit;
    return revision;
}

/// The customer did it, as if they had written. Source: WhatsApp "Customer service windows", "User-initiated calls" (2026-10).
ChannelNotice opening(ChannelNotice notice)
{
    notice.opens_window = true;
    return notice;
}

/// What is no message although it comes as one.
std::optional<EventBody> read_special(MessageNode const& node)
{
    if (node.type == "reaction")
        return read_reaction(node);
    if (node.type == "edit" || node.type == "revoke")
        return read_revision(node);
    if (node.type == "system")
        return read_system(node);
    if (node.type == "request_welcome")
        return opening(ChannelNotice{"request_welcome", node.customer, node.at, "{}"});
    if (auto const* reply = channel::object_at(node.json, "/interactive/call_permission_reply")) {
        ChannelNotice notice{"call_permission_reply", node.customer, node.at, render_details(*reply)};
        bool const by_itself = name_at(*reply, "/response_source") == "automatic";
        return by_itself ? std::move(notice) : opening(std::move(notice));
    }
    return std::nullopt;
}

/// The items of a list; what is there and is no list is told, and answers nothing.
Json const* items_of(Change const& change, std::string_view place, Collector& into)
{
    auto const* found = channel::node_at(change.value, place);
    if (found == nullptr || found->is_null() || found->is_array())
        return found != nullptr && found->is_array() ? found : nullptr;
    into.unreadable(change.account_number, *found, "messages that are no list");
    return nullptr;
}

/// What was said in a chat that another app has. The rest is recorded: nothing is done about it here.
struct AsStandby {
    Timestamp at;
    Json const& item;
    EventBody operator()(InboundMessage message) const
    {
        message.standby = true;
        return message;
    }
    EventBody operator()(Echo echo) const
    {
        echo.message.standby = true;
        return echo;
    }
    template <class Other>
    EventBody operator()(Other const&) const
    {
        return ChannelNotice{"standby", std::nullopt, at, render_details(item)};
    }
};

void add_event(Change const& change, std::string_view kind, MessageNode const& node, EventBody body, Collector& into)
{
    if (change.standby)
        into.add(change.account_number, "standby:" + node.id.value, std::visit(AsStandby{node.at, node.json}, std::move(body)));
    else
        into.add(change.account_number, std::string{kind} + ":" + node.id.value, std::move(body));
}

struct AsEcho {
    Sender business;
    EventBody operator()(InboundMessage message) const
    {
        Echo echo{std::move(message), {}};
        echo.to = std::move(echo.message.sender.addresses);
        echo.message.sender = business;
        return echo;
    }
    EventBody operator()(Reaction reaction) const
    {
        reaction.from_business = true;
        return reaction;
    }
    EventBody operator()(Revision revision) const
    {
        revision.from_business = true;
        return revision;
    }
    template <class Other>
    EventBody operator()(Other other) const
    {
        return other;
    }
};

} // namespace

std::string type_of(Json const& node)
{
    if (auto type = channel::text_at(node, "/type"); type && !type->empty())
        return *type;
    for (std::string_view const type : {"text", "image", "audio", "video", "document", "sticker", "location", "contacts",
                                        "interactive", "button", "order", "reaction", "system", "edit", "revoke"})
        if (node.contains(type))
            return std::string{type};
    return "unknown";
}

EventBody read_message(MessageNode const& node, Change const& change)
{
    if (auto special = read_special(node))
        return std::move(*special);
    return read_inbound(node, change);
}

Sender party_of(Json const& node, PersonPlaces const& places, bool alone, Change const& change)
{
    auto addresses = addresses_at(node, places);
    if (addresses.empty() && alone)
        if (auto only = change.people.only())
            return std::move(*only);
    return addresses.empty() ? Sender{} : change.people.complete(std::move(addresses));
}

EventBody as_echo(EventBody body, Sender const& business)
{
    return std::visit(AsEcho{business}, std::move(body));
}

void read_messages(Change const& change, Collector& into)
{
    auto const* items = items_of(change, "/messages", into);
    if (items == nullptr)
        return;
    for (auto const& item : *items) {
        auto id = message_id_at(item, "/id");
        auto customer = party_of(item, author_places, items->size() == 1, change);
        if (!id || customer.addresses.empty()) {
            into.unreadable(change.account_number, item, id ? "a message that names no sender" : "a message without id");
            continue;
        }
        MessageNode const node{item, type_of(item), std::move(*id), std::move(customer),
                               time_at(item, "/timestamp", into.received_at())};
        add_event(change, "message", node, read_message(node, change), into);
    }
}

void read_echoes(Change const& change, Collector& into)
{
    auto const* items = items_of(change, "/message_echoes", into);
    if (items == nullptr)
        return;
    for (auto const& item : *items) {
        auto id = message_id_at(item, "/id");
        auto customer = party_of(item, recipient_places, items->size() == 1, change);
        if (!id || (customer.addresses.empty() && name_at(item, "/group_id").empty())) {
            into.unreadable(change.account_number, item, id ? "an echo that names no recipient" : "an echo without id");
            continue;
        }
        MessageNode const node{item, type_of(item), std::move(*id), std::move(customer),
                               time_at(item, "/timestamp", into.received_at()), true};
        add_event(change, "echo", node, as_echo(read_message(node, change), {addresses_at(item, author_places), {}, {}}), into);
    }
}

} // namespace deskbridge::whatsapp
