#pragma once
// Template bodies of store.hpp; include that.

#include <optional>
#include <variant>

namespace deskbridge::store {

template <std::invocable<Tx&> Job>
boost::asio::awaitable<Result<std::invoke_result_t<Job&, Tx&>>> Store::write(Job& job, Lane lane, std::size_t bytes)
{
    detail::Kept<Job, Tx> kept{job};
    std::function<void(Tx&)> const run = std::ref(kept);
    auto const done = co_await submit(run, lane, bytes);
    co_return kept.answer(done);
}

template <std::invocable<Reading&> Job>
boost::asio::awaitable<Result<std::invoke_result_t<Job&, Reading&>>> Store::read(Job& job)
{
    detail::Kept<Job, Reading> kept{job};
    std::function<void(Reading&)> const run = std::ref(kept);
    auto const done = co_await submit_read(run);
    co_return kept.answer(done);
}

template <std::invocable<Tx&> Job>
Result<std::invoke_result_t<Job&, Tx&>> Store::write_now(Job&& job)
{
    detail::Kept<std::remove_reference_t<Job>, Tx> kept{job};
    std::function<void(Tx&)> const run = std::ref(kept);
    return kept.answer(submit_now(run));
}

template <std::invocable<Reading&> Job>
Result<std::invoke_result_t<Job&, Reading&>> Store::read_now(Job&& job)
{
    detail::Kept<std::remove_reference_t<Job>, Reading> kept{job};
    std::function<void(Reading&)> const run = std::ref(kept);
    return kept.answer(submit_read_now(run));
}

} // namespace deskbridge::store
