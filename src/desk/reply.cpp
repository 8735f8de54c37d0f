#include "work.hpp"

#include "deskbridge/channel/configured_template.hpp"
#include "deskbridge/channel/plan.hpp"
#include "deskbridge/core/text.hpp"
#include "deskbridge/store/idempotency.hpp"
#include "deskbridge/store/outbox.hpp"
#include "deskbridge/store/outgoing_file.hpp"

#include <charconv>
#include <set>

namespace deskbridge::desk {

namespace {

/// What the adapter must name when it quotes this message. Errors: conflict.
ExternalMessageId quotable(Work& work, Subject const& subject, MessageId quoted)
{
    auto const message = found_message(work.tx, quoted);
    if (message.conversation != subject.conversation.id)
        fail(Fault::conflict, "the quoted message belongs to another conversation");
    if (message.external_id)
        return {*message.external_id};
    for (auto const& part : store::intents_of(work.tx, quoted))
        if (!part.external_id.empty())
            return {part.external_id};
    fail(Fault::conflict, "this message cannot be quoted: the channel has no id for it");
}

/// Errors: conflict (nothing that is queued now would ever reach the customer).
void check_sendable(Work& work, Subject const& subject)
{
    if (!subject.account)
        fail(Fault::conflict, "the account of this ticket is not configured any more: nothing can be sent");
    if (auto const barrier = barrier_before(work.tx, subject.conversation))
        fail(Fault::conflict, std::string{explain_barrier(barrier->barrier)});
    if (window_open(subject, work.now))
        return;
    if (!subject.contact)
        fail(Fault::conflict, "the reply window of this group is closed: nothing but a template can be sent until somebody there writes again");
    auto const& policy = subject.account->policy;
    if (policy.window_template.empty() && !subject.can().templates)
        fail(Fault::conflict, "the reply window is closed, and this channel has no templates: nothing can be sent until the customer writes again");
    if (policy.window_template.empty())
        fail(Fault::conflict, "the reply window is closed and no template is configured: nothing can be sent until the customer "
                              "writes again ([[account]] window_template changes that), but a template: deskbridge ticket template");
    // The text is kept, and the template goes out: if the provider lets it.
    TemplateCall const call{policy.window_template, policy.window_template_language, {}};
    auto const known = store::known_templates(work.tx, subject.account->id, call.name);
    auto const sendable = channel::configured_template(*subject.account, known, call, subject.conversation.address);
    if (!sendable)
        fail(Fault::conflict, "the reply window is closed, and the template that asks the customer to write cannot be sent: " +
                                  sendable.error().detail + " Another one goes out with: deskbridge ticket template");
}

/// Errors: malformed (what cannot go is refused before anything is queued).
std::vector<OutboundFile> files_of(Work& work, Subject const& subject, std::vector<std::int64_t> const& attachments)
{
    if (attachments.size() > max_reply_files)
        fail(Fault::malformed, "a reply takes " + std::to_string(max_reply_files) + " files at most");
    if (std::set<std::int64_t>{attachments.begin(), attachments.end()}.size() != attachments.size())
        fail(Fault::malformed, "the same file is named twice");
    std::vector<OutboundFile> files;
    for (auto const attachment : attachments)
        files.push_back(file_of(work, attachment));
    if (auto objection = channel::objection_to_files(files, subject.can()); !objection.empty())
        fail(Fault::malformed, std::move(objection));
    return files;
}

/// Everything that was asked, in one text. Without files it is what it was before there were any: keys outlive an update.
std::string asked_of(std::string const& ticket, Reply const& request)
{
    auto asked = "reply " + ticket + " " + std::to_string(request.quote.value) + " " + request.text;
    if (!request.attachments.empty())
        asked += '\0';
    for (auto const attachment : request.attachments)
        asked += std::to_string(attachment) + " ";
    return request.ask_number ? asked + std::string{"\0number", 7} : asked;
}

/// Errors: malformed, conflict.
void check_question(Subject const& subject, Reply const& request)
{
    if (!request.attachments.empty())
        fail(Fault::malformed, "a message that asks for the phone number takes no files");
    if (!subject.contact)
        fail(Fault::conflict, "a group has no phone number");
    if (!subject.can().asks_numbers)
        fail(Fault::conflict, "this channel cannot ask for a phone number: ask for it in words");
}

OutboundContent shown_of(Work& work, Subject const& subject, Reply const& request)
{
    OutboundContent shown;
    shown.files = files_of(work, subject, request.attachments);
    if (shown.files.empty() || !is_blank(request.text))
        shown.text = checked_text(request.text);
    if (request.quote)
        shown.quote = quotable(work, subject, request.quote);
    if (request.ask_number)
        check_question(subject, request);
    shown.asks_number = request.ask_number;
    return shown;
}

MessageId write_note(Work& work, Subject const& subject, std::string text)
{
    store::Message note;
    note.conversation = subject.conversation.id;
    note.ticket = subject.ticket.id;
    note.account = subject.conversation.account;
    note.direction = store::Direction::note;
    note.actor = work.actor();
    note.text = std::move(text);
    note.provider_at = work.now;
    note.received_at = work.now;
    note.matter = false;
    return store::insert_message(work.tx, note);
}

} // namespace

OutboundFile file_of(Work& work, std::int64_t attachment)
{
    auto const brought = store::find_brought_file(work.tx, attachment);
    if (!brought)
        fail(Fault::malformed, "there is no file " + std::to_string(attachment) + " to be sent");
    if (brought->message)
        fail(Fault::conflict, "file " + std::to_string(attachment) + " was sent already, with message " +
                                  std::to_string(brought->message.value));
    return {attachment, brought->file_name, brought->file.content_type, brought->file.size, brought->file.sha256, {}, brought->file.form};
}

std::optional<store::TimelineItem> repeated(Work& work, store::Repeatable const& request)
{
    if (request.key.empty())
        return std::nullopt;
    auto const earlier = store::find_repeated(work.tx, request);
    if (!earlier)
        return std::nullopt;
    MessageId id;
    std::from_chars(earlier->data(), earlier->data() + earlier->size(), id.value);
    return item_of(work.tx, id);
}

void remember(Work& work, store::Repeatable const& request, MessageId message)
{
    if (!request.key.empty())
        store::remember_request(work.tx, request, std::to_string(message.value), work.now);
}

MessageId send_as_agent(Work& work, Subject& subject, OutboundContent shown, MessageId quoted)
{
    store::Outgoing out;
    out.conversation = subject.conversation.id;
    out.ticket = subject.ticket.id;
    out.account = subject.account->id;
    out.actor = work.actor();
    out.message_class = MessageClass::agent;
    out.shown = std::move(shown);
    out.quoted = quoted;
    out.now = work.now;
    out.parts = subject.account->adapter->plan(out.shown, subject.can());
    auto const message = store::queue_message(work.tx, out);
    work.queued = true;
    subject.ticket.last_activity = work.now;
    change(work, subject, TicketChange::agent_wrote);
    return message;
}

store::TimelineItem act(Work& work, Reply const& request)
{
    auto const named = named_ticket(work.tx, work.parts.accounts, request.ticket).id;
    auto const asked = asked_of(number_of(named), request);
    auto const key = request.client_key.empty() ? std::string{} : "desk:" + request.client_key;
    store::Repeatable const repeatable{work.actor(), key, asked};
    if (auto earlier = repeated(work, repeatable))
        return std::move(*earlier); // also of a ticket that was merged away since
    auto subject = open_subject(work, named);
    check_sendable(work, subject);
    auto const message = send_as_agent(work, subject, shown_of(work, subject, request), request.quote);
    remember(work, repeatable, message);
    return item_of(work.tx, message);
}

store::TimelineItem act(Work& work, Note const& request)
{
    auto const named = named_ticket(work.tx, work.parts.accounts, request.ticket).id;
    auto const asked = "note " + number_of(named) + " " + request.text;
    auto const key = request.client_key.empty() ? std::string{} : "desk:" + request.client_key;
    store::Repeatable const repeatable{work.actor(), key, asked};
    if (auto earlier = repeated(work, repeatable))
        return std::move(*earlier);
    auto subject = open_subject(work, named);
    auto const message = write_note(work, subject, checked_text(request.text));
    auto event = event_of(work, subject, "message.noted");
    event.message = message;
    store::append_event(work.tx, event);
    if (std::exchange(subject.ticket.unseen, false)) {
        store::save_ticket(work.tx, subject.ticket);
        tell_seen(work, subject);
    }
    remember(work, repeatable, message);
    return item_of(work.tx, message);
}

} // namespace deskbridge::desk
