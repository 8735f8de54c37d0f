#pragma once

#include "deskbridge/async/clock.hpp"
#include "deskbridge/async/pool.hpp"
#include "deskbridge/core/log.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/store/journal.hpp"
#include "deskbridge/store/media_folder.hpp"

#include <boost/asio/awaitable.hpp>

namespace deskbridge::flow {

/// How long is kept what has done its work. Bodies carry their own date (see `store::NewJournal::retain`).
struct Retention {
    std::chrono::hours keys{24 * 37};    ///< of inbound events; at least 30 days, and never shorter than their bodies
    std::chrono::hours requests{24 * 7}; ///< of agents and programs, with an idempotency key
    std::chrono::hours parked{24 * 30};  ///< receipts, edits, reactions whose message never came
    std::chrono::hours hours{24 * 36};   ///< how many messages came in which hour: four weeks and the days that are compared
    std::chrono::hours files{24 * 7};    ///< that an agent brought in, and that went with no message
};

/// Forgets what is past its time, in steps so small that the writer is free again after a few milliseconds, behind
/// everything else that it has to do.
///
/// Ownership: `run` is spawned once and lasts until cancelled; what it refers to outlives it. Threads: the reactor.
class Upkeep {
public:
    struct Parts {
        store::Store& store;
        async::Clock& clock;
        Log& log;
        Metrics& metrics;
        store::MediaFolder const* media{nullptr}; ///< with `pool`; nullptr: no bytes are removed
        async::Pool* pool{nullptr};               ///< waits for the folder's disk
    };
    explicit Upkeep(Parts parts, Retention retention = {});

    [[nodiscard]] boost::asio::awaitable<void> run();
    /// One step of each kind. Answers whether there may be more. Instead of `run`, for virtual time.
    [[nodiscard]] boost::asio::awaitable<bool> step();

private:
    enum class What { bodies, keys, requests, parked, hours, files };
    struct Done {
        int dropped{0};
        bool more{false};
    };
    [[nodiscard]] Done drop(store::Tx& tx, What what, Timestamp now);
    [[nodiscard]] Done drop_keys(store::Tx& tx, Timestamp now);
    /// Answers whether there may be more.
    [[nodiscard]] boost::asio::awaitable<bool> remove_files();

    Parts parts_;
    Retention retention_;
    JournalId keys_after_{}; ///< touched by the writer's job alone, which is awaited
    std::int64_t files_after_{0};  ///< the attachment that this sweep has come to
    std::string files_problem_{};  ///< its first; told at its end
};

} // namespace deskbridge::flow
