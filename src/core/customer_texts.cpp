#include "deskbridge/core/customer_texts.hpp"

#include "deskbridge/core/choice_payload.hpp"

#include <algorithm>

namespace deskbridge {
namespace {

std::string render(TextContext const& context, TextKey key, TextValues values = {})
{
    if (!context.name.empty())
        values.try_emplace("name", context.name);
    return context.catalogue.render(key, context.language, values);
}

std::string row_id(std::string const& nonce, std::size_t row)
{
    return render_payload(OfferedRow{nonce, static_cast<int>(row)});
}

std::vector<Choice> ticket_rows(TextContext const& context, std::span<ToldTicket const> tickets, std::string const& nonce)
{
    std::vector<Choice> rows;
    for (auto const& facts : tickets) {
        auto row = context.catalogue.status_row(facts, context.now, context.language);
        rows.push_back({row_id(nonce, rows.size()), std::move(row.title), std::move(row.description)});
    }
    return rows;
}

TextKey acknowledgement_key(AcknowledgementFacts const& facts)
{
    if (facts.kind == AcknowledgementEffect::arm_reopened)
        return TextKey::ack_reopened;
    if (facts.kind == AcknowledgementEffect::arm_follow_up && !facts.earlier.empty())
        return TextKey::ack_follow_up;
    return TextKey::ack_opened;
}

} // namespace

OutboundContent plain_text(TextContext const& context, TextKey key, TextValues values)
{
    OutboundContent content;
    content.text = render(context, key, std::move(values));
    return content;
}

OutboundContent acknowledgement_text(TextContext const& context, AcknowledgementFacts const& facts)
{
    TextValues values{{"reference", facts.reference}};
    if (!facts.earlier.empty())
        values["earlier"] = facts.earlier;
    if (facts.within)
        values["within"] = context.catalogue.render_within(*facts.within, context.language);
    auto content = plain_text(context, acknowledgement_key(facts), std::move(values));
    if (facts.kind == AcknowledgementEffect::arm_reopened && !facts.nonce.empty())
        content.buttons.push_back({row_id(facts.nonce, 0), render(context, TextKey::button_something_new), {}});
    return content;
}

OutboundContent status_text(TextContext const& context, std::span<ToldTicket const> tickets, std::size_t count,
                            std::string const& nonce)
{
    if (tickets.empty())
        return plain_text(context, TextKey::status_none);
    OutboundContent content;
    if (tickets.size() == 1) {
        content.text = context.catalogue.status_answer(tickets.front(), context.now, context.language);
        return content;
    }
    content.text = render(context, TextKey::status_several, {{"count", std::to_string(count)}});
    auto const shown = tickets.first(std::min(tickets.size(), status_rows));
    content.list = ChoiceList{render(context, TextKey::status_list_button), ticket_rows(context, shown, nonce)};
    return content;
}

OutboundContent choice_text(TextContext const& context, std::string const& went_to, std::span<ToldTicket const> tickets,
                            std::string const& nonce)
{
    OutboundContent content;
    content.text = render(context, TextKey::choice_intro, {{"reference", went_to}});
    auto rows = ticket_rows(context, tickets.first(std::min(tickets.size(), choice_rows)), nonce);
    rows.push_back({row_id(nonce, rows.size()), render(context, TextKey::choice_row_new),
                    render(context, TextKey::choice_row_new_description)});
    content.list = ChoiceList{render(context, TextKey::choice_list_button), std::move(rows)};
    return content;
}

OutboundContent notice_text(TextContext const& context, NoticeKind kind, NoticeFacts const& facts)
{
    TextValues values{{"reference", facts.reference}};
    switch (kind) {
    case NoticeKind::taken_over:
        values["agent"] = facts.agent;
        return plain_text(context, TextKey::notice_taken_over, std::move(values));
    case NoticeKind::waiting_for_you: return plain_text(context, TextKey::notice_waiting_for_you, std::move(values));
    case NoticeKind::solved:
        values["summary"] = facts.summary;
        return plain_text(context, TextKey::notice_solved, std::move(values));
    case NoticeKind::reopened: return plain_text(context, TextKey::notice_reopened, std::move(values));
    }
    return {};
}

OutboundContent closing_soon_text(TextContext const& context, std::string const& reference, std::chrono::minutes left)
{
    auto within = context.catalogue.render_within(left, context.language);
    return plain_text(context, TextKey::notice_closing_soon, {{"reference", reference}, {"within", std::move(within)}});
}

std::string notice_key(TicketId ticket)
{
    return "notice:" + std::to_string(ticket.value);
}

} // namespace deskbridge
