#pragma once

#include "deskbridge/async/clock.hpp"
#include "deskbridge/async/pool.hpp"
#include "deskbridge/channel/account_context.hpp"
#include "deskbridge/net/http_server.hpp"
#include "deskbridge/store/media_folder.hpp"
#include "deskbridge/store/store.hpp"

namespace deskbridge::app {

/// What `/files/{token}` is made of; all of it must outlive the server.
struct FileDoor {
    store::Store& store;
    async::Clock& clock;
    channel::AccountContexts const& accounts;
    store::MediaFolder const& folder;
    async::Pool& pool;
};

/// `/files/{token}`: what agents sent, for the channel that it was sent to, by a link of `channel/file_link.hpp`. Whatever else is asked
/// for is 404, without a look at the store; a link that has ended is 410.
[[nodiscard]] net::Route file_route(FileDoor door);

} // namespace deskbridge::app
