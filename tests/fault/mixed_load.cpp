#include "mixed_load.hpp"

#include "daemon.hpp"
#include "http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace fault {
namespace {

constexpr int connections = 4;
constexpr auto pause_after_refusal = std::chrono::milliseconds{20};
constexpr auto longest_nap = std::chrono::milliseconds{200};

std::string webhook_request(std::uint64_t id, std::string const& body)
{
    return fmt::format("POST /hooks/support HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Storm: {}\r\nContent-Type: application/json\r\n"
                       "X-Hub-Signature-256: {}\r\nContent-Length: {}\r\n\r\n{}",
                       id, signature_of(Daemon::app_secret, body), body.size(), body);
}

/// A receipt for a message that the provider sink accepted, or will accept.
Delivery receipt_for(int sent, std::int64_t at_ms)
{
    return {fmt::format(R"({{"object":"whatsapp_business_account","entry":[{{"id":"1","changes":[{{"field":"messages","value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"49301234567","phone_number_id":"{}"}},"statuses":[{{"id":"wamid.sink{}","status":"{}","timestamp":"{}","recipient_id":"{}"}}]}}}}]}}]}})",
                        Daemon::phone_number_id, sent, sent % 2 ? "delivered" : "sent", at_ms / 1000, customer_number(0)),
            {}};
}

} // namespace

int ask_control(std::filesystem::path const& socket, std::string const& head, std::string const& body)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, socket.c_str(), sizeof address.sun_path - 1);
    int const fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    timeval const patience{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    auto const request = fmt::format("{}\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
                                     head, body.size(), body);
    std::array<char, 64> answer{};
    bool const asked = ::connect(fd, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0 &&
                       ::send(fd, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size());
    auto const got = asked ? ::recv(fd, answer.data(), answer.size() - 1, MSG_WAITALL) : 0;
    ::close(fd);
    return got > 12 ? std::atoi(answer.data() + 9) : 0;
}

MixedLoad::MixedLoad(Shape const& shape) : shape_{shape}
{
    StormShape storm;
    storm.customers = shape.customers;
    storm.events = shape.events;
    storm.largest_batch = 8;
    storm.seed = shape.seed;
    storm.round = shape.round;
    storm.questions = shape.questions;
    storm.photos = shape.photos;
    storm.first_ms = now_ms() - shape.events / 40 * 1000;
    storm_ = plan_storm(storm);
    for (int i = 1; i <= shape.replies; ++i)
        storm_.deliveries.push_back(receipt_for(shape.sent_before + i, now_ms()));
}

std::vector<int> MixedLoad::events_of(std::uint64_t id) const
{
    return id >= 1 && id <= storm_.deliveries.size() ? storm_.deliveries[id - 1].events : std::vector<int>{};
}

std::string MixedLoad::reply_of(std::uint64_t id) const
{
    auto const first = storm_.deliveries.size() + 1;
    return id >= first && id < first + static_cast<std::size_t>(shape_.replies) ? fmt::format("Answer {}x{}.", shape_.round, id) : std::string{};
}

std::set<std::uint64_t> MixedLoad::answered() const
{
    std::lock_guard const lock{mutex_};
    return answered_;
}

void MixedLoad::note(std::uint64_t id)
{
    std::lock_guard const lock{mutex_};
    answered_.insert(id);
}

bool MixedLoad::is_answered(std::uint64_t id) const
{
    std::lock_guard const lock{mutex_};
    return answered_.contains(id);
}

void MixedLoad::await_turn(std::size_t n, std::size_t count, std::atomic<bool> const& stop) const
{
    auto const turn = begun_ + shape_.spread * 15 / 16 * static_cast<std::int64_t>(n) / static_cast<std::int64_t>(count);
    while (!stop && std::chrono::steady_clock::now() < turn)
        std::this_thread::sleep_for(std::min<std::chrono::steady_clock::duration>(turn - std::chrono::steady_clock::now(), longest_nap));
}

void MixedLoad::post_webhooks(int port, std::atomic<bool> const& stop, int tries)
{
    HttpConnection connection{port};
    for (auto index = next_.fetch_add(1); index < storm_.deliveries.size(); index = next_.fetch_add(1)) {
        if (is_answered(index + 1))
            continue;
        await_turn(index, storm_.deliveries.size(), stop);
        auto const request = webhook_request(index + 1, storm_.deliveries[index].body);
        for (int n = 0; n < tries && !stop; ++n) {
            if (connection.send_raw(request) == 200) {
                note(index + 1);
                break;
            }
            std::this_thread::sleep_for(pause_after_refusal);
        }
    }
}

void MixedLoad::post_replies(std::filesystem::path const& socket, std::atomic<bool> const& stop, int tries)
{
    auto id = storm_.deliveries.size();
    for (int i = 0; i < shape_.replies && !stop; ++i) {
        if (is_answered(++id))
            continue;
        std::this_thread::sleep_for(shape_.between_replies);
        await_turn(static_cast<std::size_t>(i), static_cast<std::size_t>(shape_.replies), stop);
        auto const head = fmt::format("POST /v1/tickets/{}/messages HTTP/1.1\r\nX-Storm: {}\r\nIdempotency-Key: key-{}-{}",
                                      1 + i % answered_tickets(), id, shape_.round, id);
        int status = 0;
        for (int n = 0; n < tries && !stop && (status < 200 || status >= 300); ++n) {
            status = ask_control(socket, head, fmt::format(R"({{"text":"{}"}})", reply_of(id)));
            if (status < 200 || status >= 300)
                std::this_thread::sleep_for(pause_after_refusal);
        }
        if (status >= 200 && status < 300)
            note(id);
        if (i % 20 == 19 && !stop)
            (void)ask_control(socket, fmt::format("POST /v1/tickets/{}/status HTTP/1.1", 1 + i % answered_tickets()), R"({"status":"solved"})");
    }
}

void MixedLoad::run(int port, std::filesystem::path const& socket, std::atomic<bool> const& stop, int tries)
{
    {
        std::lock_guard const lock{mutex_};
        answered_.clear();
    }
    run_rest(port, socket, stop, tries);
}

void MixedLoad::run_rest(int port, std::filesystem::path const& socket, std::atomic<bool> const& stop, int tries)
{
    next_ = 0;
    begun_ = std::chrono::steady_clock::now();
    std::vector<std::thread> threads;
    for (int i = 0; i < connections; ++i)
        threads.emplace_back([&] { post_webhooks(port, stop, tries); });
    post_replies(socket, stop, tries);
    for (auto& thread : threads)
        thread.join();
}

} // namespace fault
