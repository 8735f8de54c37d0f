#include "deskbridge/async/task_group.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/system/system_error.hpp>

#include <cassert>
#include <exception>
#include <typeinfo>
#include <utility>

namespace deskbridge::async {

namespace asio = boost::asio;

namespace {

/// Of most exceptions the type alone: the text of a parser's may quote a customer's words.
std::string reason_of(std::exception_ptr const& crash)
{
    try {
        std::rethrow_exception(crash);
    } catch (boost::system::system_error const& e) {
        return e.what();
    } catch (std::exception const& e) {
        return typeid(e).name();
    } catch (...) { // NOLINT: its kind is all we want to know
        return "unknown";
    }
}

} // namespace

struct TaskGroup::Task {
    std::string name;
    asio::cancellation_signal stop;
};

TaskGroup::TaskGroup(asio::io_context& io, Log& log, std::function<void()> on_crash)
    : io_{io}, log_{log}, on_crash_{std::move(on_crash)}
{
}

TaskGroup::~TaskGroup()
{
    assert(tasks_.empty() && "join() must have returned");
}

void TaskGroup::spawn(std::string name, asio::awaitable<void> task)
{
    auto& entry = tasks_.emplace_back();
    auto const self = std::prev(tasks_.end());
    entry.name = std::move(name);
    auto ended = [this, self](std::exception_ptr crash) {
        if (crash) {
            log_.error("task_crashed", {{"task", self->name}, {"reason", reason_of(crash)}});
            if (on_crash_)
                on_crash_();
        }
        tasks_.erase(self);
        if (tasks_.empty() && emptied_)
            std::exchange(emptied_, {})();
    };
    asio::co_spawn(io_, std::move(task), asio::bind_cancellation_slot(entry.stop.slot(), std::move(ended)));
}

void TaskGroup::cancel()
{
    // A task that ends at once erases itself: step first, signal then.
    for (auto next = tasks_.begin(); next != tasks_.end();) {
        auto const task = next++;
        task->stop.emit(asio::cancellation_type::terminal);
    }
}

asio::awaitable<void> TaskGroup::join()
{
    if (tasks_.empty())
        co_return;
    asio::steady_timer done{io_, asio::steady_timer::time_point::max()};
    emptied_ = [&done] { done.cancel(); };
    co_await done.async_wait(asio::as_tuple(asio::use_awaitable));
}

} // namespace deskbridge::async
