#include "sender.hpp"

#include "daemon.hpp"
#include "http.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace fault {

Sender::Sender(Storm const& storm, int port, int connections)
    : storm_{storm}, port_{port}, connections_{connections}, done_(storm.deliveries.size())
{
}

void Sender::work(std::atomic<bool> const& stop)
{
    HttpConnection connection{port_};
    for (;;) {
        auto const index = next_.fetch_add(1);
        if (index >= storm_.deliveries.size())
            return;
        if (done_[index])
            continue;
        auto const& body = storm_.deliveries[index].body;
        auto const signature = signature_of(Daemon::app_secret, body);
        while (!done_[index]) {
            if (stop)
                return;
            int const status = connection.post("/hooks/support", body, signature);
            done_[index] = status == 200;
            if (status == 200)
                continue;
            refused_ += status != 0 ? 1 : 0;
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        }
    }
}

void Sender::run(std::atomic<bool> const& stop)
{
    next_ = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < connections_; ++i)
        threads.emplace_back([this, &stop] { work(stop); });
    for (auto& thread : threads)
        thread.join();
}

std::vector<bool> Sender::answered() const
{
    std::vector<bool> out(storm_.events.size());
    for (std::size_t i = 0; i < done_.size(); ++i)
        if (done_[i])
            for (int const event : storm_.deliveries[i].events)
                out[static_cast<std::size_t>(event)] = true;
    return out;
}

bool Sender::finished() const noexcept
{
    return std::all_of(done_.begin(), done_.end(), [](auto const& done) { return done.load(); });
}

} // namespace fault
