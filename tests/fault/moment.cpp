#include "moment.hpp"

#include <algorithm>

namespace fault {
namespace {

Disk::Pending choose_pending(std::uint64_t roll)
{
    return roll < 15 ? Disk::Pending::lost : roll < 25 ? Disk::Pending::kept : roll < 75 ? Disk::Pending::random : Disk::Pending::prefix;
}

} // namespace

void Moment::advance(Record const& record, std::size_t to)
{
    for (; at < to; ++at) {
        auto const& op = record.ops()[at];
        disk.apply(op);
        if (op.kind == faultfs_answered)
            told.answered.insert(op.offset);
        else if (op.kind == faultfs_sent)
            told.sent.emplace(op.bytes);
    }
}

std::vector<std::size_t> turning_points(Record const& record)
{
    std::vector<std::size_t> out;
    auto const& ops = record.ops();
    for (std::size_t i = 0; i < ops.size(); ++i) {
        auto const kind = ops[i].kind;
        if (kind == faultfs_sync_begun || kind == faultfs_sync_done || kind == faultfs_answered || kind == faultfs_sent || kind == faultfs_unlink)
            for (auto const at : {i, i + 1, i + 2})
                out.push_back(std::min(at, ops.size()));
    }
    return out;
}

Cut choose_cut(Record const& record, std::vector<std::size_t> const& turning, std::mt19937_64& dice)
{
    Cut cut;
    cut.at = dice() % 2 == 0 && !turning.empty() ? turning[dice() % turning.size()] : dice() % (record.ops().size() + 1);
    cut.pending = choose_pending(dice() % 100);
    cut.seed = dice();
    return cut;
}

} // namespace fault
