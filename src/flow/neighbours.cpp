#include "neighbours.hpp"

#include "text_reading.hpp"

#include "deskbridge/store/placement.hpp"

#include <algorithm>
#include <iterator>

namespace deskbridge::flow {
namespace {

using store::MessageGlance;

constexpr std::size_t explained_members = 8; ///< of a burst, when nothing can be moved: the nearest decide

void explain(Scene& scene, BurstMember& member)
{
    auto const placements = store::placements_of(scene.tx, member.id);
    member.rule = Rule::r8;
    if (placements.empty())
        return;
    auto const& first = placements.front();
    auto const& last = placements.back();
    member.rule = parse_rule(first.rule).value_or(Rule::r8);
    member.closing_guess = first.guess && is_closing(scene, member.id);
    member.action = parse_action(last.action).value_or(PlacementAction::append);
    member.named_its_ticket = member.named_its_ticket || first.rule == "R3" || last.rule == "pick" || last.rule == "move" ||
                              last.rule == "split" || last.rule == "undo";
}

/// If nothing can be moved, only the nearest one that leads counts, before the message or after it: it is looked for from there on.
void explain_nearest(Scene& scene, std::vector<BurstMember>& members, Timestamp at)
{
    std::vector<BurstMember*> sent;
    for (auto& member : members)
        sent.push_back(&member);
    std::sort(sent.begin(), sent.end(), [](auto const* a, auto const* b) { return sent_earlier(*a, *b); });
    auto const later = std::partition_point(sent.begin(), sent.end(), [at](auto const* member) { return member->sent_at <= at; });
    auto const* const oldest = members.data() + (members.size() - std::min(members.size(), explained_members));
    auto const decides = [&](BurstMember* member) {
        if (member >= oldest && member->ticket)
            explain(scene, *member);
        return leads(*member);
    };
    (void)std::find_if(std::make_reverse_iterator(later), sent.rend(), decides);
    (void)std::find_if(later, sent.end(), decides);
}

/// What came after a message in its conversation, while one looks back from the end: whoever has said where their words
/// belong does not want them elsewhere.
class Aftermath {
public:
    void note(MessageGlance const& glance)
    {
        answered_ = answered_ || by_agent(glance);
        picked_ = picked_ || glance.command == "pick";
        ordered_new_ = ordered_new_ || glance.command == "new";
    }
    void mark(BurstMember& member) const
    {
        member.answered = answered_;
        member.named_its_ticket = member.named_its_ticket || picked_;
        member.settled = ordered_new_;
    }

private:
    bool answered_{false};
    bool picked_{false};
    bool ordered_new_{false};
};

} // namespace

bool by_agent(MessageGlance const& glance)
{
    return glance.direction == store::Direction::out &&
           (glance.actor == ActorKind::agent || glance.actor == ActorKind::phone_app);
}

bool is_matter(MessageGlance const& glance)
{
    return glance.direction == store::Direction::in && glance.matter && glance.command.empty();
}

bool is_closing(Scene& scene, MessageId id)
{
    auto const message = store::find_message(scene.tx, id);
    return message && closes(scene.catalogue(), message->kind, message->text);
}

BurstMember member_of(Scene& scene, MessageId id, TicketId ticket, Timestamp sent_at)
{
    BurstMember member;
    member.id = id;
    member.ticket = ticket;
    member.sent_at = sent_at;
    explain(scene, member);
    return member;
}

bool may_move(ThreadingMessage const& message)
{
    return message.payload_ticket || message.quoted_ticket || !message.references.empty();
}

std::vector<BurstMember> neighbours(Scene& scene, std::vector<MessageGlance> const& newest_first, ThreadingMessage const& message)
{
    auto const gap = scene.policy().burst;
    auto const at = believed(message.sent_at, message.received_at);
    bool const explained = may_move(message);
    auto from = at;
    auto to = at;
    Aftermath aftermath;
    bool latest_is_member = false; // the matter that was looked at last is members.back()
    std::vector<BurstMember> members;
    for (auto const& glance : newest_first) {
        aftermath.note(glance);
        if (glance.command == "new" && latest_is_member && members.back().rule == Rule::r8)
            members.back().named_its_ticket = true; // it was sent because of this order
        if (glance.command == "new" || is_matter(glance))
            latest_is_member = false;
        if (!is_matter(glance) || glance.sent_at < from - gap || glance.sent_at > to + gap)
            continue;
        from = std::min(from, glance.sent_at);
        to = std::max(to, glance.sent_at);
        members.push_back({.id = glance.id, .sent_at = glance.sent_at, .ticket = glance.ticket, .rule = Rule::r2});
        if (explained)
            explain(scene, members.back());
        aftermath.mark(members.back());
        latest_is_member = true;
    }
    std::reverse(members.begin(), members.end());
    if (!explained)
        explain_nearest(scene, members, at);
    return members;
}

} // namespace deskbridge::flow
