#pragma once

#include "deskbridge/store/event_log.hpp"
#include "support/temp_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <latch>
#include <string>
#include <vector>

namespace deskbridge::test {

/// What a test's writers leave behind: rows of the table `cursor`, which refers to no other.
inline void put(store::Tx& tx, std::string const& name)
{
    auto q = tx.prepare("INSERT INTO cursor (name, seq) VALUES (?1, 1) ON CONFLICT (name) DO NOTHING");
    q.bind(1, name);
    q.run();
}

[[nodiscard]] inline bool has(store::Reading& reading, std::string const& name)
{
    auto q = reading.prepare("SELECT 1 FROM cursor WHERE name = ?1");
    q.bind(1, name);
    return q.step();
}

/// Coroutines that write while the writer is being held up, so that their jobs surely wait together.
///
///     HeldWriter held{store};
///     held.write(Lane::agent, 0, job);      // queued
///     auto const answers = held.release();  // in the order of the calls
class HeldWriter {
public:
    static constexpr std::size_t whole_batch = 4 << 20;

    /// @param bytes  `whole_batch`: what holds the writer commits alone, and what was queued meanwhile begins a transaction.
    explicit HeldWriter(TempStore& store, std::size_t bytes = 0) : store_{store}
    {
        write(store::Lane::outcome, bytes, [this](store::Tx&) {
            started_.count_down();
            go_on_.wait();
        });
        started_.wait();
    }
    ~HeldWriter()
    {
        if (store_.is_open()) // the io_context goes before the store: the writer must be done with it
            static_cast<void>(store_->write_now([](store::Tx&) {}));
    }
    HeldWriter(HeldWriter const&) = delete;
    HeldWriter& operator=(HeldWriter const&) = delete;

    void write(store::Lane lane, std::size_t bytes, std::function<void(store::Tx&)> job)
    {
        answers_.emplace_back(Error{Fault::storage, "no answer"});
        boost::asio::co_spawn(io_, run(answers_.size() - 1, lane, bytes, std::move(job)), boost::asio::detached);
        io_.poll();
    }

    /// Lets the writer go on; returns when everything has its answer. The first is the holding job's own.
    std::vector<Result<void>> release()
    {
        let_go();
        return answers();
    }
    void let_go() { go_on_.count_down(); }
    std::vector<Result<void>> answers()
    {
        io_.restart();
        io_.run();
        return answers_;
    }

private:
    boost::asio::awaitable<void> run(std::size_t index, store::Lane lane, std::size_t bytes, std::function<void(store::Tx&)> job)
    {
        auto answer = co_await store_->write(job, lane, bytes);
        answers_[index] = std::move(answer);
    }

    TempStore& store_;
    boost::asio::io_context io_;
    std::latch started_{1};
    std::latch go_on_{1};
    std::vector<Result<void>> answers_;
};

} // namespace deskbridge::test
