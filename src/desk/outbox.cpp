#include "work.hpp"

namespace deskbridge::desk {

namespace {

template <class T>
T sure(Result<T> result)
{
    if (!result)
        throw store::Rollback{result.error()};
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

void settle(Work& work, std::vector<store::OutboxEffect> const& effects)
{
    if (work.parts.settle)
        for (auto const& effect : effects)
            work.parts.settle(work.tx, effect, work.now);
    work.queued = true; // the lane may go on
}

} // namespace

store::TimelineItem act(Work& work, Withdraw const& request)
{
    settle(work, sure(store::cancel_message(work.tx, request.message, work.actor(), work.now)));
    return item_of(work.tx, request.message);
}

store::TimelineItem act(Work& work, DeliverWhenOpen const& request)
{
    sure(store::deliver_when_open(work.tx, request.message, work.actor(), work.now));
    return item_of(work.tx, request.message);
}

store::TimelineItem act(Work& work, SendAgain const& request)
{
    sure(store::requeue_message(work.tx, request.message, work.actor(), work.now));
    work.queued = true;
    return item_of(work.tx, request.message);
}

store::TimelineItem act(Work& work, SettleUnknown const& request)
{
    settle(work, sure(store::decide_unknown(work.tx, request.message, request.verdict, work.actor(), work.now)));
    return item_of(work.tx, request.message);
}

} // namespace deskbridge::desk
