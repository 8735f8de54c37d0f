#pragma once

#include "deskbridge/async/clock.hpp"

#include <algorithm>

namespace deskbridge::test {

/// Time as the test says: `sleep_until` jumps there at once.
class FakeClock final : public async::Clock {
public:
    explicit FakeClock(Timestamp start = from_ms(1'795'267'200'000)) : now_{start} {}
    [[nodiscard]] Timestamp now() const noexcept override { return now_; }
    [[nodiscard]] boost::asio::awaitable<void> sleep_until(Timestamp when) override
    {
        if (when > now_)
            set(when);
        co_return;
    }
    [[nodiscard]] std::chrono::milliseconds running() const noexcept override { return running_; }
    void advance(std::chrono::milliseconds by) { set(now_ + by); }
    void set(Timestamp at)
    {
        running_ += std::max(at - now_, std::chrono::milliseconds{0});
        now_ = at;
    }
    /// Somebody sets the clock; no time passes.
    void jump(std::chrono::milliseconds by) { now_ += by; }

private:
    Timestamp now_;
    std::chrono::milliseconds running_{0};
};

} // namespace deskbridge::test
