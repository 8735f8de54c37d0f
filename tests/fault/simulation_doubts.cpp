#include "simulation_judge.hpp"

#include <algorithm>
#include <limits>

namespace deskbridge::test::sim {

namespace {

constexpr long long shortest_wait_ms = 120'000;

/// The attempt that was presumed not sent: its row says so until a receipt contradicts.
Tried const* presumed_try(Intent const& intent)
{
    auto const by = [&](char const* word) {
        auto const found = std::find_if(intent.tried.begin(), intent.tried.end(), [&](Tried const& each) { return each.settled_by == word; });
        return found == intent.tried.end() ? nullptr : &*found;
    };
    if (intent.presumed_ms.empty())
        return nullptr;
    auto const* presumed = by("presumption");
    return presumed ? presumed : by("receipt");
}

std::string count_doubles(std::string const& id, Intent const& intent, Doubts& doubts)
{
    doubts.unknown += intent.kind == "agent" ? intent.unknown : 0;
    doubts.presumed += static_cast<int>(intent.presumed_ms.size());
    int more = static_cast<int>(intent.sent.size()) - 1;
    if (more <= 0)
        return {};
    auto const* presumed = presumed_try(intent);
    auto const later = [&](Tried const& each) { return presumed && each.arrived && each.n > presumed->n; };
    if (presumed && presumed->arrived && std::any_of(intent.tried.begin(), intent.tried.end(), later)) {
        --more;
        ++(presumed->unnamed ? doubts.unnamed : doubts.by_presumption);
    }
    int const reopened = std::min(more, intent.reopened);
    doubts.reopened += reopened;
    doubts.by_people += more - reopened;
    return more - reopened > intent.said ? "doubled without a reason: intent " + id : std::string{};
}

/// Of one account: from which attempts on the path of receipts was proven, and when.
class Proofs {
public:
    void add(long long begun_ms, long long heard_ms) { all_.emplace_back(begun_ms, heard_ms); }
    void finish()
    {
        std::sort(all_.begin(), all_.end());
        auto earliest = std::numeric_limits<long long>::max();
        for (auto at = all_.rbegin(); at != all_.rend(); ++at)
            at->second = earliest = std::min(earliest, at->second);
    }
    /// Had a receipt come by then of an attempt that began later?
    [[nodiscard]] bool later_than(long long begun_ms, long long until_ms) const
    {
        auto const at = std::upper_bound(all_.begin(), all_.end(), std::pair{begun_ms, std::numeric_limits<long long>::max()});
        return at != all_.end() && at->second <= until_ms;
    }

private:
    std::vector<std::pair<long long, long long>> all_; // begun, and heard of it or of a later one
};

std::map<std::string, Proofs> proofs_of(World const& world, Intents const& intents)
{
    std::map<std::string, Proofs> proofs;
    for (auto const& [id, intent] : intents)
        for (auto const& tried : intent.tried) {
            auto const heard = world.heard.find(tried.token);
            if (heard != world.heard.end())
                proofs[intent.account].add(tried.begun_ms, to_ms(heard->second));
        }
    for (auto& [account, all] : proofs)
        all.finish();
    return proofs;
}

/// By the daemon's clock, which is the true one here.
std::string judge_presumption(World const& world, Intent const& intent, Proofs const& proofs)
{
    auto const* tried = presumed_try(intent);
    if (!tried)
        return "presumed without an attempt";
    auto const at = intent.presumed_ms.front();
    if (at - tried->ended_ms < shortest_wait_ms)
        return "presumed not sent too soon";
    if (!proofs.later_than(tried->begun_ms, at))
        return "presumed not sent while the path of receipts was silent";
    auto const refused = std::upper_bound(world.refused.begin(), world.refused.end(), from_ms(tried->begun_ms));
    if (refused != world.refused.end() && *refused <= from_ms(at))
        return "presumed not sent, and a webhook had not been taken";
    return {};
}

} // namespace

std::string judge_doubts(World const& world, Intents const& intents, Doubts& doubts)
{
    auto const proofs = world.clock_set.empty() ? proofs_of(world, intents) : std::map<std::string, Proofs>{};
    for (auto const& [id, intent] : intents) {
        if (auto why = count_doubles(id, intent, doubts); !why.empty())
            return why;
        if (intent.presumed_ms.empty())
            continue;
        if (world.hold)
            return "presumed not sent, and only people may say so: intent " + id;
        if (intent.presumed_ms.size() > 1)
            return "presumed not sent twice: intent " + id;
        auto const known = proofs.find(intent.account);
        if (!world.clock_set.empty())
            continue;
        if (auto why = judge_presumption(world, intent, known == proofs.end() ? Proofs{} : known->second); !why.empty())
            return why + ": intent " + id;
    }
    return {};
}

Doubts& Doubts::operator+=(Doubts const& more)
{
    unknown += more.unknown;
    presumed += more.presumed;
    by_presumption += more.by_presumption;
    unnamed += more.unnamed;
    by_people += more.by_people;
    reopened += more.reopened;
    return *this;
}

std::string Doubts::excess() const
{
    if (by_presumption <= unknown / 10'000)
        return {};
    return std::to_string(by_presumption) + " doubled by presumption, of " + std::to_string(unknown) + " unknown";
}

std::string Doubts::told() const
{
    return std::to_string(unknown) + " unknown, " + std::to_string(presumed) + " presumed not sent, doubled: " + std::to_string(by_presumption) +
           " by presumption, " + std::to_string(unnamed) + " the same without any receipt that names it, " + std::to_string(by_people) +
           " by people, " + std::to_string(reopened) + " given up by the provider and sent again";
}

} // namespace deskbridge::test::sim
