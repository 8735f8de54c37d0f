#include "load.hpp"

#include "connection.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <optional>
#include <stdexcept>

#include <sys/epoll.h>
#include <unistd.h>

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

class Load {
public:
    Load(Posts const& posts, LoadPlan const& plan) : posts_{posts}, plan_{plan}, epoll_{::epoll_create1(EPOLL_CLOEXEC)}
    {
        for (int i = 0; i < plan.connections; ++i) {
            seats_.emplace_back();
            connect(seats_.size() - 1);
        }
    }
    ~Load() { ::close(epoll_); }
    Load(Load const&) = delete;
    Load& operator=(Load const&) = delete;

    Loaded run()
    {
        out_.begun = begun_ = last_answer_ = Clock::now();
        for (;;) {
            hand_out();
            if (busy_ == 0 && (over() || !next_moment()))
                break;
            wait();
        }
        out_.seconds = Seconds{last_answer_ - begun_}.count();
        return std::move(out_);
    }

private:
    struct Seat {
        std::unique_ptr<Connection> connection;
        std::optional<std::size_t> post;
        Clock::time_point since;
    };

    void connect(std::size_t index)
    {
        auto& seat = seats_[index];
        seat.connection = std::make_unique<Connection>(plan_.port, plan_.over);
        watch(index, EPOLL_CTL_ADD, EPOLLIN);
        free_.push_back(index);
    }

    void watch(std::size_t index, int operation, std::uint32_t events)
    {
        epoll_event event{};
        event.events = events;
        event.data.u64 = index;
        ::epoll_ctl(epoll_, operation, seats_[index].connection->fd(), &event);
    }

    [[nodiscard]] bool over() const
    {
        return next_ >= posts_.all.size() || Clock::now() - begun_ >= plan_.at_most;
    }

    /// When the next post should go; nullopt: none will.
    [[nodiscard]] std::optional<Clock::time_point> next_moment() const
    {
        if (next_ >= posts_.all.size())
            return std::nullopt;
        if (plan_.rate <= 0)
            return begun_;
        auto const at = std::chrono::duration_cast<Clock::duration>(Seconds{static_cast<double>(next_) / plan_.rate});
        return at < plan_.at_most ? std::optional{begun_ + at} : std::nullopt;
    }

    /// Of an open loop everything is brought that should have gone in time, however late.
    void hand_out()
    {
        while (!free_.empty()) {
            auto const due = next_moment();
            auto const now = Clock::now();
            if (!due || *due > now || (plan_.rate <= 0 && over()))
                return;
            auto const index = free_.front();
            free_.pop_front();
            auto& seat = seats_[index];
            seat.post = next_++;
            seat.since = plan_.rate > 0 ? *due : now;
            out_.answered.push_back(false);
            ++busy_;
            settle(index, seat.connection->begin(posts_.all[*seat.post].bytes));
        }
    }

    void settle(std::size_t index, Connection::Step step)
    {
        auto& seat = seats_[index];
        if (step == Connection::Step::later) {
            if (seat.connection->wants_to_write() != seat_writes_[index])
                watch(index, EPOLL_CTL_MOD, EPOLLIN | (seat.connection->wants_to_write() ? EPOLLOUT : 0U));
            seat_writes_[index] = seat.connection->wants_to_write();
            return;
        }
        last_answer_ = Clock::now();
        if (step == Connection::Step::answered && seat.connection->status() == 200 && seat.connection->body().empty()) {
            out_.answered[*seat.post] = true;
            out_.latency_ms.push_back(Seconds{last_answer_ - seat.since}.count() * 1000);
        } else {
            ++(step == Connection::Step::answered ? out_.refused : out_.broken);
        }
        seat.post.reset();
        --busy_;
        if (step == Connection::Step::over) {
            seat_writes_[index] = false;
            connect(index);
        } else {
            free_.push_back(index);
        }
    }

    void wait()
    {
        auto pause = std::chrono::nanoseconds{std::chrono::seconds{30}};
        if (auto const due = next_moment(); due && !free_.empty())
            pause = std::max(std::chrono::nanoseconds{0}, std::chrono::nanoseconds{*due - Clock::now()});
        timespec const patience{.tv_sec = pause.count() / 1'000'000'000, .tv_nsec = pause.count() % 1'000'000'000};
        std::array<epoll_event, 256> events;
        int const n = ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &patience, nullptr);
        if (n == 0 && pause >= std::chrono::seconds{30})
            throw std::runtime_error("the server under measurement has not answered for 30 s");
        for (int i = 0; i < n; ++i) {
            auto const index = static_cast<std::size_t>(events[static_cast<std::size_t>(i)].data.u64);
            if (seats_[index].post)
                settle(index, seats_[index].connection->go_on());
            else
                replace(index); // it ended between two posts
        }
    }

    void replace(std::size_t index)
    {
        std::erase(free_, index);
        connect(index);
    }

    Posts const& posts_;
    LoadPlan const& plan_;
    int epoll_;
    std::vector<Seat> seats_;
    std::vector<bool> seat_writes_ = std::vector<bool>(static_cast<std::size_t>(plan_.connections));
    std::deque<std::size_t> free_;
    std::size_t next_{0};
    int busy_{0};
    Clock::time_point begun_;
    Clock::time_point last_answer_;
    Loaded out_;
};

} // namespace

Loaded run_load(Posts const& posts, LoadPlan const& plan)
{
    return Load{posts, plan}.run();
}

double quantile_of(std::vector<double> values, double share)
{
    if (values.empty())
        return 0;
    auto const rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
    auto const at = values.begin() + static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(rank, 1, values.size()) - 1);
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

} // namespace bench
