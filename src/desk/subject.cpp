#include "work.hpp"

#include "deskbridge/core/reference.hpp"
#include "deskbridge/core/reply_window.hpp"
#include "deskbridge/core/text.hpp"
#include "deskbridge/store/reach.hpp"

#include <charconv>

namespace deskbridge::desk {

namespace {

constexpr std::size_t max_text_units = 20'000;

std::optional<std::int64_t> whole_number(std::string_view word) noexcept
{
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (word.empty() || error != std::errc{} || end != word.data() + word.size() || value <= 0)
        return std::nullopt;
    return value;
}

std::string_view without_blanks(std::string_view text) noexcept
{
    auto const first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::optional<store::Ticket> find_referred(store::Reading& reading, channel::AccountContexts const& accounts, std::string_view word)
{
    if (auto const digits = parse_reference(word))
        if (auto ticket = store::find_ticket_by_reference(reading, *digits))
            return ticket;
    for (auto const& account : accounts) // each account may show references with a prefix of its own
        if (auto const digits = parse_reference(word, account->policy.reference_prefix))
            if (auto ticket = store::find_ticket_by_reference(reading, *digits))
                return ticket;
    return std::nullopt;
}

store::Ticket whole(store::Ticket ticket)
{
    if (ticket.merged_into)
        fail(Fault::conflict, number_of(ticket.id) + " became part of " + number_of(ticket.merged_into));
    return ticket;
}

} // namespace

std::optional<StandingBarrier> barrier_before(store::Reading& reading, store::Conversation const& conversation)
{
    auto const told = store::find_barrier(reading, conversation.account, conversation.address);
    return told && still_stands(*told, conversation.window_from) ? told : std::nullopt;
}

Subject subject_of(Work& work, store::Ticket ticket)
{
    auto conversation = store::find_conversation(work.tx, ticket.conversation);
    if (!conversation)
        fail(Fault::storage, number_of(ticket.id) + " has no conversation");
    Subject subject{std::move(ticket), std::move(*conversation), std::nullopt, nullptr};
    subject.account = channel::find_account(work.parts.accounts, subject.conversation.account);
    if (subject.conversation.contact)
        subject.contact = store::find_contact(work.tx, subject.conversation.contact);
    return subject;
}

std::string number_of(TicketId id)
{
    return "#" + std::to_string(id.value);
}

store::Ticket named_ticket(store::Reading& reading, channel::AccountContexts const& accounts, std::string_view word)
{
    auto bare = without_blanks(word);
    if (auto referred = find_referred(reading, accounts, bare)) // first: a reference is longer than any number
        return std::move(*referred);
    if (bare.starts_with('#'))
        bare.remove_prefix(1);
    if (auto const number = whole_number(bare))
        if (auto ticket = store::find_ticket(reading, {*number}))
            return std::move(*ticket);
    fail(Fault::not_found, "no ticket has the number or reference \"" + shorten(clean_text(without_blanks(word)), max_named_units) + "\"");
}

Subject open_subject(Work& work, std::string_view word)
{
    return subject_of(work, whole(named_ticket(work.tx, work.parts.accounts, word)));
}

Subject open_subject(Work& work, TicketId id)
{
    auto ticket = store::find_ticket(work.tx, id);
    if (!ticket)
        fail(Fault::not_found, "no ticket has this number");
    return subject_of(work, whole(std::move(*ticket)));
}

store::Agent named_agent(store::Reading& reading, Caller const& caller, std::string_view word)
{
    if (word == "me" && !caller.agent)
        fail(Fault::conflict, "you are none of the agents (deskbridge agent add NAME --user YOU makes you one): name one, as in deskbridge ticket assign 1042 \"Ana Prado\"");
    std::optional<store::Agent> agent;
    if (word == "me")
        agent = store::find_agent(reading, caller.agent);
    else if (auto const id = whole_number(word))
        agent = store::find_agent(reading, {*id});
    else
        agent = store::find_agent_by_name(reading, word);
    if (!agent)
        fail(Fault::malformed, "no agent has the name or id \"" + shorten(clean_text(word), max_named_units) + "\"");
    if (agent->disabled_at)
        fail(Fault::conflict, "this agent is disabled");
    return std::move(*agent);
}

store::Message found_message(store::Reading& reading, MessageId id)
{
    auto message = store::find_message(reading, id);
    if (!message)
        fail(Fault::not_found, "there is no such message");
    return std::move(*message);
}

TicketCard card_of(store::TicketRow row, channel::AccountContexts const& accounts)
{
    TicketCard card{std::move(row), std::nullopt, std::nullopt};
    if (auto const* account = channel::find_account(accounts, card.row.account)) {
        auto const windows = account->adapter->capabilities(account->account).reply_window;
        card.reply_window_ends_at = ReplyWindow{card.row.window_from, windows.of(card.row.answers_to)}.closes_at();
    }
    return card;
}

TicketCard card_of(store::Reading& reading, channel::AccountContexts const& accounts, TicketId id)
{
    auto row = store::find_ticket_row(reading, id);
    if (!row)
        fail(Fault::not_found, "no ticket has this number");
    return card_of(std::move(*row), accounts);
}

TicketCard changed_card(Work& work, TicketId id)
{
    auto card = card_of(work.tx, work.parts.accounts, id);
    card.not_told = work.not_told;
    return card;
}

store::TimelineItem item_of(store::Reading& reading, MessageId id)
{
    auto item = store::find_timeline_item(reading, id);
    if (!item)
        fail(Fault::not_found, "there is no such message");
    return std::move(*item);
}

bool window_open(Subject const& subject, Timestamp now)
{
    return ReplyWindow{subject.conversation.window_from, subject.can().reply_window.of(subject.conversation.address)}.open_at(now);
}

std::string checked_text(std::string_view text)
{
    auto const clean = clean_text(text);
    std::string trimmed{without_blanks(clean)};
    if (is_blank(trimmed))
        fail(Fault::malformed, "the text is empty");
    if (utf16_units(trimmed) > max_text_units)
        fail(Fault::malformed, "the text is longer than 20,000 characters");
    return trimmed;
}

} // namespace deskbridge::desk
