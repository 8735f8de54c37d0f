#include "stand_in.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <unordered_map>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;

void watch(int epoll, int fd)
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

/// Bytes of the first whole request, head and body; 0: there is none yet.
std::size_t whole_request(std::string_view text, std::size_t& head)
{
    auto const end = text.find("\r\n\r\n");
    if (end == std::string_view::npos)
        return 0;
    head = end + 4;
    std::size_t length = 0;
    for (std::string_view const name : {"\r\nContent-Length:", "\r\ncontent-length:"})
        if (auto const at = text.find(name); at < end)
            length = std::strtoul(text.data() + at + name.size(), nullptr, 10);
    return text.size() >= head + length ? head + length : 0;
}

/// The number behind "to", less what all of them begin with; nullopt: it is no message.
std::optional<int> recipient_of(std::string_view body)
{
    std::string_view const name = R"("to":")";
    auto const at = body.find(name);
    if (at == std::string_view::npos)
        return std::nullopt;
    auto number = body.substr(at + name.size(), 15);
    number.remove_prefix(number.starts_with('+') ? 6 : 5); // the inverse of fault::customer_number
    int customer = 0;
    std::from_chars(number.data(), number.data() + std::min<std::size_t>(number.size(), 8), customer);
    return customer - 10'000'000;
}

} // namespace

StandIn::StandIn() : listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)}, epoll_{::epoll_create1(EPOLL_CLOEXEC)}, stop_{::eventfd(0, EFD_CLOEXEC)}
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 1024) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error("the provider's stand-in cannot listen");
    port_ = ntohs(address.sin_port);
    watch(epoll_, listener_);
    watch(epoll_, stop_);
    thread_ = std::thread{[this] { run(); }};
}

StandIn::~StandIn()
{
    ::eventfd_write(stop_, 1);
    thread_.join();
    for (auto const& [fd, text] : open_)
        ::close(fd);
    for (int const fd : {listener_, epoll_, stop_})
        ::close(fd);
}

std::vector<Arrival> StandIn::arrivals() const
{
    std::lock_guard const lock{mutex_};
    return arrivals_;
}

void StandIn::run()
{
    std::array<epoll_event, 256> events;
    for (;;) {
        int const n = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < n; ++i) {
            int const fd = events[static_cast<std::size_t>(i)].data.fd;
            if (fd == stop_)
                return;
            if (fd == listener_) {
                take_connections();
            } else if (!serve(fd)) {
                open_.erase(fd);
                ::close(fd);
            }
        }
    }
}

void StandIn::take_connections()
{
    for (;;) {
        int const fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0)
            return;
        int const on = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        open_.emplace(fd, std::string{});
        watch(epoll_, fd);
    }
}

bool StandIn::serve(int fd)
{
    auto& text = open_.at(fd);
    std::array<char, 16384> chunk;
    auto const n = ::recv(fd, chunk.data(), chunk.size(), 0);
    if (n <= 0)
        return n < 0 && errno == EAGAIN;
    text.append(chunk.data(), static_cast<std::size_t>(n));
    std::size_t head = 0;
    while (auto const size = whole_request(text, head)) {
        std::string_view const request{text.data(), size};
        auto const body = answer_to(request, request.substr(head));
        auto const answer = fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", body.size(), body);
        if (::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(answer.size())) // a few hundred bytes always fit
            return false;
        text.erase(0, size);
    }
    return true;
}

std::string StandIn::answer_to(std::string_view request, std::string_view body)
{
    auto const customer = request.starts_with("POST ") ? recipient_of(body) : std::nullopt;
    if (!customer)
        return R"({"success":true})";
    {
        std::lock_guard const lock{mutex_};
        arrivals_.push_back({*customer, Clock::now()});
    }
    return fmt::format(R"({{"messaging_product":"whatsapp","messages":[{{"id":"wamid.HBgNNDkxNTExStandIn{:032}AA=="}}]}})", ++accepted_);
}

Delays delays_of(Posts const& posts, Loaded const& loaded, double rate, std::vector<Arrival> const& arrivals)
{
    Delays out;
    std::unordered_map<int, Clock::time_point> due;
    for (std::size_t p = 0; p < loaded.answered.size(); ++p) {
        auto const after = std::chrono::duration<double>{static_cast<double>(p) / rate};
        due.emplace(posts.customers.at(posts.all[p].first), loaded.begun + std::chrono::duration_cast<Clock::duration>(after));
    }
    for (auto const& arrival : arrivals) {
        auto const found = due.find(arrival.customer);
        if (found == due.end()) {
            out.fault = "a message came twice, or for somebody who has not written";
            return out;
        }
        out.ms.push_back(std::chrono::duration<double, std::milli>(arrival.at - found->second).count());
        due.erase(found);
    }
    if (!due.empty())
        out.fault = fmt::format("{} who have written got no message", due.size());
    return out;
}

} // namespace bench
