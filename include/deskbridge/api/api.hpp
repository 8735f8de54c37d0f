#pragma once

#include "deskbridge/async/bell.hpp"
#include "deskbridge/async/clock.hpp"
#include "deskbridge/async/pool.hpp"
#include "deskbridge/core/log.hpp"
#include "deskbridge/desk/desk.hpp"
#include "deskbridge/net/http_server.hpp"
#include "deskbridge/store/media_folder.hpp"
#include "deskbridge/store/store.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace deskbridge::api {

/// The REST resources of `/v1` (schemas/openapi.yaml) over the use cases of `desk`.
///
/// Every route is made of a use case, which names its authorisation rule; a route without one does not compile. The
/// caller is whoever the Unix socket says is at the other end; over TCP nobody is anybody yet, and all routes answer 401.
/// Errors: `application/problem+json` (RFC 9457); `detail` is a sentence for the agent.
/// Ownership: what `Parts` refers to, and the Api itself, must outlive the server that has its routes. Threads: the reactor.
class Api {
public:
    struct Parts {
        boost::asio::io_context& io;
        store::Store& store;
        async::Clock& clock;
        desk::Desk& desk;
        Log& log;
        async::Pool& pool;                        ///< looks up who asks
        store::MediaFolder const* media{nullptr}; ///< where files lie; null: none are served or taken
        async::Pool* media_pool{nullptr};         ///< reads and syncs them
        std::uint64_t max_file_bytes{100u << 20}; ///< of a file that an agent brings in; see max_media_bytes
        std::function<bool()> media_room{};       ///< is there space on the disk? Asked on the pool; null: always
    };
    explicit Api(Parts parts);
    ~Api();
    Api(Api const&) = delete;
    Api& operator=(Api const&) = delete;

    [[nodiscard]] std::vector<net::Route> routes();
    /// The event log has grown: open event streams look again.
    void on_events();

    struct Streams; ///< internal

private:
    Parts parts_;
    std::shared_ptr<Streams> streams_; ///< shared with the open streams, which may end after the Api
};

} // namespace deskbridge::api
