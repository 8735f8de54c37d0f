#include "deskbridge/core/reach.hpp"

#include <algorithm>
#include <array>

namespace deskbridge {
namespace {

struct BarrierRow {
    Barrier barrier;
    std::string_view word;
    std::string_view sentence;
};

constexpr std::array<BarrierRow, 3> barrier_rows{{
    {Barrier::blocked, "blocked", "The customer has blocked us: nothing reaches them until they write or let us in again."},
    {Barrier::connection_ended, "connection_ended",
     "The business account that the customer wrote to has disconnected us: nothing reaches them until it connects again."},
    {Barrier::replies_not_allowed, "replies_not_allowed",
     "The business account that the customer wrote to does not let us reply: its owner can allow it in the app."},
}};

BarrierRow const& row_of(Barrier barrier) noexcept
{
    return *std::find_if(barrier_rows.begin(), barrier_rows.end(), [&](BarrierRow const& row) { return row.barrier == barrier; });
}

} // namespace

std::string_view render_barrier(Barrier barrier) noexcept
{
    return row_of(barrier).word;
}

std::optional<Barrier> parse_barrier(std::string_view word) noexcept
{
    auto const found = std::find_if(barrier_rows.begin(), barrier_rows.end(), [&](BarrierRow const& row) { return row.word == word; });
    return found == barrier_rows.end() ? std::nullopt : std::optional{found->barrier};
}

std::string_view explain_barrier(Barrier barrier) noexcept
{
    return row_of(barrier).sentence;
}

bool still_stands(StandingBarrier const& barrier, std::optional<Timestamp> window_from) noexcept
{
    return barrier.barrier != Barrier::blocked || !window_from || *window_from <= barrier.since;
}

} // namespace deskbridge
