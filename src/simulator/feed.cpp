#include "feed.hpp"

#include <chrono>

namespace deskbridge::simulator {

namespace asio = boost::asio;
using namespace std::chrono_literals;

void Feed::publish(std::string_view event, Json const& data)
{
    constexpr std::size_t most_waiting = 2000;
    std::string piece;
    for (auto it = readers_.begin(); it != readers_.end();) {
        auto const reader = it->lock();
        if (!reader || reader->ended) {
            it = readers_.erase(it);
            continue;
        }
        if (piece.empty())
            piece = "event: " + std::string{event} + "\ndata: " + render_json(data) + "\n\n";
        reader->waiting.push_back(piece);
        reader->ended = reader->waiting.size() > most_waiting;
        reader->bell.ring();
        ++it;
    }
}

net::Reply Feed::subscribe()
{
    auto reader = std::make_shared<Reader>(io_);
    readers_.push_back(reader);
    HttpResponse head;
    head.headers.add("Content-Type", "text/event-stream");
    head.headers.add("Cache-Control", "no-store");
    head.body = "retry: 1000\n\n";
    return net::Reply{std::move(head), [reader] { return next_piece(reader); }};
}

void Feed::close()
{
    for (auto const& weak : readers_) {
        if (auto const reader = weak.lock()) {
            reader->ended = true;
            reader->bell.ring();
        }
    }
    readers_.clear();
}

asio::awaitable<std::optional<std::string>> Feed::next_piece(std::shared_ptr<Reader> reader)
{
    if (reader->waiting.empty() && !reader->ended)
        co_await reader->bell.wait(15s);
    if (reader->ended)
        co_return std::nullopt;
    if (reader->waiting.empty())
        co_return ": still here\n\n";
    std::string out;
    while (!reader->waiting.empty()) {
        out += reader->waiting.front();
        reader->waiting.pop_front();
    }
    co_return out;
}

} // namespace deskbridge::simulator
