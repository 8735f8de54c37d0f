#include "text_reading.hpp"

#include "deskbridge/core/language.hpp"

namespace deskbridge::flow {
namespace {

/// Some tenths of a millisecond of work.
constexpr std::size_t most_read_ahead = 16;

std::optional<TextReading> read(channel::AccountContext const& account, InboundMessage const& message)
{
    if (message.text.empty() || message.history || message.standby)
        return std::nullopt;
    TextReading reading;
    if (message.kind != MessageKind::placeholder)
        reading.language = leading_language(message.text, account.catalogue->languages());
    reading.closer = closes(*account.catalogue, render_message_kind(message.kind), message.text);
    return reading;
}

} // namespace

TextReadings read_ahead(std::vector<InboundEvent> const& events, std::vector<channel::AccountContext const*> const& accounts)
{
    TextReadings readings(events.size());
    std::size_t read_so_far = 0;
    for (std::size_t i = 0; i < events.size() && read_so_far < most_read_ahead; ++i) {
        auto const* message = std::get_if<InboundMessage>(&events[i].body);
        auto const* account = message ? account_of(accounts, events[i]) : nullptr;
        if (!account)
            continue;
        readings[i] = read(*account, *message);
        read_so_far += readings[i] ? 1u : 0u;
    }
    return readings;
}

channel::AccountContext const* account_of(std::vector<channel::AccountContext const*> const& accounts, InboundEvent const& event)
{
    if (event.account_number.empty())
        return accounts.size() == 1 ? accounts.front() : nullptr;
    for (auto const* account : accounts)
        if (account->account.number == event.account_number)
            return account;
    return nullptr;
}

bool closes(Catalogue const& catalogue, std::string_view kind, std::string_view text)
{
    return kind == render_message_kind(MessageKind::sticker) || (has_words(kind) && catalogue.commands().is_closer(text));
}

bool has_words(std::string_view kind)
{
    return kind == render_message_kind(MessageKind::text) || kind == render_message_kind(MessageKind::button) ||
           kind == render_message_kind(MessageKind::list);
}

} // namespace deskbridge::flow
