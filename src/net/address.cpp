#include "address.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace deskbridge::net {
namespace {

namespace ip = boost::asio::ip;

struct Range4 {
    std::uint32_t from;
    int bits;
};

constexpr std::uint32_t v4(std::uint32_t a, std::uint32_t b, std::uint32_t c) noexcept
{
    return (a << 24) | (b << 16) | (c << 8);
}

constexpr std::array not_public{
    Range4{v4(0, 0, 0), 8},        // this network
    Range4{v4(10, 0, 0), 8},       // private
    Range4{v4(100, 64, 0), 10},    // shared by carriers
    Range4{v4(127, 0, 0), 8},      // loopback
    Range4{v4(169, 254, 0), 16},   // link-local; cloud metadata
    Range4{v4(172, 16, 0), 12},    // private
    Range4{v4(192, 0, 0), 24},     // protocol assignments
    Range4{v4(192, 0, 2), 24},     // documentation
    Range4{v4(192, 88, 99), 24},   // 6to4 relays, given up
    Range4{v4(192, 168, 0), 16},   // private
    Range4{v4(198, 18, 0), 15},    // benchmarking
    Range4{v4(198, 51, 100), 24},  // documentation
    Range4{v4(203, 0, 113), 24},   // documentation
    Range4{v4(224, 0, 0), 3},      // multicast, reserved, broadcast
};

struct Range6 {
    std::array<std::uint8_t, 4> from;
    int bits;
};

constexpr std::array not_public6{
    Range6{{0x20, 0x01, 0x00, 0x00}, 23}, // protocol assignments, Teredo among them
    Range6{{0x20, 0x01, 0x0d, 0xb8}, 32}, // documentation
    Range6{{0x20, 0x02, 0x00, 0x00}, 16}, // 6to4
    Range6{{0x3f, 0xff, 0x00, 0x00}, 20}, // documentation
};

constexpr std::array<std::uint8_t, 12> nat64{0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

std::uint32_t first_bytes(std::uint8_t const* at) noexcept
{
    return (std::uint32_t{at[0]} << 24) | (std::uint32_t{at[1]} << 16) | (std::uint32_t{at[2]} << 8) | at[3];
}

bool begins_alike(std::uint32_t a, std::uint32_t b, int bits) noexcept
{
    return ((a ^ b) >> (32 - bits)) == 0;
}

bool is_public4(std::uint32_t address) noexcept
{
    return std::none_of(not_public.begin(), not_public.end(),
                        [&](Range4 const& range) { return begins_alike(address, range.from, range.bits); });
}

bool is_public6(ip::address_v6::bytes_type const& bytes) noexcept
{
    if (std::equal(nat64.begin(), nat64.end(), bytes.begin()))
        return is_public4(first_bytes(bytes.data() + nat64.size()));
    auto const first = first_bytes(bytes.data());
    return (bytes[0] >> 5) == 1 && // 2000::/3 is all that is global unicast
           std::none_of(not_public6.begin(), not_public6.end(),
                        [&](Range6 const& range) { return begins_alike(first, first_bytes(range.from.data()), range.bits); });
}

} // namespace

bool is_public_address(ip::address const& address) noexcept
{
    if (address.is_v4())
        return is_public4(address.to_v4().to_uint());
    auto const v6 = address.to_v6();
    return v6.scope_id() == 0 && is_public6(v6.to_bytes());
}

bool is_public_or_loopback(ip::address const& address) noexcept
{
    return address.is_loopback() || is_public_address(address);
}

} // namespace deskbridge::net
