#include "error_table.hpp"

#include "deskbridge/core/ascii.hpp"

#include <algorithm>
#include <iterator>

namespace deskbridge::telegram {
namespace {

using enum Verdict;

// Sources: github.com/tdlib/telegram-bot-api, Client.cpp (2026-11), where the descriptions are made; core.telegram.org/api/errors
// for those in capitals (2026-11).
constexpr ErrorRow table[] = {
    {401, "", pause, "Telegram does not accept the bot token: it was revoked or is wrong."},
    {404, "", pause, "Telegram does not know this bot: the token is wrong."},
    {409, "", pause, "Telegram refuses the bot for the moment: another program is using it."},
    {429, "", wait, "Telegram asks to send more slowly."},

    {403, "bot was blocked by the user", left, "The customer has blocked the bot."},
    {403, "user is deactivated", left, "The customer's Telegram account was deleted."},
    {403, "can't initiate conversation", refuse, "A bot cannot write first: the customer has to start it."},
    {403, "can't send messages to bots", refuse, "The recipient is a bot, and bots do not hear each other."},
    {403, "was kicked", refuse, "The bot was removed from this group."},
    {403, "is not a member", refuse, "The bot is not a member of this group."},
    {403, "chat was deleted", refuse, "The group was deleted."},
    {403, "BUSINESS_PEER_USAGE_MISSING", window, "The customer's last message to the business account is more than 24 hours old."},
    {403, "", refuse, "Telegram does not let the bot write to this chat."},

    {400, "chat not found", refuse, "Telegram does not find this chat: the customer never started the bot, or the group is gone."},
    {400, "user not found", refuse, "Telegram does not find this customer."},
    {400, "PEER_ID_INVALID", refuse, "Telegram does not find this chat."},
    {400, "group chat was upgraded", refuse, "The group has become a supergroup, and Telegram did not say which."},
    {400, "BUSINESS_PEER_USAGE_MISSING", window, "The customer's last message to the business account is more than 24 hours old."},
    {400, "BUSINESS_PEER_INVALID", refuse, "The business account does not let the bot into this chat."},
    {400, "business connection not found", refuse, "The business account has disconnected the bot."},
    {400, "BUSINESS_CONNECTION", refuse, "The business account has disconnected the bot."},
    {400, "message thread not found", refuse, "The topic of the group was deleted."},
    {400, "TOPIC_DELETED", refuse, "The topic of the group was deleted."},
    {400, "TOPIC_CLOSED", refuse, "The topic of the group is closed."},
    {400, "not enough rights", refuse, "The bot lacks the right to write in this group."},
    {400, "have no rights", refuse, "The bot lacks the right to write in this group."},
    {400, "CHAT_WRITE_FORBIDDEN", refuse, "The bot lacks the right to write in this group."},
    {400, "CHAT_RESTRICTED", refuse, "The bot lacks the right to write in this group."},
    {400, "message is too long", refuse, "The message is too long for Telegram."},
    {400, "message text is empty", refuse, "There is nothing to see in the message."},
    {400, "text must be non-empty", refuse, "There is nothing to see in the message."},
    {400, "BUTTON_DATA_INVALID", refuse, "Telegram does not accept a button of the message."},
    {400, "reply markup", refuse, "Telegram does not accept the buttons of the message."},
    {400, "", refuse, "Telegram does not accept the message."},
    {413, "", refuse, "The message is too large for Telegram."},
};

} // namespace

ErrorRow const* find_error(int code, std::string_view description)
{
    auto const fits = [&](ErrorRow const& row) { return row.code == code && holds_word(description, row.words); };
    auto const found = std::find_if(std::begin(table), std::end(table), fits);
    return found == std::end(table) ? nullptr : found;
}

} // namespace deskbridge::telegram
