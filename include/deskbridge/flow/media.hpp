#pragma once

#include "deskbridge/async/bell.hpp"
#include "deskbridge/async/clock.hpp"
#include "deskbridge/async/pool.hpp"
#include "deskbridge/async/task_group.hpp"
#include "deskbridge/channel/account_context.hpp"
#include "deskbridge/core/log.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/net/http_client.hpp"
#include "deskbridge/store/attachment.hpp"
#include "deskbridge/store/media_folder.hpp"
#include "deskbridge/store/store.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <variant>

namespace deskbridge::flow {

/// What fetching needs of a network. Threads: the reactor.
class MediaNet {
public:
    virtual ~MediaNet() = default;
    /// A request to the provider's API, where the operator said that it is.
    [[nodiscard]] virtual boost::asio::awaitable<net::Answer> ask(HttpRequest& request, std::chrono::milliseconds limit) = 0;
    /// A request to where a link leads: see net::HttpClient::fetch.
    [[nodiscard]] virtual boost::asio::awaitable<net::Answer> fetch(HttpRequest& request, net::OutsideRules const& rules,
                                                                    std::function<bool(std::string_view)> const& on_data,
                                                                    std::chrono::milliseconds limit) = 0;
};

class HttpMediaNet final : public MediaNet {
public:
    explicit HttpMediaNet(net::HttpClient& client) : client_{client} {}
    [[nodiscard]] boost::asio::awaitable<net::Answer> ask(HttpRequest& request, std::chrono::milliseconds limit) override;
    [[nodiscard]] boost::asio::awaitable<net::Answer> fetch(HttpRequest& request, net::OutsideRules const& rules,
                                                            std::function<bool(std::string_view)> const& on_data,
                                                            std::chrono::milliseconds limit) override;

private:
    net::HttpClient& client_;
};

struct MediaSettings {
    std::uint64_t max_bytes{100u << 20}; ///< of one file; see max_media_bytes
    std::size_t parallel{4};             ///< files of one account on their way at once
};

/// Fetches the files that came with messages. What waits is rows in the database, so a restart goes on where it was: a file
/// is tried until it is here, is refused for good, or the provider does not keep it any more (core/media.hpp).
///
/// A try asks the channel for a link, up to three times if links expire under it, and streams the file into the media folder;
/// whole, of the announced size and hash, synced and named, it is entered in the database, with its event.
///
/// Ownership: everything in `Parts` outlives it. `run` must have returned before it is destroyed. Threads: the reactor;
/// what waits for the disk happens on the pool, but for writing what came (into the page cache).
/// Logs: media_fetched, media_not_fetched, media_failed, media_rests, media_not_read, media_not_recorded,
/// media_not_written.
/// Metrics: deskbridge_media_fetches_total{outcome}, deskbridge_media_bytes_total, deskbridge_media_fetch_seconds.
class MediaFetcher {
public:
    struct Parts {
        boost::asio::io_context& io;
        store::Store& store;
        MediaNet& net;
        async::Clock& clock;
        async::Pool& pool;
        channel::AccountContexts const& accounts;
        store::MediaFolder const& folder;
        Log& log;
        Metrics& metrics;
        std::function<std::uint64_t()> dice;
        std::function<bool()> room;     ///< is there space on the disk? Asked on the pool; while there is none nothing is fetched
        std::function<void()> on_crash; ///< a download crashed: the process should stop
    };
    MediaFetcher(Parts parts, MediaSettings settings);
    ~MediaFetcher();
    MediaFetcher(MediaFetcher const&) = delete;
    MediaFetcher& operator=(MediaFetcher const&) = delete;

    /// Until cancelled; what is on its way then is dropped, and begins anew after the next start.
    [[nodiscard]] boost::asio::awaitable<void> run();
    /// There may be something new.
    void ring() { bell_.ring(); }
    /// Fetches what is due, and ends when nothing is on its way; answers when to look again.
    [[nodiscard]] boost::asio::awaitable<Timestamp> fetch_until_idle();
    /// After SIGHUP: what waits because a token was refused is due now.
    [[nodiscard]] boost::asio::awaitable<void> try_new_credentials();

private:
    struct Trouble {
        MediaProblem problem{};
        std::chrono::seconds asked{0};
    };
    using Link = std::variant<channel::MediaLink, Trouble>;
    using Fetched = std::variant<store::KeptFile, Trouble>;
    struct Figures;

    [[nodiscard]] boost::asio::awaitable<Timestamp> round();
    [[nodiscard]] boost::asio::awaitable<bool> has_room();
    [[nodiscard]] boost::asio::awaitable<void> fetch(channel::AccountContext const& account, store::Attachment attachment);
    [[nodiscard]] boost::asio::awaitable<Fetched> try_fetch(channel::AccountContext const& account, store::Attachment const& attachment);
    [[nodiscard]] boost::asio::awaitable<Link> find_link(channel::AccountContext const& account, MediaReference const& reference);
    [[nodiscard]] boost::asio::awaitable<Fetched> download(channel::MediaLink const& link, MediaReference const& reference);
    [[nodiscard]] boost::asio::awaitable<Fetched> fill(store::MediaDraft& draft, channel::MediaLink const& link, MediaReference const& reference);
    [[nodiscard]] boost::asio::awaitable<Fetched> keep(store::MediaDraft& draft, channel::MediaLink const& link,
                                                       MediaReference const& reference);
    [[nodiscard]] boost::asio::awaitable<void> record(channel::AccountContext const& account, store::Attachment const& attachment,
                                                      Fetched const& fetched);
    [[nodiscard]] Trouble not_written(Error const& error);
    [[nodiscard]] FetchVerdict judge(channel::AccountContext const& account, store::Attachment const& attachment, Trouble const& trouble);
    void report(channel::AccountContext const& account, store::Attachment const& attachment, Fetched const& fetched, FetchVerdict const& verdict);

    Parts parts_;
    MediaSettings settings_;
    std::unique_ptr<Figures> figures_;
    std::set<std::int64_t> busy_;                    // files on their way
    std::map<AccountId, std::size_t> under_way_;     // how many of them each account has
    bool rests_{false};                              // there was no room when it looked last
    async::Bell bell_;
    async::Bell ended_;                              // rung by every file whose try ends
    async::TaskGroup downloads_;
};

} // namespace deskbridge::flow
