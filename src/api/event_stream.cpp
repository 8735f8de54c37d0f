#include "event_stream.hpp"

#include "shapes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace deskbridge::api {

namespace asio = boost::asio;

namespace {

constexpr std::size_t page = 200;
constexpr std::chrono::seconds keep_alive{15}; // proxies and clients give up on silence after about a minute

/// One stream's state; shared by the copies of the function that the server may make.
struct Stream {
    Stream(StreamParts const& with, std::shared_ptr<Api::Streams> all, Following what, Standing may)
        : parts{with}, streams{std::move(all)}, following{std::move(what)}, standing{std::move(may)}, bell{with.io.get_executor()}
    {
        streams->bells.insert(&bell);
    }
    ~Stream() { streams->bells.erase(&bell); }
    Stream(Stream const&) = delete;
    Stream& operator=(Stream const&) = delete;

    std::string sent(std::string piece)
    {
        sent_at = parts.clock.running();
        return piece;
    }
    /// How long the client may still be left without a word.
    [[nodiscard]] std::chrono::milliseconds patience() const { return keep_alive - (parts.clock.running() - sent_at); }

    StreamParts parts;
    std::shared_ptr<Api::Streams> streams;
    Following following;
    Standing standing;
    async::Bell bell;
    bool greeted{false};
    std::chrono::milliseconds sent_at{0}; ///< by `Clock::running`
};

asio::awaitable<Result<std::vector<store::LoggedEvent>>> load(store::Store& store, EventSeq after, std::size_t limit)
{
    auto job = [&](store::Reading& reading) { return store::load_events(reading, after, static_cast<int>(limit)); };
    co_return co_await store.read(job);
}

bool wanted(Following const& following, store::LoggedEvent const& event)
{
    return following.tickets.empty() || following.tickets.contains(event.ticket.value);
}

/// Somebody far behind has yet to come to what the log says of the agents, and may not read on until then.
bool concerns_standing(std::vector<store::LoggedEvent> const& events)
{
    auto const of_agents = [](store::LoggedEvent const& event) { return event.type.starts_with("agent."); };
    return events.size() == page || std::any_of(events.begin(), events.end(), of_agents);
}

asio::awaitable<std::optional<std::string>> next_piece(std::shared_ptr<Stream> stream)
{
    bool const begins = !std::exchange(stream->greeted, true);
    if (begins && !co_await stream->standing())
        co_return std::nullopt;
    if (begins)
        co_return stream->sent(fmt::format("retry: 2000\nevent: hello\ndata: {{\"head\":{}}}\n\n", stream->following.after.value));
    for (;;) {
        auto const events = co_await load(stream->parts.store, stream->following.after, page);
        if (!events)
            co_return std::nullopt;
        if (concerns_standing(*events) && !co_await stream->standing())
            co_return std::nullopt;
        std::string out;
        for (auto const& event : *events) {
            stream->following.after = event.seq;
            if (wanted(stream->following, event))
                out += fmt::format("id: {}\nevent: {}\ndata: {}\n\n", event.seq.value, event.type, dump(shape(event)));
        }
        if (!out.empty())
            co_return stream->sent(std::move(out));
        auto const patience = stream->patience(); // others' tickets wake the stream too, and are no word to the client
        if (patience <= std::chrono::milliseconds{0})
            co_return stream->sent(": still here\n\n");
        if (!events->empty())
            continue; // a full page of others' tickets: there may be more
        co_await stream->bell.wait(patience);
        auto const state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none)
            co_return std::nullopt;
    }
}

} // namespace

asio::awaitable<Result<EventSeq>> head_of(store::Store& store)
{
    auto job = [](store::Reading& reading) { return store::last_event(reading); };
    co_return co_await store.read(job);
}

asio::awaitable<Result<std::string>> poll_events(store::Store& store, Following const& following, int limit)
{
    auto const events = co_await load(store, following.after, static_cast<std::size_t>(limit));
    if (!events)
        co_return events.error();
    auto data = nlohmann::ordered_json::array();
    auto head = following.after.value;
    for (auto const& event : *events) {
        head = event.seq.value;
        if (wanted(following, event))
            data.push_back(shape(event));
    }
    nlohmann::ordered_json const body{{"data", std::move(data)}, {"head", head}};
    co_return dump(body);
}

net::NextChunk stream_events(StreamParts const& parts, std::shared_ptr<Api::Streams> streams, Following following, Standing standing)
{
    auto stream = std::make_shared<Stream>(parts, std::move(streams), std::move(following), std::move(standing));
    return [stream] { return next_piece(stream); };
}

} // namespace deskbridge::api
