#include "reading.hpp"

#include "deskbridge/core/text.hpp"

namespace deskbridge::telegram {
namespace {

constexpr std::size_t longest_emoji = 64; ///< units; some are made of a dozen, and there are up to three

/// The words on the button whose payload this is.
std::string title_of(Json const& message, std::string const& payload)
{
    auto const* rows = channel::array_at(message, "/reply_markup/inline_keyboard");
    if (rows == nullptr)
        return {};
    for (auto const& row : *rows)
        if (row.is_array())
            for (auto const& button : row)
                if (channel::text_at(button, "/callback_data") == payload)
                    return words_at(button, "/text");
    return {};
}

/// One message bears several reactions of one person; those that are pictures of somebody's own have no character.
std::string emoji_of(Json const& reactions)
{
    constexpr std::string_view picture = "⬚";
    std::string found;
    for (auto const& reaction : reactions) {
        auto const emoji = one_line(channel::text_at(reaction, "/emoji").value_or(""));
        found.append(emoji.empty() ? picture : std::string_view{emoji});
    }
    return shorten(found, longest_emoji);
}

} // namespace

Events read_tap(Update const& update)
{
    auto const& node = update.node;
    auto const id = word_at(node, "/id");
    auto const* from = channel::object_at(node, "/from");
    auto const payload = channel::text_at(node, "/data");
    if (id.empty() || from == nullptr || person_of(*from).addresses.empty())
        return Error{Fault::malformed, "a tap without id or person"};
    auto const* message = channel::object_at(node, "/message");
    auto const chat = message != nullptr ? chat_at(*message) : std::nullopt;
    if (!payload || is_blank(*payload) || (chat && chat->channel))
        return std::vector{notice_of(update, std::string{update.kind}, Json::object())};
    InboundMessage tap;
    tap.id = {"callback:" + id};
    tap.sender = chat && chat->group.empty() ? customer_of(*chat, *from) : person_of(*from);
    tap.sent_at = update.received_at; // Telegram does not say when
    tap.kind = MessageKind::button;
    tap.choice_id = *payload;
    if (chat) {
        tap.group = chat->group;
        tap.text = title_of(*message, *payload);
        if (auto const shown = id_at(*message, "/message_id"))
            tap.quoted = render_name({chat->connection, chat->id, *shown});
    }
    if (tap.text.empty())
        tap.text = clean_text(*payload);
    auto key = tap.id.value;
    return std::vector{InboundEvent{{}, std::move(key), std::move(tap)}};
}

Events read_reaction(Update const& update)
{
    auto const& node = update.node;
    auto const chat = chat_at(node);
    auto const message = id_at(node, "/message_id");
    auto const* reactions = channel::array_at(node, "/new_reaction");
    if (!chat || !message || reactions == nullptr)
        return Error{Fault::malformed, "a reaction without chat, message or emoji"};
    auto const* user = channel::object_at(node, "/user");
    // In a forum it is not told in which topic, and a group's anonymous reaction is nobody's.
    if (user == nullptr || channel::bool_at(node, "/chat/is_forum").value_or(false))
        return std::vector{notice_of(update, std::string{update.kind}, Json::object())};
    auto sender = chat->group.empty() ? customer_of(*chat, *user) : person_of(*user);
    if (sender.addresses.empty())
        return Error{Fault::malformed, "a reaction that names nobody"};
    auto target = render_name({chat->connection, chat->id, *message});
    auto const key = "reaction:" + target.value + ":" + update.id;
    Reaction reaction{{key}, std::move(sender), std::move(target), emoji_of(*reactions),
                      time_at(node, "/date", update.received_at), false, chat->group};
    return std::vector{InboundEvent{{}, key, std::move(reaction)}};
}

} // namespace deskbridge::telegram
