#include "deskbridge/async/bell.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <list>
#include <utility>

namespace deskbridge::async {

namespace asio = boost::asio;

struct Bell::State {
    asio::any_io_executor executor;
    std::list<asio::steady_timer*> waiting; ///< each in its waiter's frame
    bool rung{false};

    void wake()
    {
        rung = true;
        for (auto* timer : waiting)
            timer->cancel();
    }
};

namespace {

/// Holds its place also when the waiter's frame is destroyed without waking.
class Place {
public:
    Place(std::list<asio::steady_timer*>& all, asio::steady_timer& own) : all_{all}, own_{all.insert(all.end(), &own)} {}
    ~Place() { all_.erase(own_); }
    Place(Place const&) = delete;
    Place& operator=(Place const&) = delete;

private:
    std::list<asio::steady_timer*>& all_;
    std::list<asio::steady_timer*>::iterator own_;
};

} // namespace

Bell::Bell(asio::any_io_executor executor) : state_{std::make_shared<State>()}
{
    state_->executor = std::move(executor);
}

Bell::~Bell()
{
    state_->wake();
}

void Bell::ring()
{
    state_->wake();
}

asio::awaitable<void> Bell::wait(std::chrono::milliseconds limit)
{
    auto const state = state_; // who waits may outlive the bell
    if (!state->rung) {
        asio::steady_timer timer{state->executor, limit};
        Place const place{state->waiting, timer};
        co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    state->rung = false;
}

} // namespace deskbridge::async
