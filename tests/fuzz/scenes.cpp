#include "fuzz/scenes.hpp"

#include "deskbridge/channel/registry.hpp"

namespace deskbridge::fuzz {

std::deque<test::ChannelScene> const& scenes()
{
    static auto const all = [] {
        std::deque<test::ChannelScene> found;
        for (auto const name : channel::adapter_names())
            found.emplace_back(std::string{name});
        return found;
    }();
    return all;
}

} // namespace deskbridge::fuzz
