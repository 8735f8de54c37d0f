#pragma once

#include "deskbridge/channel/account_context.hpp"
#include "deskbridge/core/time.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace deskbridge::flow {

/// When a webhook was last refused that may have brought a receipt: whose answer was lost is not presumed not sent after that.
///
/// Kept by the process alone: what is in doubt when one starts is never presumed (`store::recover_outbox`).
/// Threads: any; the writer asks in the very transaction that presumes.
class Refusals {
public:
    /// `accounts` must be complete; their hooks do not change.
    explicit Refusals(channel::AccountContexts const& accounts);

    /// `hook` that nobody has: nothing. A refusal that is older than the last one: nothing.
    void note(std::string_view hook, Timestamp at) noexcept;
    /// One that may have been for any hook.
    void note_all(Timestamp at) noexcept;
    [[nodiscard]] std::optional<Timestamp> last(std::string_view hook) const noexcept;

private:
    using Moment = std::atomic<std::int64_t>; ///< milliseconds; 0: never
    static void raise(Moment& last, Timestamp at) noexcept;
    std::map<std::string, Moment, std::less<>> last_;
};

} // namespace deskbridge::flow
