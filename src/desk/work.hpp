#pragma once

#include "deskbridge/desk/desk.hpp"
#include "deskbridge/core/lifecycle.hpp"
#include "deskbridge/store/account.hpp"
#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/conversation.hpp"
#include "deskbridge/store/event_log.hpp"
#include "deskbridge/store/idempotency.hpp"
#include "deskbridge/store/ticket.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace deskbridge::desk {

constexpr std::size_t max_named_units = 60; ///< of a word that an error quotes
constexpr int max_page = 200;               ///< rows of one answer

/// One use case under way in its transaction.
struct Work {
    store::Tx& tx;
    Desk::Parts const& parts;
    Caller const& caller;
    Timestamp now;
    bool queued{false}; ///< the outbox has something new
    std::optional<NotTold> not_told{};

    [[nodiscard]] Actor actor() const noexcept { return caller.actor(); }
};

/// One use case that only reads.
struct Look {
    store::Reading& reading;
    Desk::Parts const& parts;
    Caller const& caller;
    std::vector<AccountRest> const& rests;
};

/// A ticket and whom it is with.
struct Subject {
    store::Ticket ticket;
    store::Conversation conversation;
    std::optional<store::Contact> contact;           ///< nullopt: a group
    channel::AccountContext const* account{nullptr}; ///< null: not configured any more

    [[nodiscard]] channel::Capabilities can() const { return account->adapter->capabilities(account->account); }
};

/// One part of what was asked under an idempotency key, told apart from the parts beside it whatever is in it.
[[nodiscard]] inline std::string asked_part(std::string_view text)
{
    return " " + std::to_string(text.size()) + ":" + std::string{text};
}

[[noreturn]] inline void fail(Fault fault, std::string detail)
{
    throw store::Rollback{{fault, std::move(detail)}};
}

// --- finding (subject.cpp) ---

/// By number, #number or reference. Errors: not_found.
[[nodiscard]] store::Ticket named_ticket(store::Reading& reading, channel::AccountContexts const& accounts, std::string_view word);
/// The same, to be worked on. Errors: not_found; conflict (it was merged away).
[[nodiscard]] Subject open_subject(Work& work, std::string_view word);
[[nodiscard]] Subject open_subject(Work& work, TicketId ticket);
/// Also of one that was merged away.
[[nodiscard]] Subject subject_of(Work& work, store::Ticket ticket);
/// "me", an id or a name. Errors: malformed (nobody of that name), conflict (disabled, or root who is no agent).
[[nodiscard]] store::Agent named_agent(store::Reading& reading, Caller const& caller, std::string_view word);
/// By name or id. Errors: `otherwise`, with the names that there are.
[[nodiscard]] store::AccountRow named_account(store::Reading& reading, std::string_view word, Fault otherwise);
/// A message that was to be sent. Errors: not_found; conflict (a note, a customer's, the business phone's).
[[nodiscard]] store::TimelineItem sent_item(store::Reading& reading, MessageId id);
/// The body of an open shelf entry. Errors: not_found, conflict (done with already).
[[nodiscard]] JournalId replayable(store::Reading& reading, ShelfId id);
[[nodiscard]] store::Message found_message(store::Reading& reading, MessageId id);

[[nodiscard]] TicketCard card_of(store::Reading& reading, channel::AccountContexts const& accounts, TicketId id);
[[nodiscard]] TicketCard card_of(store::TicketRow row, channel::AccountContexts const& accounts);
/// The ticket as a change has left it, with what the customer was not told.
[[nodiscard]] TicketCard changed_card(Work& work, TicketId id);
[[nodiscard]] store::TimelineItem item_of(store::Reading& reading, MessageId id);
[[nodiscard]] std::string number_of(TicketId id); ///< "#1042"
[[nodiscard]] bool window_open(Subject const& subject, Timestamp now);
/// Why nothing that is sent there now would arrive; nullopt: nothing speaks against it.
[[nodiscard]] std::optional<StandingBarrier> barrier_before(store::Reading& reading, store::Conversation const& conversation);

[[nodiscard]] std::optional<ContactCard> contact_card(store::Reading& reading, ContactId id); ///< contacts.cpp
/// What the account's messages cost this month (accounts.cpp).
[[nodiscard]] MonthCosts month_costs(store::Reading& reading, Desk::Parts const& parts, AccountId account);

// --- changing (change.cpp) ---

/// A row of the event log about this ticket, by the caller.
[[nodiscard]] store::NewEvent event_of(Work const& work, Subject const& subject, store::EventType type);
/// The ticket is not unseen any more: `ticket.seen`, with the customer's newest message, up to which everything was seen.
void tell_seen(Work& work, Subject const& subject);
/// Decides and carries out a change, and tells the customer when that is due.
/// @param agent  name that the customer is told when somebody takes over.
void change(Work& work, Subject& subject, TicketChange what, std::string_view agent = {});
/// The same with facts of the caller's own. Answers whether anything changed.
bool change_with(Work& work, Subject& subject, TicketChange what, LifecycleFacts const& facts, std::string_view agent = {});

// --- placing (relocate.cpp) ---

