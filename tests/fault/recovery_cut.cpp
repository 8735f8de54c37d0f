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
    auto const& record = recorded_.emplace(record_);
    cut_ = choose_cut(record, turning_points(record), dice);
    if (promise_ == Disk::Promise::none) { // the control: where such a disk does most harm, once the log is gone
        cut_.at = record.ops().size();
        cut_.pending = Disk::Pending::random;
    }
    moment_.advance(record, cut_.at);
    leave_again(folder_);
    return moment_.told;
}

void RecoveryCut::leave_again(std::filesystem::path const& into) const
{
    std::mt19937_64 dice{cut_.seed};
    moment_.disk.build(folder_, into, cut_.pending, dice);
}

} // namespace fault
