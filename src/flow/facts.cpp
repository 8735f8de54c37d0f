#include "facts.hpp"

#include "neighbours.hpp"

#include <algorithm>
#include <utility>

namespace deskbridge::flow {
namespace {

using store::MessageGlance;

constexpr int remembered_messages = 100; ///< of a chat: more than any burst
constexpr int remembered_tickets = 30;   ///< of a chat, besides the live ones and those that something names
constexpr std::size_t most_named = 64;   ///< tickets, with what they have become
constexpr int picked_messages = 200;

/// An agent's words came after what stands before them, also by a clock that was set back in between.
void follow_sequence(std::vector<MessageGlance>& newest_first)
{
    Timestamp latest;
    for (auto glance = newest_first.rbegin(); glance != newest_first.rend(); ++glance) {
        if (glance->direction == store::Direction::in)
            latest = std::max(latest, glance->sent_at);
        else if (glance->actor == ActorKind::agent && glance->sent_at < latest)
            glance->sent_at = latest + std::chrono::milliseconds{1};
    }
}

/// "Thanks" after `new` is not the matter that the order waits for: the order stands until that comes.
void pass_over_closers(Scene& scene, std::vector<MessageGlance>& newest_first)
{
    bool ordered = false;
    for (auto glance = newest_first.rbegin(); glance != newest_first.rend(); ++glance) {
        ordered = ordered || glance->command == "new";
        if (!ordered || !is_matter(*glance))
            continue;
        ordered = is_closing(scene, glance->id);
        glance->matter = !ordered;
    }
}

void remember(std::vector<MessageGlance> const& newest_first, ThreadingFacts& facts)
{
    bool matter_since = false;
    for (auto const& glance : newest_first) {
        facts.newest_sent_at = std::max(facts.newest_sent_at, std::optional{glance.sent_at});
        if (glance.direction == store::Direction::in)
            facts.customer_sent_at = std::max(facts.customer_sent_at, std::optional{glance.sent_at});
        bool const solving = glance.direction == store::Direction::out && glance.purpose == "solved";
        if (!facts.last_said && glance.ticket && (by_agent(glance) || solving))
            facts.last_said = LastSaid{glance.ticket, glance.sent_at};
        if (glance.command == "new" && !matter_since && !facts.new_asked_at)
            facts.new_asked_at = glance.sent_at;
        matter_since = matter_since || is_matter(glance);
        if (by_agent(glance) && !facts.recent.empty() && glance.id > facts.recent.front().id)
            facts.agent_wrote_at.push_back(glance.sent_at);
    }
    std::reverse(facts.agent_wrote_at.begin(), facts.agent_wrote_at.end());
}

ThreadingPick::List list_of(store::Offer::Kind kind)
{
    using Kind = store::Offer::Kind;
    using List = ThreadingPick::List;
    return kind == Kind::choice ? List::choice : kind == Kind::something_new ? List::something_new : List::status;
}

ThreadingPick pick_of(Scene& scene, Chat const& chat, Understanding const& said)
{
    auto const& offer = *said.offer;
    ThreadingPick pick{list_of(offer.kind), offer.options[said.row], said.tapped, offer.offered_at, {}};
    if (pick.list == ThreadingPick::List::status || !offer.first_message)
        return pick;
    for (auto const& message : store::inbound_since(scene.tx, chat.conversation.id, offer.first_message, picked_messages)) {
        if (!message.matter || !message.command.empty())
            continue;
        auto member = member_of(scene, message.id, message.ticket, believed(message.provider_at, message.received_at));
        member.answered = store::agent_wrote_since(scene.tx, chat.conversation.id, message.id);
        pick.burst.push_back(std::move(member));
    }
    return pick;
}

ThreadingMessage message_of(Chat const& chat, InboundMessage const& message, Understanding const& said)
{
    ThreadingMessage out;
    out.kind = message.kind;
    out.sent_at = message.sent_at;
    out.received_at = chat.now;
    out.group = !message.group.empty();
    out.about_known_kind = message.about_known_kind;
    out.closer = said.closer;
    out.payload_ticket = said.payload_ticket;
    out.quoted_ticket = said.quoted_ticket;
    out.references = said.references;
    return out;
}

class TicketsInQuestion {
public:
    explicit TicketsInQuestion(Scene& scene) : scene_{scene} {}

