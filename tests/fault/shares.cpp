#include "shares.hpp"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include <poll.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fault {

namespace {

struct Head {
    std::uint64_t unit;
    std::uint64_t size;
};

struct Share {
    pid_t pid{-1};
    int from{-1};          // what it says
    std::uint64_t next{0}; // the unit in which it is
    std::string heard{};
};

/// One processor for all threads of a share: they take turns anyway, and waking another processor costs more than the work.
void stay_on(int processor)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(processor), &one);
    (void)::sched_setaffinity(0, sizeof one, &one);
}

void write_all(int to, char const* bytes, std::size_t size)
{
    while (size > 0) {
        auto const n = ::write(to, bytes, size);
        if (n <= 0)
            ::_exit(3); // nobody listens any more
        bytes += n;
        size -= static_cast<std::size_t>(n);
    }
}

Share start(std::uint64_t first, std::uint64_t units, int jobs, Work const& work)
{
    int ends[2];
    if (::pipe(ends) != 0)
        throw std::runtime_error{"no pipe"};
    auto const pid = ::fork();
    if (pid < 0)
        throw std::runtime_error{"no process"};
    if (pid > 0) {
        ::close(ends[1]);
        return {pid, ends[0], first};
    }
    ::close(ends[0]);
    stay_on(static_cast<int>(first % static_cast<std::uint64_t>(all_processors())));
    for (auto unit = first; unit < units; unit += static_cast<std::uint64_t>(jobs)) {
        auto const result = work(unit);
        Head const head{unit, result.size()};
        write_all(ends[1], reinterpret_cast<char const*>(&head), sizeof head); // NOLINT: to ourselves
        write_all(ends[1], result.data(), result.size());
    }
    ::_exit(0);
}

/// False: `take` wants no more.
bool take_whole(Share& share, int jobs, Take const& take)
{
    Head head{};
    while (share.heard.size() >= sizeof head) {
        std::memcpy(&head, share.heard.data(), sizeof head);
        if (share.heard.size() < sizeof head + head.size)
            break;
        auto const result = share.heard.substr(sizeof head, head.size);
        share.heard.erase(0, sizeof head + head.size);
        share.next = head.unit + static_cast<std::uint64_t>(jobs);
        if (!take(head.unit, result))
            return false;
    }
    return true;
}

class Shares {
public:
    Shares(std::uint64_t units, int jobs, Work const& work, Take const& take) : units_{units}, jobs_{jobs}, work_{work}, take_{take}
    {
        for (int n = 0; n < jobs && static_cast<std::uint64_t>(n) < units; ++n)
            shares_.push_back(start(static_cast<std::uint64_t>(n), units, jobs, work));
    }
    ~Shares()
    {
        for (auto& share : shares_)
            end(share);
    }
    Shares(Shares const&) = delete;
    Shares& operator=(Shares const&) = delete;

    void run()
    {
        while (std::any_of(shares_.begin(), shares_.end(), [](Share const& share) { return share.from >= 0; }))
            if (!listen())
                return;
    }

private:
    bool listen()
    {
        std::vector<pollfd> watched;
        for (auto const& share : shares_)
            watched.push_back({share.from, POLLIN, 0});
        if (::poll(watched.data(), watched.size(), -1) < 0)
            return true; // a signal
        for (std::size_t i = 0; i < shares_.size(); ++i)
            if (watched[i].revents != 0 && !hear(shares_[i]))
                return false;
        return true;
    }

    bool hear(Share& share)
    {
        std::vector<char> bytes(65536);
        auto const n = ::read(share.from, bytes.data(), bytes.size());
        if (n > 0) {
            share.heard.append(bytes.data(), static_cast<std::size_t>(n));
            return take_whole(share, jobs_, take_);
        }
        end(share);
        if (share.next >= units_)
            return true;
        auto const died_in = share.next; // the rest of its share is somebody else's
        if (auto const after = died_in + static_cast<std::uint64_t>(jobs_); after < units_)
            share = start(after, units_, jobs_, work_);
        return take_(died_in, std::nullopt);
    }

    static void end(Share& share)
    {
        if (share.from < 0)
            return;
        ::close(std::exchange(share.from, -1));
        ::kill(share.pid, SIGKILL);
        ::waitpid(share.pid, nullptr, 0);
    }

    std::uint64_t units_;
    int jobs_;
    Work const& work_;
    Take const& take_;
    std::vector<Share> shares_;
};

} // namespace

int all_processors()
{
    return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

void share_out(std::uint64_t units, int jobs, Work const& work, Take const& take)
{
    if (jobs > 1)
        return Shares{units, jobs, work, take}.run();
    for (std::uint64_t unit = 0; unit < units; ++unit)
        if (!take(unit, work(unit)))
            return;
}

} // namespace fault
