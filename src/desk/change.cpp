#include "work.hpp"

#include "deskbridge/core/acknowledgement.hpp"
#include "deskbridge/core/customer_texts.hpp"

namespace deskbridge::desk {

namespace {

/// What speaks against telling the customer. A summary is an agent's own words: the cap is not for those.
std::optional<Withholding> objection(Work& work, Subject const& subject, NoticeKind kind)
{
    if (!subject.contact)
        return Withholding::group;
    if (!subject.account)
        return Withholding::no_account;
    auto const& policy = subject.account->policy;
    if (!tells(kind, policy, false))
        return Withholding::switched_off;
    if (!tells(kind, policy, subject.contact->stopped_at.has_value()))
        return Withholding::opted_out;
    if (!window_open(subject, work.now))
        return Withholding::window_closed;
    if (kind == NoticeKind::solved && !subject.ticket.summary.empty())
        return std::nullopt;
    auto const lately = store::automatic_since(work.tx, subject.contact->id, work.now - std::chrono::hours{1});
    return within_cap(lately.notices, policy) ? std::nullopt : std::optional{Withholding::capped};
}

void withhold(Work& work, Subject const& subject, NoticeKind kind, Withholding why)
{
    auto event = event_of(work, subject, "message.withheld");
    event.data = {{"class", render_message_class(MessageClass::notice)}, {"purpose", render_notice(kind)}, {"reason", render_withholding(why)}};
    store::append_event(work.tx, event);
    work.not_told = NotTold{kind, why};
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
    event.data.add("unseen", false);
    store::append_event(work.tx, event);
}

bool change_with(Work& work, Subject& subject, TicketChange what, LifecycleFacts const& facts, std::string_view agent)
{
    auto const effect = decide_change(what, facts);
    if (!effect)
        throw store::Rollback{effect.error()};
    if (!effect->changes)
        return false;
    auto const against = effect->notice ? objection(work, subject, *effect->notice) : std::nullopt;
    bool const tell = effect->notice && !against;
    if (tell && effect->notice == NoticeKind::solved)
        subject.ticket.solved_notice_at = work.now;
    bool const unseen = subject.ticket.unseen;
    store::carry_out(work.tx, subject.ticket, *effect, {work.actor(), work.now, std::nullopt});
    if (unseen && !subject.ticket.unseen)
        tell_seen(work, subject);
    if (tell)
        queue_notice(work, subject, *effect->notice, agent);
    else if (against)
        withhold(work, subject, *effect->notice, *against);
    return true;
}

void change(Work& work, Subject& subject, TicketChange what, std::string_view agent)
{
    change_with(work, subject, what, store::lifecycle_facts(subject.ticket), agent);
}

} // namespace deskbridge::desk
