#include "recovery_cut.hpp"

#include <fstream>

namespace fault {

RecoveryCut::RecoveryCut(std::filesystem::path folder, std::filesystem::path record, Disk::Promise promise, Told told)
    : folder_{std::move(folder)}, record_{std::move(record)}, promise_{promise}, moment_{promise}
{
    moment_.disk.hold(folder_, folder_);
    moment_.told = std::move(told);
    std::ofstream{record_, std::ios::trunc}; // who writes on appends
}

Told RecoveryCut::lose_power(std::mt19937_64& dice)
{
    Record const record{record_};
    auto cut = choose_cut(record, turning_points(record), dice);
    if (promise_ == Disk::Promise::none) { // the control: where such a disk does most harm, once the log is gone
        cut.at = record.ops().size();
        cut.pending = Disk::Pending::random;
    }
    moment_.advance(record, cut.at);
    std::mt19937_64 inner{cut.seed};
    moment_.disk.build(folder_, folder_, cut.pending, inner);
    return moment_.told;
}

} // namespace fault
