#pragma once

namespace deskbridge::store {

/// Did the run before this one end by itself, or was there none? `From` prepares statements: a transaction, or a connection
/// that has none yet.
template <class From>
[[nodiscard]] bool last_run_ended(From& from)
{
    constexpr auto latest_stop = "SELECT stopped_at_ms FROM epoch ORDER BY epoch DESC LIMIT 1";
    auto q = from.prepare(latest_stop);
    return !q.step() || !q.is_null(0);
}

} // namespace deskbridge::store
