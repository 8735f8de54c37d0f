#include "ids.hpp"

#include "deskbridge/core/text.hpp"

#include <charconv>

namespace deskbridge::telegram {
namespace {

constexpr std::size_t longest_word = 128;
constexpr std::size_t longest_name = 128; ///< units; Telegram itself allows 64 for each of two names

std::optional<std::int64_t> number_of(std::string_view text)
{
    std::int64_t value = 0;
    auto const* end = text.data() + text.size();
    auto const [stopped, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || error != std::errc{} || stopped != end || value == 0)
        return std::nullopt;
    return value;
}

} // namespace

ExternalMessageId render_name(MessageName const& name)
{
    auto text = name.connection.empty() ? std::string{} : name.connection + ":";
    return {text + std::to_string(name.chat) + ":" + std::to_string(name.message)};
}

std::optional<MessageName> parse_name(std::string_view text)
{
    auto const before_message = text.rfind(':');
    if (before_message == std::string_view::npos)
        return std::nullopt;
    auto const rest = text.substr(0, before_message);
    auto const before_chat = rest.rfind(':');
    bool const own = before_chat == std::string_view::npos;
    auto const chat = number_of(own ? rest : rest.substr(before_chat + 1));
    auto const message = number_of(text.substr(before_message + 1));
    if (!chat || !message)
        return std::nullopt;
    return MessageName{std::string{own ? std::string_view{} : rest.substr(0, before_chat)}, *chat, *message};
}

std::string render_group(GroupName const& group)
{
    auto text = std::to_string(group.chat);
    return group.topic == 0 ? text : text + "/" + std::to_string(group.topic);
}

std::optional<GroupName> parse_group(std::string_view text)
{
    auto const slash = text.find('/');
    auto const chat = number_of(text.substr(0, slash));
    auto const topic = slash == std::string_view::npos ? std::optional<std::int64_t>{0} : number_of(text.substr(slash + 1));
    if (!chat || !topic)
        return std::nullopt;
    return GroupName{*chat, *topic};
}

std::optional<PrivateChat> chat_of(Address const& address)
{
    std::string_view value = address.value;
    PrivateChat found;
    if (address.kind == business_kind) {
        auto const slash = value.rfind('/');
        if (slash == std::string_view::npos || slash == 0)
            return std::nullopt;
        found.connection = value.substr(0, slash);
        value.remove_prefix(slash + 1);
    } else if (address.kind != user_kind) {
        return std::nullopt;
    }
    auto const chat = number_of(value);
    if (!chat)
        return std::nullopt;
    found.chat = *chat;
    return found;
}

std::optional<Chat> chat_at(Json const& node)
{
    auto const id = id_at(node, "/chat/id");
    if (!id)
        return std::nullopt;
    Chat chat{word_at(node, "/business_connection_id"), *id, {}, false};
    auto const type = channel::text_at(node, "/chat/type").value_or(*id > 0 ? "private" : "group");
    chat.channel = type == "channel";
    if (type != "private") {
        bool const in_topic = channel::bool_at(node, "/is_topic_message").value_or(false);
        chat.group = render_group({*id, in_topic ? id_at(node, "/message_thread_id").value_or(0) : 0});
    }
    return chat;
}

std::optional<std::int64_t> id_at(Json const& node, std::string_view pointer)
{
    auto const value = channel::int_at(node, pointer);
    return value == 0 ? std::nullopt : value;
}

std::string word_at(Json const& node, std::string_view pointer)
{
    auto text = channel::text_at(node, pointer).value_or("");
    return text.size() <= longest_word ? text : std::string{};
}

std::string words_at(Json const& node, std::string_view pointer)
{
    return clean_text(channel::text_at(node, pointer).value_or(""));
}

std::string shown_at(Json const& node, std::string_view pointer)
{
    auto const text = one_line(channel::text_at(node, pointer).value_or(""));
    return text.empty() ? text : shorten(text, longest_name);
}

Timestamp time_at(Json const& node, std::string_view pointer, Timestamp otherwise)
{
    constexpr std::int64_t first_second = 1'375'315'200; // August 2013, when Telegram began
    constexpr std::int64_t last_second = 4'102'444'800;  // 2100
    auto const value = channel::int_at(node, pointer).value_or(0);
    return value >= first_second && value < last_second ? from_ms(value * 1000) : otherwise;
}

Sender person_of(Json const& user)
{
    auto const id = id_at(user, "/id");
    if (!id)
        return {};
    Sender person{{{std::string{user_kind}, std::to_string(*id)}}, shown_at(user, "/first_name"), shown_at(user, "/username")};
    auto const last_name = shown_at(user, "/last_name");
    if (!last_name.empty())
        person.name.append(person.name.empty() ? "" : " ").append(last_name);
    return person;
}

Sender customer_of(Chat const& chat, Json const& person)
{
    auto customer = person_of(person);
    customer.addresses = {{std::string{user_kind}, std::to_string(chat.id)}};
    if (!chat.connection.empty())
        customer.addresses.push_back({std::string{business_kind}, chat.connection + "/" + std::to_string(chat.id)});
    return customer;
}

Sender author_of(Json const& message)
{
    if (auto const* speaker = channel::object_at(message, "/sender_chat"))
        if (auto const id = id_at(*speaker, "/id"))
            return {{{std::string{chat_kind}, std::to_string(*id)}}, shown_at(*speaker, "/title"), shown_at(*speaker, "/username")};
    auto const* from = channel::object_at(message, "/from");
    return from != nullptr ? person_of(*from) : Sender{};
}

} // namespace deskbridge::telegram
