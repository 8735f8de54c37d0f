#pragma once

#include "deskbridge/core/result.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include <future>
#include <memory>
#include <utility>
#include <vector>

namespace deskbridge::store {

/// Whoever waits for a job.
class Waiting {
public:
    virtual ~Waiting() = default;
    /// Where `resume` must be called; empty: anywhere.
    [[nodiscard]] virtual boost::asio::any_io_executor executor() const = 0;
    virtual void resume(Result<void> answer) = 0; ///< once
};

/// A coroutine. Keeps its executor busy, so that `run()` does not return while a job is under way.
template <class Handler>
class WaitingCoroutine final : public Waiting {
public:
    explicit WaitingCoroutine(Handler handler)
        : handler_{std::move(handler)}, work_{boost::asio::get_associated_executor(handler_)}
    {
    }
    [[nodiscard]] boost::asio::any_io_executor executor() const override { return work_.get_executor(); }
    void resume(Result<void> answer) override
    {
        auto handler = std::move(handler_);
        handler(std::move(answer));
    }

private:
    Handler handler_;
    boost::asio::executor_work_guard<boost::asio::any_io_executor> work_;
};

/// A thread. The promise stays here: the thread may be gone before `set_value` has returned.
class WaitingThread final : public Waiting {
public:
    explicit WaitingThread(std::promise<Result<void>> answer) : answer_{std::move(answer)} {}
    [[nodiscard]] boost::asio::any_io_executor executor() const override { return {}; }
    void resume(Result<void> answer) override { answer_.set_value(std::move(answer)); }

private:
    std::promise<Result<void>> answer_;
};

struct Answered {
    std::unique_ptr<Waiting> waiting;
    Result<void> answer;
};

/// Resumes all, in order, each on its executor; neighbours on the same one share a single post.
void resume_all(std::vector<Answered> answered);

} // namespace deskbridge::store
