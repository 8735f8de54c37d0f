#pragma once

#include "deskbridge/channel/registry.hpp"
#include "deskbridge/flow/media.hpp"
#include "deskbridge/store/event_log.hpp"
#include "support/fake_clock.hpp"
#include "support/outbox_scene.hpp"
#include "support/scratch_folder.hpp"
#include "support/temp_store.hpp"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace deskbridge::test {

/// What a link leads to: a head, pieces, and perhaps an end that is none.
struct Served {
    int status{200};
    Headers headers{};
    std::vector<std::string> pieces{};
    std::optional<net::NoAnswer> broken{};
};

/// A network that answers from two scripts, the API's and the files', and keeps what it was asked. The last line of a script
/// answers everything that comes after it.
class ScriptedNet final : public flow::MediaNet {
public:
    std::deque<net::Answer> api;
    std::deque<Served> files;
    std::vector<HttpRequest> asked;
    std::vector<HttpRequest> fetched;
    std::vector<net::OutsideRules> rules;
    std::size_t at_once{0};
    std::size_t most_at_once{0};
    std::function<boost::asio::awaitable<void>()> before_body;

    boost::asio::awaitable<net::Answer> ask(HttpRequest& request, std::chrono::milliseconds) override
    {
        asked.push_back(request);
        co_return next(api);
    }
    boost::asio::awaitable<net::Answer> fetch(HttpRequest& request, net::OutsideRules const& allowed,
                                              std::function<bool(std::string_view)> const& on_data,
                                              std::chrono::milliseconds) override
    {
        fetched.push_back(request);
        rules.push_back(allowed);
        most_at_once = std::max(most_at_once, ++at_once);
        if (before_body)
            co_await before_body();
        --at_once;
        auto served = next(files);
        if (served.status == 200)
            for (auto const& piece : served.pieces)
                if (!on_data(piece))
                    co_return HttpResponse{200, {}, {}};
        if (served.broken)
            co_return *served.broken;
        co_return HttpResponse{served.status, served.headers, {}};
    }

private:
    template <class Line>
    static Line next(std::deque<Line>& script)
    {
        auto line = script.front();
        if (script.size() > 1)
            script.pop_front();
        return line;
    }
};

/// An account on WhatsApp, a customer, and files that came.
class MediaWorld {
public:
    MediaWorld();

    /// A message with one file; answers the message.
    MessageId comes(MediaReference const& reference, Timestamp at);
    MessageId comes(std::string const& id = "m1", std::string const& type = "image/jpeg", std::string const& sha256 = {})
    {
        return comes({id, type, "photo.jpg", sha256}, clock.now());
    }
    /// A new process on the same files: fetches what is due now.
    void live();
    store::Attachment file(MessageId message);
    /// "fetched", or "recorded:busy" with the reason why it is not here.
    std::string state(MessageId message);
    [[nodiscard]] std::optional<std::string> content(MessageId message);
    [[nodiscard]] std::size_t files_on_disk() const;
    std::vector<std::string> told();

    /// The API's answer that leads to a file.
    static HttpResponse link(std::string const& more = {}, std::string const& url = "https://lookaside.fbsbx.com/m/1");

    TempStore store;
    ScratchFolder scratch;
    FakeClock clock;
    ScriptedNet net;
    flow::MediaSettings settings;
    bool room{true};
    bool crashed{false};
    channel::AccountContexts accounts;
    store::MediaFolder folder{scratch.path() / "media"};
    boost::asio::io_context io{1};
    async::Pool pool{1};
    NoLog log;
    Metrics metrics;
    [[nodiscard]] flow::MediaFetcher::Parts parts();

private:
    Customer customer_{};
    int messages_{0};
};

/// What the provider's API answers when it refuses.
[[nodiscard]] inline HttpResponse api_error(int status, int code)
{
    return {status, {}, R"({"error":{"message":"x","code":)" + std::to_string(code) + "}}"};
}

} // namespace deskbridge::test
