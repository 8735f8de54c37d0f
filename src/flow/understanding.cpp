#include "understanding.hpp"

#include "text_reading.hpp"

#include "deskbridge/core/choice_payload.hpp"
#include "deskbridge/core/reference.hpp"
#include "deskbridge/core/text.hpp"

#include <charconv>

namespace deskbridge::flow {
namespace {

/// May this contact hear about that ticket? Of the same person, in the same brand.
bool own_ticket(Scene& scene, Chat const& chat, store::Ticket const& ticket)
{
    if (ticket.conversation == chat.conversation.id)
        return true;
    auto const other = store::find_conversation(scene.tx, ticket.conversation);
    if (!other || !other->contact || other->contact != chat.contact.id)
        return false;
    auto const* account = channel::find_account(scene.around.accounts, other->account);
    return account && account->policy.brand == scene.policy().brand;
}

std::optional<TicketId> own_reference(Scene& scene, Chat const& chat, ReferenceCandidate const& candidate)
{
    if (!candidate.valid)
        return std::nullopt;
    auto const ticket = store::find_ticket_by_reference(scene.tx, candidate.digits);
    if (!ticket || !own_ticket(scene, chat, *ticket))
        return std::nullopt;
    return ticket->id;
}

void read_payload(Scene& scene, Chat const& chat, InboundMessage const& message, Understanding& out)
{
    auto const payload = parse_payload(message.choice_id);
    if (!payload)
        return;
    if (auto const* row = std::get_if<OfferedRow>(&*payload)) {
        auto offer = store::find_offer(scene.tx, row->nonce);
        if (!offer || offer->conversation != chat.conversation.id || static_cast<std::size_t>(row->row) >= offer->options.size())
            return;
        out.row = static_cast<std::size_t>(row->row);
        out.offer = std::move(offer);
        out.tapped = true;
        return;
    }
    auto const& verb = std::get<OrderedVerb>(*payload);
    auto const ticket = verb.ticket ? store::find_ticket(scene.tx, verb.ticket) : std::nullopt;
    // Without an order it places the message, so only tickets of this very chat count.
    if (ticket && (verb.command ? own_ticket(scene, chat, *ticket) : ticket->conversation == chat.conversation.id))
        out.payload_ticket = ticket->id;
    if (!verb.command)
        return;
    out.command = ThreadingCommand{*verb.command, verb.language, true, false, false};
    out.command->unmatched_reference = verb.ticket && !out.payload_ticket;
    out.tapped = true;
}

/// "2", "2.", "٢": the row of that number, counted from 1.
std::optional<std::size_t> typed_row(std::string_view text, std::size_t rows)
{
    auto const folded = fold_for_match(text);
    std::size_t number = 0;
    auto const [end, ec] = std::from_chars(folded.data(), folded.data() + folded.size(), number);
    if (ec != std::errc{} || end != folded.data() + folded.size() || number < 1 || number > rows)
        return std::nullopt;
    return number - 1;
}

void read_typed_row(Scene& scene, Chat const& chat, InboundMessage const& message, Understanding& out)
{
    auto offer = store::latest_offer(scene.tx, chat.conversation.id, scene.now() - scene.policy().offer_validity);
    if (!offer || offer->picked_at)
        return;
    auto const& language = chat.contact.language.value_or(scene.policy().default_language);
    bool const button = offer->kind == store::Offer::Kind::something_new;
    auto const new_title = scene.catalogue().render(button ? TextKey::button_something_new : TextKey::choice_row_new, language);
    auto const row = button ? std::nullopt : typed_row(message.text, offer->options.size());
    if (row)
        out.row = *row;
    else if (!offer->options.empty() && !offer->options.back() && fold_for_match(message.text) == fold_for_match(new_title))
        out.row = offer->options.size() - 1;
    else
        return;
    out.offer = std::move(offer);
}

void read_command(Scene& scene, Chat const& chat, InboundMessage const& message, Understanding& out)
{
    auto const& prefix = scene.policy().reference_prefix;
    if (auto const found = scene.catalogue().commands().find(message.text, prefix)) {
        out.command = ThreadingCommand{found->command, found->language, false, false, false};
        if (!found->reference)
            return;
        auto const ticket = own_reference(scene, chat, *found->reference);
        if (ticket)
            out.references = {*ticket};
        else
            out.command->unmatched_reference = true;
        return;
    }
    auto const lone = find_lone_reference(message.text, prefix);
    if (!lone)
        return;
    auto const ticket = own_reference(scene, chat, *lone);
    // A bare number that is nobody's reference may be an order number: it is matter.
    if (!ticket && !lone->marked)
        return;
    out.command = ThreadingCommand{Command::status, {}, false, true, !ticket};
    if (ticket)
        out.references = {*ticket};
}

/// Words plus a reference place the message, so only tickets of this very chat count.
void read_references(Scene& scene, Chat const& chat, InboundMessage const& message, Understanding& out)
{
    for (auto const& candidate : find_references(message.text, scene.policy().reference_prefix)) {
        if (!candidate.valid)
            continue;
        auto const ticket = store::find_ticket_by_reference(scene.tx, candidate.digits);
        if (ticket && ticket->conversation == chat.conversation.id)
            out.references.push_back(ticket->id);
    }
}

} // namespace

void read_quote(Scene& scene, Chat const& chat, InboundMessage const& message, Understanding& out)
{
    if (!message.quoted)
        return;
    auto const quoted = store::find_message_sent_as(scene.tx, scene.account.id, message.quoted->value);
    auto const row = quoted ? store::find_message(scene.tx, *quoted) : std::nullopt;
    if (!row || row->conversation != chat.conversation.id)
        return;
    out.quoted = row->id;
    out.quoted_ticket = row->ticket;
    out.quotes_list = row->purpose == "choice";
}

bool closes(Scene const& scene, InboundMessage const& message)
{
    auto const* read = scene.received.reading;
    return read ? read->closer : closes(scene.catalogue(), render_message_kind(message.kind), message.text);
}

Understanding understand(Scene& scene, Chat const& chat, InboundMessage const& message)
{
    Understanding out;
    read_quote(scene, chat, message, out);
    if (!message.choice_id.empty())
        read_payload(scene, chat, message, out);
    if (!out.tapped && has_words(render_message_kind(message.kind))) {
        read_command(scene, chat, message, out);
        if (!out.command)
            read_typed_row(scene, chat, message, out);
    }
    if (!out.command && !message.text.empty())
        read_references(scene, chat, message, out);
    if (!out.command && out.quotes_list)
        out.quoted_ticket = {};
    out.closer = closes(scene, message);
    return out;
}

} // namespace deskbridge::flow