    void add(store::Ticket ticket)
    {
        auto const same = [&ticket](store::Ticket const& other) { return other.id == ticket.id; };
        if (std::none_of(tickets_.begin(), tickets_.end(), same))
            tickets_.push_back(std::move(ticket));
    }
    /// With what it has become: by merging, or, when it is done, its follow-ups and theirs.
    void add(TicketId id)
    {
        for (std::vector<TicketId> next{id}; !next.empty() && named_.size() < most_named;) {
            id = next.back();
            next.pop_back();
            auto ticket = id && !is_named(id) ? look_up(id) : std::nullopt;
            if (!ticket)
                continue;
            named_.push_back(id);
            if (ticket->merged_into)
                next.push_back(ticket->merged_into);
            else if (!is_live(ticket->status))
                for (auto const& follow_up : store::follow_ups_of(scene_.tx, id))
                    next.push_back(follow_up.id);
            add(std::move(*ticket));
        }
    }
    [[nodiscard]] std::vector<store::Ticket> const& all() const { return tickets_; }
    [[nodiscard]] std::vector<store::Ticket> take() && { return std::move(tickets_); }

private:
    [[nodiscard]] bool is_named(TicketId id) const { return std::find(named_.begin(), named_.end(), id) != named_.end(); }
    [[nodiscard]] std::optional<store::Ticket> look_up(TicketId id) const
    {
        auto const here = std::find_if(tickets_.begin(), tickets_.end(), [id](auto const& ticket) { return ticket.id == id; });
        return here != tickets_.end() ? std::optional{*here} : store::find_ticket(scene_.tx, id);
    }

    Scene& scene_;
    std::vector<store::Ticket> tickets_;
    std::vector<TicketId> named_; ///< and what they have become
};

} // namespace

std::vector<store::Ticket> tickets_in_question(Scene& scene, ConversationId conversation)
{
    TicketsInQuestion tickets{scene};
    for (auto& ticket : store::tickets_of(scene.tx, conversation, remembered_tickets))
        tickets.add(std::move(ticket));
    if (tickets.all().size() == static_cast<std::size_t>(remembered_tickets))
        for (auto& ticket : store::live_tickets(scene.tx, conversation))
            tickets.add(std::move(ticket));
    return std::move(tickets).take();
}

ThreadingTicket threading_ticket(Scene& scene, store::Ticket const& ticket, bool counted)
{
    ThreadingTicket out;
    out.id = ticket.id;
    out.status = ticket.status;
    out.last_activity = ticket.last_activity;
    out.solved_at = ticket.solved_at;
    for (auto const& interval : store::intervals_of(scene.tx, ticket))
        out.intervals.push_back({interval.opened_at, interval.solved_at});
    out.unanswered_agent_at = ticket.unanswered_agent_at;
    out.merged_into = ticket.merged_into;
    out.follow_up_of = ticket.follow_up_of;
    if (counted)
        out.messages_since_opening = store::count_matter_since(scene.tx, ticket.id, ticket.opened_at);
    return out;
}

ThreadingFacts gather(Scene& scene, Chat const& chat, InboundMessage const& message, Understanding const& said)
{
    ThreadingFacts facts;
    facts.message = message_of(chat, message, said);
    facts.command = said.command;
    if (said.offer)
        facts.pick = pick_of(scene, chat, said);
    auto glances = store::glance_back(scene.tx, chat.conversation.id, remembered_messages);
    follow_sequence(glances);
    pass_over_closers(scene, glances);
    facts.recent = neighbours(scene, glances, facts.message);
    remember(glances, facts);

    TicketsInQuestion tickets{scene};
    for (auto& ticket : tickets_in_question(scene, chat.conversation.id))
        tickets.add(std::move(ticket));
    tickets.add(said.payload_ticket);
    tickets.add(said.quoted_ticket);
    for (auto const reference : said.references)
        tickets.add(reference);
    for (auto const& member : facts.recent)
        tickets.add(member.ticket);
    if (facts.pick) {
        tickets.add(facts.pick->chosen);
        for (auto const& member : facts.pick->burst)
            tickets.add(member.ticket);
    }
    bool const counted = may_move(facts.message) || facts.pick;
    for (auto const& ticket : tickets.all())
        facts.tickets.push_back(threading_ticket(scene, ticket, counted));
    scene.gathered = std::move(tickets).take();
    return facts;
}

} // namespace deskbridge::flow
