#include "dice.hpp"

#include <random>

namespace deskbridge::app {

std::uint64_t roll()
{
    thread_local std::random_device source;
    return (std::uint64_t{source()} << 32) | source();
}

} // namespace deskbridge::app
