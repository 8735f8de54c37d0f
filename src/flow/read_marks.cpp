#include "deskbridge/flow/read_marks.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace deskbridge::flow {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t events_per_look = 5000; // a reader is not kept longer than a few milliseconds
constexpr std::size_t conversations_kept = 4096;
/// Nobody waits for ticks on something older, and providers forget it.
constexpr auto oldest_markable = std::chrono::hours{24 * 30};
constexpr auto between_mark_looks = 250ms; // people look once; a storm of events must not mean a storm of readings
constexpr auto longest_rest = 60s;

} // namespace

ReadMarks::ReadMarks(Parts parts, boost::asio::any_io_executor executor)
    : parts_{parts}, bell_{std::move(executor)}, read_to_{parts_.store.committed_seq()}
{
}

boost::asio::awaitable<void> ReadMarks::run()
{
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    auto const state = co_await boost::asio::this_coro::cancellation_state;
    async::Bell pause{co_await boost::asio::this_coro::executor};
    while (state.cancelled() == boost::asio::cancellation_type::none) {
        co_await bell_.wait(longest_rest);
        if (state.cancelled() != boost::asio::cancellation_type::none)
            co_return;
        co_await look();
        co_await pause.wait(between_mark_looks);
    }
}

boost::asio::awaitable<void> ReadMarks::look()
{
    auto const newest = parts_.store.committed_seq();
    auto const since = parts_.clock.now() - oldest_markable;
    while (read_to_.value < newest) {
        EventSeq const through{std::min(newest, read_to_.value + events_per_look)};
        auto find = [&](store::Reading& reading) { return store::load_seen_messages(reading, read_to_, through, since); };
        auto const seen = co_await parts_.store.read(find);
        read_to_ = through; // at most once: what cannot be read is not marked
        if (!seen)
            continue;
        for (auto const& each : *seen)
            if (newer(each.conversation, each.message))
                parts_.pump.mark_read(each.account, each.external, false);
    }
}

bool ReadMarks::newer(ConversationId conversation, MessageId message)
{
    if (marked_.size() >= conversations_kept && !marked_.contains(conversation))
        marked_.clear();
    auto& last = marked_[conversation];
    if (message.value <= last.value)
        return false;
    last = message;
    return true;
}

} // namespace deskbridge::flow