struct Relocation {
    MessageId message{};
    TicketId from{};
    TicketId to{};      ///< 0: the conversation only
    std::string rule;   ///< merge, move, split, undo
    std::string action; ///< append, open, conversation_only
};
void relocate(Work& work, Relocation const& relocation);
/// `message.placed`, for one message that was moved by itself.
void tell_placed(Work& work, store::Message const& message, Relocation const& relocation);
/// Something of the ticket has changed, at `activity` or earlier. 0: nothing to touch.
void touch(Work& work, TicketId id, Timestamp activity);
/// A message has left it: what it had answered may be unanswered again. 0: nothing to leave.
void leave(Work& work, TicketId id);
/// Everything of `from` moves into `into`; `ticket.merged` of both.
void become_part(Work& work, Subject& from, Subject& into);

/// What people wrote: cleaned, without blank edges. Errors: malformed (empty, too long).
[[nodiscard]] std::string checked_text(std::string_view text);
/// Why something is done, for colleagues: one line. Errors: malformed (empty, too long).
[[nodiscard]] std::string checked_reason(std::string_view text);

// --- sending (reply.cpp) ---

/// The answer that was given when this request came first.
[[nodiscard]] std::optional<store::TimelineItem> repeated(Work& work, store::Repeatable const& request);
void remember(Work& work, store::Repeatable const& request, MessageId message);
/// Queues what an agent says on the ticket, which is answered by it. Its account is there.
MessageId send_as_agent(Work& work, Subject& subject, OutboundContent shown, MessageId quoted);

/// A file that an agent brought in and that was not sent yet. Errors: malformed (there is none), conflict.
[[nodiscard]] OutboundFile file_of(Work& work, std::int64_t attachment);

/// A template with its values filled, judged by the account's list (templates.cpp). Errors: as for `SendTemplate`.
[[nodiscard]] OutboundContent template_content(Work& work, Subject const& subject, SendTemplate const& request);

// --- the use cases, each in the file of its name ---

[[nodiscard]] TicketPage look(Look const& look, ListTickets const& request);
[[nodiscard]] TicketDetail look(Look const& look, ShowTicket const& request);
[[nodiscard]] ContactCard look(Look const& look, ShowContact const& request);
[[nodiscard]] ContactPage look(Look const& look, ListContacts const& request);
[[nodiscard]] std::vector<store::Agent> look(Look const& look, ListAgents const& request);
[[nodiscard]] OutboxList look(Look const& look, ListOutbox const& request);
[[nodiscard]] OutboxDetail look(Look const& look, ShowOutbox const& request);
[[nodiscard]] std::vector<AccountCard> look(Look const& look, ListAccounts const& request);
[[nodiscard]] ShelfPage look(Look const& look, ListShelf const& request);
[[nodiscard]] store::ShelfLine look(Look const& look, ShowShelfEntry const& request);
[[nodiscard]] store::JournalRow look(Look const& look, ReadShelfBody const& request);
[[nodiscard]] store::JournalPage look(Look const& look, ListJournal const& request);
[[nodiscard]] store::AccountRow act(Work& work, PauseAccount const& request);
[[nodiscard]] store::AccountRow act(Work& work, ResumeAccount const& request);
[[nodiscard]] store::ShelfLine act(Work& work, DropShelf const& request);
[[nodiscard]] store::Attachment look(Look const& look, OpenAttachment const& request);
[[nodiscard]] store::BroughtFile act(Work& work, BringFile const& request);
[[nodiscard]] store::TimelineItem act(Work& work, RetryAttachment const& request);
[[nodiscard]] AccountHealth look(Look const& look, ShowHealth const& request);
[[nodiscard]] AccountHealth act(Work& work, VerifyAccount const& request);
[[nodiscard]] store::TimelineItem act(Work& work, TestAccount const& request);
[[nodiscard]] TemplatePage look(Look const& look, ListTemplates const& request);
[[nodiscard]] std::vector<TemplateCard> look(Look const& look, ShowTemplate const& request);
[[nodiscard]] TemplateListState act(Work& work, SyncTemplates const& request);
[[nodiscard]] store::TimelineItem act(Work& work, SendTemplate const& request);
[[nodiscard]] store::TimelineItem act(Work& work, Reply const& request);
[[nodiscard]] store::TimelineItem act(Work& work, Note const& request);
[[nodiscard]] store::TimelineItem act(Work& work, Cancel const& request);
[[nodiscard]] store::TimelineItem act(Work& work, Keep const& request);
[[nodiscard]] store::TimelineItem act(Work& work, Retry const& request);
[[nodiscard]] store::TimelineItem act(Work& work, Resolve const& request);
[[nodiscard]] store::TimelineItem act(Work& work, UndoPlacement const& request);
[[nodiscard]] TicketCard act(Work& work, Assign const& request);
[[nodiscard]] TicketCard act(Work& work, SetStatus const& request);
[[nodiscard]] TicketCard act(Work& work, Merge const& request);
[[nodiscard]] TicketCard act(Work& work, MoveMessage const& request);
[[nodiscard]] TicketCard act(Work& work, Split const& request);
[[nodiscard]] TicketCard act(Work& work, MarkSeen const& request);
[[nodiscard]] store::Agent act(Work& work, AddAgent const& request);
[[nodiscard]] store::Agent act(Work& work, ChangeAgent const& request);
[[nodiscard]] store::Agent act(Work& work, EnableAgent const& request);
[[nodiscard]] store::Agent act(Work& work, DisableAgent const& request);

} // namespace deskbridge::desk
