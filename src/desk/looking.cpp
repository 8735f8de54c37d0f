#include "work.hpp"

#include <algorithm>

namespace deskbridge::desk {

namespace {

constexpr int max_timeline = 500;
constexpr int max_withheld = 50;

std::vector<MessageId> messages_of(std::vector<store::TimelineItem> const& timeline)
{
    std::vector<MessageId> messages;
    for (auto const& item : timeline)
        messages.push_back(item.message.id);
    return messages;
}

} // namespace

TicketDetail look(Look const& look, ShowTicket const& request)
{
    auto const ticket = named_ticket(look.reading, look.parts.accounts, request.ticket);
    auto const limit = std::clamp(request.limit, 1, max_timeline);
    TicketDetail detail;
    detail.ticket = card_of(look.reading, look.parts.accounts, ticket.id);
    detail.timeline = request.chat ? store::load_chat(look.reading, ticket.conversation, request.before, limit + 1)
                                   : store::load_timeline(look.reading, ticket.id, request.before, limit + 1);
    detail.withheld = store::latest_ticket_events(look.reading, ticket.id, "message.withheld", max_withheld);
    if (auto const conversation = store::find_conversation(look.reading, ticket.conversation)) {
        detail.barrier = barrier_before(look.reading, *conversation);
        if (auto const* account = channel::find_account(look.parts.accounts, conversation->account); account && conversation->group.empty())
            detail.link = account->adapter->ticket_link(account->account, ticket.reference);
    }
    detail.contact = contact_card(look.reading, detail.ticket.row.contact);
    if (detail.timeline.size() > static_cast<std::size_t>(limit)) {
        detail.timeline.erase(detail.timeline.begin());
        detail.earlier = true;
    }
    detail.referrals = store::referrals_of(look.reading, messages_of(detail.timeline));
    return detail;
}

} // namespace deskbridge::desk
