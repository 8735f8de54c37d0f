#include "deskbridge/async/task_group.hpp"

#include "deskbridge/core/thrown.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <cassert>
#include <chrono>
#include <exception>
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
    } catch (...) { // NOLINT: its kind is all we want to know
        return type_of(crash);
    }
}

/// How a coroutine ends that awaits something after it was told to stop.
bool is_cancellation(std::exception_ptr const& crash)
{
    try {
        std::rethrow_exception(crash);
    } catch (boost::system::system_error const& e) {
        return e.code() == asio::error::operation_aborted;
    } catch (...) { // NOLINT: anything else is a crash
        return false;
    }
}

} // namespace

struct TaskGroup::Task {
    std::string name;
    bool told_to_stop{false};
    asio::cancellation_signal stop;
};

TaskGroup::TaskGroup(asio::io_context& io, Log& log, std::function<void()> on_crash)
    : io_{io}, log_{log}, on_crash_{std::move(on_crash)}, ended_{io.get_executor()}
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
        if (crash && !(self->told_to_stop && is_cancellation(crash))) {
            log_.error("task_crashed", {{"task", self->name}, {"reason", reason_of(crash)}});
            if (on_crash_)
                on_crash_();
        }
        tasks_.erase(self);
        if (tasks_.empty())
            ended_.ring();
    };
    asio::co_spawn(io_, std::move(task), asio::bind_cancellation_slot(entry.stop.slot(), std::move(ended)));
}

void TaskGroup::cancel()
{
    // A task that ends at once erases itself: step first, signal then.
    for (auto next = tasks_.begin(); next != tasks_.end();) {
        auto const task = next++;
        task->told_to_stop = true;
        task->stop.emit(asio::cancellation_type::terminal);
    }
}

asio::awaitable<void> TaskGroup::join()
{
    while (!tasks_.empty())
        co_await ended_.wait(std::chrono::hours{1});
}

} // namespace deskbridge::async
