#pragma once

#include "config.hpp"
#include "file_door.hpp"

#include "deskbridge/async/pool.hpp"
#include "deskbridge/flow/media.hpp"
#include "deskbridge/net/http_client.hpp"

#include <functional>
#include <optional>

namespace deskbridge::app {

/// Everything around customers' and agents' files: the folder, the threads that touch it, and the job that fetches. In the order of
/// dependence; destruction is the reverse.
class MediaHouse {
public:
    explicit MediaHouse(MediaConfig const& config) : config_{config}, folder{config.path} {}

    /// Makes the folder and removes what a crash left unfinished. Errors: storage.
    [[nodiscard]] Result<void> prepare(Log& log) const;

    struct Around {
        boost::asio::io_context& io;
        store::Store& store;
        net::HttpClient& client;
        async::Clock& clock;
        channel::AccountContexts const& accounts;
        Log& log;
        Metrics& metrics;
        std::function<std::uint64_t()> dice;
        std::function<void()> on_crash;
    };
    void build(Around around);
    [[nodiscard]] MediaConfig const& config() const noexcept { return config_; }

private:
    MediaConfig config_;

public:
    std::function<bool()> room; ///< is there space for another file? Blocks for as long as the disk does
    store::MediaFolder const folder;
    async::Pool pool{2};
    std::optional<flow::HttpMediaNet> net;
    std::optional<flow::MediaFetcher> fetcher;
    std::optional<FileDoor> door; ///< for channels that fetch what agents send
};

} // namespace deskbridge::app
