#include "work.hpp"

#include "standing.hpp"

#include <algorithm>

namespace deskbridge::desk {

namespace {

/// What was done; or the sentence that says why it is too late for it.
template <class T>
T in_time(Work& work, Result<T> const& done, MessageId message, std::string_view what)
{
    if (!done && done.error().fault == Fault::conflict)
        fail(Fault::conflict, "message " + std::to_string(message.value) + " " + standing_of(store::intents_of(work.tx, message)) +
                                  "; " + std::string{what});
    if (!done)
        throw store::Rollback{done.error()};
    if constexpr (!std::is_void_v<T>)
        return *done;
}

void check_sent(Work& work, MessageId message)
{
    (void)sent_item(work.tx, message);
}

bool doubtful(std::vector<store::IntentRow> const& parts)
{
    return std::any_of(parts.begin(), parts.end(), [](store::IntentRow const& part) {
        return part.state == IntentState::unknown || part.state == IntentState::held;
    });
}

void settle(Work& work, std::vector<store::OutboxEffect> const& effects)
{
    if (work.parts.settle)
        for (auto const& effect : effects)
            work.parts.settle(work.tx, effect, work.now);
    work.queued = true; // the lane may go on
}

} // namespace

store::TimelineItem sent_item(store::Reading& reading, MessageId id)
{
    auto item = store::find_timeline_item(reading, id);
    if (!item)
        fail(Fault::not_found, "there is no message " + std::to_string(id.value));
    if (!item->delivery.empty())
        return std::move(*item);
    auto const& message = item->message;
    auto const whose = message.direction == store::Direction::note ? "a note for agents"
                       : message.direction == store::Direction::in ? "the customer's own"
                                                                   : "from the business phone";
    fail(Fault::conflict, "message " + std::to_string(id.value) + " is " + whose + ": Deskbridge does not send it");
}

store::TimelineItem act(Work& work, Cancel const& request)
{
    check_sent(work, request.message);
    auto const done = store::cancel_message(work.tx, request.message, work.actor(), work.now);
    settle(work, in_time(work, done, request.message, "nothing to cancel"));
    return item_of(work.tx, request.message);
}

store::TimelineItem act(Work& work, Keep const& request)
{
    check_sent(work, request.message);
    auto const done = store::keep_message(work.tx, request.message, work.actor(), work.now);
    in_time(work, done, request.message, "nothing of it is kept");
    return item_of(work.tx, request.message);
}

store::TimelineItem act(Work& work, Retry const& request)
{
    check_sent(work, request.message);
    if (!request.confirm_duplicate && store::may_have_arrived(work.tx, request.message))
        fail(Fault::conflict, "message " + std::to_string(request.message.value) + " may have arrived: an earlier attempt got no answer and was "
                              "taken for not sent; sent again, the customer may have it twice (confirm_duplicate)");
    auto const parts = store::intents_of(work.tx, request.message);
    auto const done = store::retry_message(work.tx, request.message, work.actor(), work.now);
    in_time(work, done, request.message, doubtful(parts) ? "say first whether it arrived" : "nothing to send again");
    work.queued = true;
    return item_of(work.tx, request.message);
}

store::TimelineItem act(Work& work, Resolve const& request)
{
    check_sent(work, request.message);
    auto const done = store::resolve_message(work.tx, request.message, request.verdict, work.actor(), work.now);
    settle(work, in_time(work, done, request.message, "it is not in doubt"));
    return item_of(work.tx, request.message);
}

} // namespace deskbridge::desk
