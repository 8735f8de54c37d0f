#pragma once

#include "http.hpp"

#include <cstdint>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace fault {

/// One message that arrived at the provider.
struct Arrival {
    std::string token;     ///< what it gives back with receipts; "" if it was given none
    std::string recipient; ///< digits of the number
    int taken_as{0};       ///< N of the id "wamid.sinkN"; 0: the provider does not have it
};

/// Plays the provider with a ledger of its own: mostly takes a message and says so, now and then only after a while; some
/// it asks to send again later, some answers get lost on the way. Threads: any.
class LedgerProvider {
public:
    explicit LedgerProvider(std::uint64_t seed);
    [[nodiscard]] int port() const noexcept { return sink_.port(); }
    /// In the order in which they arrived.
    [[nodiscard]] std::vector<Arrival> arrivals() const;
    /// How many of them it took.
    [[nodiscard]] int taken() const;
    /// Once a daemon has been killed: waits until all that it had sent is in the ledger.
    void await_parting() { sink_.await_parting(); }

private:
    std::string answer(std::string_view request);

    mutable std::mutex mutex_;
    std::mt19937_64 dice_;
    std::vector<Arrival> arrivals_;
    int taken_{0};
    ProviderSink sink_; ///< the last: its threads use the others
};

} // namespace fault
