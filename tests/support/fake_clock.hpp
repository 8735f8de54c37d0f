#pragma once

#include "deskbridge/async/clock.hpp"

namespace deskbridge::test {

/// Time as the test says: `sleep_until` jumps there at once.
class FakeClock final : public async::Clock {
public:
    explicit FakeClock(Timestamp start = from_ms(1'795'267'200'000)) : now_{start} {}
    [[nodiscard]] Timestamp now() const noexcept override { return now_; }
    [[nodiscard]] boost::asio::awaitable<void> sleep_until(Timestamp when) override
    {
        if (when > now_)
            now_ = when;
        co_return;
    }
    void advance(std::chrono::milliseconds by) { now_ += by; }
    void set(Timestamp at) { now_ = at; }

private:
    Timestamp now_;
};

} // namespace deskbridge::test
