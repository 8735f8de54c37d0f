#include "work.hpp"

#include "deskbridge/core/acknowledgement.hpp"
#include "deskbridge/core/customer_texts.hpp"

namespace deskbridge::desk {

namespace {

/// Switched on, not opted out, inside the reply window, and not one automatic message too many this hour.
bool is_to_be_told(Work& work, Subject const& subject, NoticeKind kind)
{
    if (!subject.account || !subject.contact)
        return false;
    auto const& policy = subject.account->policy;
    if (!tells(kind, policy, subject.contact->stopped_at.has_value()) || !window_open(subject, work.now))
        return false;
    auto const lately = store::automatic_since(work.tx, subject.contact->id, work.now - std::chrono::hours{1});
    return within_cap(lately, policy);
}

void queue_notice(Work& work, Subject const& subject, NoticeKind kind, std::string_view agent)
{
    auto const& account = *subject.account;
    auto const language = subject.contact->language.value_or(account.policy.default_language);
    TextContext const context{*account.catalogue, language, subject.contact->name, work.now};
    store::Outgoing out;
    out.conversation = subject.conversation.id;
    out.ticket = subject.ticket.id;
    out.account = account.id;
    out.message_class = MessageClass::notice;
    out.purpose = render_notice(kind);
    out.shown = notice_text(context, kind, {subject.ticket.reference, std::string{agent}, subject.ticket.summary});
    out.parts = account.adapter->plan(out.shown, subject.can());
    out.now = work.now;
    out.supersedes_key = notice_key(subject.ticket.id);
    store::queue_message(work.tx, out);
    work.queued = true;
}

} // namespace

store::NewEvent event_of(Work const& work, Subject const& subject, store::EventType type)
{
    return {.type = type,
            .at = work.now,
            .actor = work.actor(),
            .account = subject.conversation.account,
            .contact = subject.conversation.contact,
            .conversation = subject.conversation.id,
            .ticket = subject.ticket.id};
}

void tell_seen(Work& work, Subject const& subject)
{
    auto event = event_of(work, subject, "ticket.seen");
    event.message = store::newest_inbound(work.tx, subject.ticket.id);
    event.data["unseen"] = false;
    store::append_event(work.tx, event);
}

bool change_with(Work& work, Subject& subject, TicketChange what, LifecycleFacts const& facts, std::string_view agent)
{
    auto const effect = decide_change(what, facts);
    if (!effect)
        throw store::Rollback{effect.error()};
    if (!effect->changes)
        return false;
    bool const tell = effect->notice && is_to_be_told(work, subject, *effect->notice);
    if (tell && effect->notice == NoticeKind::solved)
        subject.ticket.solved_notice_at = work.now;
    bool const unseen = subject.ticket.unseen;
    store::carry_out(work.tx, subject.ticket, *effect, {work.actor(), work.now, std::nullopt});
    if (unseen && !subject.ticket.unseen)
        tell_seen(work, subject);
    if (tell)
        queue_notice(work, subject, *effect->notice, agent);
    return true;
}

void change(Work& work, Subject& subject, TicketChange what, std::string_view agent)
{
    change_with(work, subject, what, store::lifecycle_facts(subject.ticket), agent);
}

} // namespace deskbridge::desk
