#pragma once

#include "deskbridge/api/api.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <vector>

namespace deskbridge::api {

/// Which part of the event log somebody follows.
struct Following {
    EventSeq after{};
    std::set<std::int64_t> tickets{}; ///< empty: all
};

/// May whoever follows still do so?
using Standing = std::function<boost::asio::awaitable<bool>()>;

/// The open event streams, woken together. Each keeps it alive.
struct Api::Streams {
    std::set<async::Bell*> bells{};
};

/// What a stream works with; all of it must be there whenever a piece is asked for.
struct StreamParts {
    boost::asio::io_context& io;
    store::Store& store;
    async::Clock const& clock;
};

/// One page of the log as JSON: {"data":[…],"head":n}.
[[nodiscard]] boost::asio::awaitable<Result<std::string>> poll_events(store::Store& store, Following const& following, int limit);

/// The log as text/event-stream, from `following.after` on and then live, until the client goes away or has lost its
/// standing, which is asked for at the start and whenever the log tells of a change among the agents. When nothing of what it
/// follows happens for a while, a comment says that the stream is alive. `streams` is where it is woken; what `standing` needs
/// must be there as long as `parts`.
[[nodiscard]] net::NextChunk stream_events(StreamParts const& parts, std::shared_ptr<Api::Streams> streams, Following following,
                                           Standing standing);

/// Where "from now on" begins.
[[nodiscard]] boost::asio::awaitable<Result<EventSeq>> head_of(store::Store& store);

} // namespace deskbridge::api
