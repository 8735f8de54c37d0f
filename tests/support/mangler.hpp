#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <random>
#include <span>
#include <string>

namespace deskbridge::test {

/// Spoils inputs at random; the same seed spoils them in the same way. One thread.
class Mangler {
public:
    /// `words`: what it throws in besides the usual stumbling blocks; they must outlive it.
    explicit Mangler(std::uint64_t seed, std::span<std::string const> words = {}) : dice_{seed}, words_{words} {}

    /// Changes, cuts, repeats and inserts bytes.
    [[nodiscard]] std::string bytes(std::string input);
    /// Swaps the shape of a few nodes for another: what a careless reader trips over.
    [[nodiscard]] std::string tree(nlohmann::json doc);
    /// A whole number below `below`; 0 if that is 0.
    [[nodiscard]] std::size_t roll(std::size_t below);

private:
    [[nodiscard]] std::string_view word();

    std::mt19937_64 dice_;
    std::span<std::string const> words_;
};

} // namespace deskbridge::test
