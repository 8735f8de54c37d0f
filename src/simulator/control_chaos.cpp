#include "control_api.hpp"

#include <algorithm>

namespace deskbridge::simulator {
namespace {

double share(Json const& order, std::string_view key, double otherwise)
{
    auto const* value = at(order, {key});
    return value && value->is_number() ? std::clamp(value->get<double>(), 0.0, 1.0) : otherwise;
}

void read_webhooks(Json const& order, Chaos& chaos)
{
    auto const count = [&](std::string_view key, std::int64_t otherwise, std::int64_t most) {
        return std::clamp<std::int64_t>(int_at(order, {key}).value_or(otherwise), 0, most);
    };
    chaos.batch = static_cast<std::size_t>(count("batch", static_cast<std::int64_t>(chaos.batch), 1000));
    chaos.batch_wait = std::chrono::milliseconds{count("batch_wait_ms", chaos.batch_wait.count(), 60'000)};
    chaos.held_back = std::chrono::milliseconds{count("held_back_ms", chaos.held_back.count(), 3'600'000)};
    chaos.concurrency = static_cast<std::size_t>(count("concurrency", static_cast<std::int64_t>(chaos.concurrency), 256));
    chaos.duplicate = share(order, "duplicate", chaos.duplicate);
    chaos.reorder = share(order, "reorder", chaos.reorder);
    chaos.early_status = bool_at(order, {"early_status"}).value_or(chaos.early_status);
}

void read_receipts(Json const& order, ReceiptChaos& receipts)
{
    receipts.lost = share(order, "receipts_lost", receipts.lost);
    receipts.reversed = share(order, "receipts_reversed", receipts.reversed);
    receipts.foreign = share(order, "receipts_foreign", receipts.foreign);
}

} // namespace

Result<Json> ControlApi::set_chaos(Json const& order)
{
    auto& weather = world_.mishaps.weather;
    if (auto const* faults = at(order, {"faults"}))
        if (auto const changed = weather.change(*faults); !changed)
            return changed.error();
    if (auto const seed = int_at(order, {"seed"})) {
        weather.dice = Dice{static_cast<std::uint64_t>(*seed)};
        world_.receipts.dice = Dice{static_cast<std::uint64_t>(*seed) + 1};
    }
    auto& chaos = world_.chaos;
    auto& receipts = world_.receipts;
    read_webhooks(order, chaos);
    read_receipts(order, receipts);
    return Json{{"batch", chaos.batch},
                {"batch_wait_ms", chaos.batch_wait.count()},
                {"duplicate", chaos.duplicate},
                {"reorder", chaos.reorder},
                {"held_back_ms", chaos.held_back.count()},
                {"concurrency", chaos.concurrency},
                {"early_status", chaos.early_status},
                {"receipts_lost", receipts.lost},
                {"receipts_reversed", receipts.reversed},
                {"receipts_foreign", receipts.foreign},
                {"faults", weather.list()}};
}

} // namespace deskbridge::simulator
