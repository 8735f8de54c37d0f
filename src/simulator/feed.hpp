#pragma once

#include "json_reading.hpp"

#include "deskbridge/async/bell.hpp"
#include "deskbridge/net/http_server.hpp"

#include <boost/asio/io_context.hpp>

#include <deque>
#include <list>
#include <memory>
#include <string>

namespace deskbridge::simulator {

/// Live news for open pages, as server-sent events. A page that reads too slowly is cut off and asks for the whole
/// state again.
/// Threads: the reactor.
class Feed {
public:
    explicit Feed(boost::asio::io_context& io) : io_{io} {}
    void publish(std::string_view event, Json const& data);
    [[nodiscard]] net::Reply subscribe();
    void close(); ///< ends every stream

private:
    struct Reader {
        explicit Reader(boost::asio::io_context& io) : bell{io.get_executor()} {}
        async::Bell bell;
        std::deque<std::string> waiting{};
        bool ended{false};
    };
    [[nodiscard]] static boost::asio::awaitable<std::optional<std::string>> next_piece(std::shared_ptr<Reader> reader);

    boost::asio::io_context& io_;
    std::list<std::weak_ptr<Reader>> readers_; // a stream that is gone has dropped the only strong reference
};

} // namespace deskbridge::simulator
