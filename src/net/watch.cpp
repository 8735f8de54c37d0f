#include "watch.hpp"

#include <boost/asio/steady_timer.hpp>

#include <utility>

namespace deskbridge::net {

struct Watch::State {
    boost::asio::steady_timer timer;
    std::function<void()> bark;
    SteadyTime deadline{SteadyTime::max()};
    SteadyTime armed_for{SteadyTime::max()};
    bool armed{false};
    bool expired{false};
};

Watch::Watch(boost::asio::any_io_executor executor, std::function<void()> bark)
    : state_{std::make_shared<State>(State{boost::asio::steady_timer{std::move(executor)}, std::move(bark)})}
{
}

Watch::~Watch()
{
    state_->bark = nullptr;
    state_->timer.cancel();
}

bool Watch::expired() const noexcept
{
    return state_->expired;
}

void Watch::set(SteadyTime deadline)
{
    state_->deadline = deadline;
    state_->expired = false;
    // A timer that fires too early just waits on: moving a deadline into the future costs nothing.
    if (deadline == SteadyTime::max() || (state_->armed && state_->armed_for <= deadline))
        return;
    arm(state_);
}

void Watch::arm(std::shared_ptr<State> const& state)
{
    state->armed = true;
    state->armed_for = state->deadline;
    state->timer.expires_at(state->deadline);
    state->timer.async_wait([state](boost::system::error_code ec) {
        if (ec || !state->bark)
            return;
        state->armed = false;
        if (state->deadline == SteadyTime::max() || state->expired)
            return;
        if (now() < state->deadline)
            return arm(state);
        state->expired = true;
        state->bark();
    });
}

} // namespace deskbridge::net
