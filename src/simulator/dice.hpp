#pragma once

#include <cstdint>

namespace deskbridge::simulator {

/// Chance that a seed repeats. Source: S. Vigna, splitmix64, public domain.
class Dice {
public:
    explicit Dice(std::uint64_t seed) noexcept : state_{seed} {}
    [[nodiscard]] std::uint64_t roll() noexcept
    {
        auto z = (state_ += 0x9e3779b97f4a7c15U);
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }
    [[nodiscard]] std::uint64_t below(std::uint64_t limit) noexcept { return roll() % limit; }
    [[nodiscard]] bool chance(double probability) noexcept
    {
        return probability > 0 && static_cast<double>(below(1'000'000)) < probability * 1e6;
    }

private:
    std::uint64_t state_;
};

} // namespace deskbridge::simulator
