#pragma once

#include "deskbridge/store/store.hpp"

#include <chrono>

namespace bench {

/// Binds them in their order and runs it; answers how many rows it changed.
template <class... T>
auto run(deskbridge::store::Tx& tx, char const* sql, T const&... values)
{
    auto q = tx.prepare(sql);
    int index = 0;
    (q.bind(++index, values), ...);
    return q.run();
}

/// By this machine's clock.
[[nodiscard]] inline deskbridge::Timestamp our_time()
{
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

} // namespace bench
