#pragma once

#include "watch.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace deskbridge::net {

/// What a waiting parent and a running child share, whatever the child answers.
class ChildBase {
public:
    explicit ChildBase(boost::asio::any_io_executor executor) : wake_{std::move(executor)} {}

    /// Returns when the child has ended, at `deadline`, or when somebody calls `give_up`.
    [[nodiscard]] boost::asio::awaitable<void> wait(SteadyTime deadline)
    {
        if (done_ || given_up_)
            co_return;
        wake_.expires_at(deadline);
        co_await wake_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
    /// Asks the child to stop; it goes on owning itself until it does.
    void cancel() { stop_.emit(boost::asio::cancellation_type::terminal); }
    void give_up()
    {
        given_up_ = true;
        wake_.cancel();
    }
    [[nodiscard]] bool done() const noexcept { return done_; }
    [[nodiscard]] std::exception_ptr const& failure() const noexcept { return failure_; }

protected:
    boost::asio::steady_timer wake_;
    boost::asio::cancellation_signal stop_;
    std::exception_ptr failure_;
    bool done_{false};
    bool given_up_{false};
};

/// A coroutine beside the one that waits for it, so that patience can end before the work does.
/// Threads: the reactor.
template <class T>
class Child final : public ChildBase {
public:
    using ChildBase::ChildBase;

    /// `ended` is called when the work is over; what it captures lives until then.
    [[nodiscard]] static std::shared_ptr<Child> start(boost::asio::any_io_executor executor,
                                                      boost::asio::awaitable<T> work, std::function<void()> ended)
    {
        auto child = std::make_shared<Child>(executor);
        auto finish = [child, ended = std::move(ended)](std::exception_ptr failure, T value) {
            child->done_ = true;
            child->failure_ = std::move(failure);
            if (!child->failure_)
                child->value_ = std::move(value);
            child->wake_.cancel();
            ended();
        };
        boost::asio::co_spawn(executor, std::move(work),
                              boost::asio::bind_cancellation_slot(child->stop_.slot(), std::move(finish)));
        return child;
    }
    [[nodiscard]] T& value() noexcept { return *value_; }

private:
    std::optional<T> value_;
};

} // namespace deskbridge::net
