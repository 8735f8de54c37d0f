#include "waiting.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace deskbridge::store {

namespace {

void post_all(boost::asio::any_io_executor const& executor, std::vector<Answered> answered);

// One coroutine's crash must not take its neighbours' answers away.
void resume_from(boost::asio::any_io_executor const& executor, std::vector<Answered> answered)
{
    for (std::size_t i = 0; i < answered.size(); ++i) {
        auto const waiting = std::move(answered[i].waiting);
        try {
            waiting->resume(std::move(answered[i].answer));
        } catch (...) {
            answered.erase(answered.begin(), answered.begin() + static_cast<std::ptrdiff_t>(i) + 1);
            post_all(executor, std::move(answered));
            throw;
        }
    }
}

void post_all(boost::asio::any_io_executor const& executor, std::vector<Answered> answered)
{
    if (answered.empty())
        return;
    // The work travels with the post: without a guard of our own, run() may return, and its io_context be gone, before post has.
    auto const busy = boost::asio::make_work_guard(executor);
    boost::asio::post(executor, [executor, all = std::move(answered)]() mutable { resume_from(executor, std::move(all)); });
}

} // namespace

void resume_all(std::vector<Answered> answered)
{
    auto first = answered.begin();
    while (first != answered.end()) {
        auto const executor = first->waiting->executor();
        if (!executor) {
            first->waiting->resume(std::move(first->answer));
            ++first;
            continue;
        }
        auto const last = std::find_if(first, answered.end(), [&](auto const& a) { return a.waiting->executor() != executor; });
        post_all(executor, {std::make_move_iterator(first), std::make_move_iterator(last)});
        first = last;
    }
}

} // namespace deskbridge::store
