#include "work.hpp"

#include "deskbridge/core/text.hpp"
#include "deskbridge/store/outbox.hpp"

namespace deskbridge::desk {

namespace {

/// "" when the provider can be asked.
std::string why_not_asked(channel::AccountContext const* account)
{
    if (account == nullptr)
        return "the account is not configured any more";
    if (!account->adapter->capabilities(account->account).health)
        return "the provider of this channel tells nothing about an account";
    return {};
}

channel::AccountContext const* context_of(Desk::Parts const& parts, store::AccountRow const& account)
{
    return account.configured ? channel::find_account(parts.accounts, account.id) : nullptr;
}

AccountHealth health_of(store::Reading& reading, Desk::Parts const& parts, store::AccountRow account)
{
    AccountHealth health;
    health.aspects = store::health_of(reading, account.id);
    health.check = store::find_account_check(reading, account.id).value_or(store::AccountCheck{});
    health.cannot = why_not_asked(context_of(parts, account));
    health.last_inbound = store::last_inbound(reading, account.id);
    health.costs = month_costs(reading, parts, account.id);
    health.account = std::move(account);
    return health;
}

/// The chat with whoever has this number. Errors: malformed (nobody here has).
store::Conversation chat_with(Work& work, channel::AccountContext const& account, std::string_view number)
{
    auto const address = account.adapter->address_of(number);
    if (!address)
        fail(Fault::malformed, "this is no number of the account's channel");
    auto const holder = store::find_holder(work.tx, account.account.scope, *address);
    auto chat = holder ? store::find_conversation(work.tx, account.id, *holder) : std::nullopt;
    if (!chat)
        fail(Fault::malformed, "nobody with this number has written to " + account.policy.name + " yet. Write to it from that phone first: "
                               "this tries the way in, and opens the reply window for the way back.");
    return std::move(*chat);
}

OutboundContent content_of(Work& work, Subject const& subject, TestAccount const& request)
{
    if (!request.name.empty())
        return template_content(work, subject, {{}, request.name, request.language, request.values, {}});
    if (!window_open(subject, work.now))
        fail(Fault::conflict, "the reply window is closed: write to the account from that phone first, or name a template");
    OutboundContent content;
    content.text = checked_text(request.text);
    return content;
}

std::string asked_of(TestAccount const& request)
{
    std::string asked = "test";
    for (auto const* part : {&request.account, &request.to, &request.name, &request.language, &request.text})
        asked += asked_part(*part);
    for (auto const& [key, value] : request.values)
        asked += asked_part(key) + asked_part(value);
    return asked;
}

/// Like any message of an agent's, but in no ticket: nobody's matter.
MessageId send_outside_tickets(Work& work, Subject const& subject, OutboundContent shown)
{
    store::Outgoing out;
    out.conversation = subject.conversation.id;
    out.account = subject.account->id;
    out.actor = work.actor();
    out.message_class = MessageClass::agent;
    out.shown = std::move(shown);
    out.now = work.now;
    out.not_after = work.now + std::chrono::minutes{2}; // a test that comes later is no test, and holds up what others write
    out.parts = subject.account->adapter->plan(out.shown, subject.can());
    work.queued = true;
    return store::queue_message(work.tx, out);
}

} // namespace

AccountHealth look(Look const& look, ShowHealth const& request)
{
    return health_of(look.reading, look.parts, named_account(look.reading, request.account, Fault::not_found));
}

AccountHealth act(Work& work, VerifyAccount const& request)
{
    auto account = named_account(work.tx, request.account, Fault::not_found);
    if (auto why = why_not_asked(context_of(work.parts, account)); !why.empty())
        fail(Fault::conflict, std::move(why));
    store::want_check(work.tx, account.id, {work.now, request.hook, work.actor()});
    return health_of(work.tx, work.parts, std::move(account));
}

store::TimelineItem act(Work& work, TestAccount const& request)
{
    auto const named = named_account(work.tx, request.account, Fault::not_found);
    auto const key = request.client_key.empty() ? std::string{} : "desk:" + request.client_key;
    auto const asked = asked_of(request);
    store::Repeatable const repeatable{work.actor(), key, asked};
    if (auto earlier = repeated(work, repeatable))
        return std::move(*earlier);
    Subject subject;
    subject.account = context_of(work.parts, named);
    if (!subject.account)
        fail(Fault::conflict, "the account is not configured any more: nothing can be sent");
    subject.conversation = chat_with(work, *subject.account, request.to);
    subject.contact = store::find_contact(work.tx, subject.conversation.contact);
    auto const message = send_outside_tickets(work, subject, content_of(work, subject, request));
    remember(work, repeatable, message);
    return item_of(work.tx, message);
}

} // namespace deskbridge::desk
